/**
 * The gateway's program: flags, signals, readiness, exit code. `pilotty serve` runs it.
 *
 * With `--ready-fd N` it writes one line of JSON to that descriptor and closes it: `{"ready":true,…}` once
 * requests can be sent, or `{"error":…}`.
 */
import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@pilotty/client';
import { socketPathsIn } from '@pilotty/protocol';
import { readOrMakeToken } from './access/token.ts';
import { Control } from './control.ts';
import { DaemonLink } from './daemon-link.ts';
import { errorBodyOf } from './errors.ts';
import { Gateway } from './gateway.ts';
import { readSettings } from './settings.ts';

const words = process.argv.slice(2);
const readyFd = Number(words[words.indexOf('--ready-fd') + 1]);

void main().then((exitCode) => {
  process.exitCode = exitCode;
});

async function main(): Promise<number> {
  try {
    await serve();
    return 0;
  } catch (error) {
    const body = errorBodyOf(error);
    announce({ error: body });
    process.stderr.write(`${JSON.stringify(body)}\n`);
    return errors[body.code].exitCode;
  }
}

async function serve(): Promise<void> {
  // The build puts the programs and the page side by side.
  const settings = readSettings(words, join(import.meta.dirname, 'web'));
  const ended = new AbortController();
  const end = () => ended.abort();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  process.on('uncaughtException', (error) => process.stderr.write(`${error.stack}\n`));

  const token = readOrMakeToken(settings.tokenFile);
  // It may have been relative, and would name another directory wherever a session begins.
  const env = { ...process.env, PILOTTY_SOCKET_DIR: settings.directory };
  const daemon = new DaemonLink({
    env,
    cwd: '/',
    daemonProgram: join(import.meta.dirname, 'pilotty-daemon.cjs'),
  });
  const gateway = new Gateway(settings, token, daemon, env);
  const control = new Control({
    access: () => ({ token, ...gateway.urlWithTicket() }),
    stop: () => {
      end();
      return { pid: process.pid };
    },
  });
  await control.listen(socketPathsIn(settings.directory).gateway);
  try {
    await gateway.listen();
    announce({ ready: true, pid: process.pid, url: gateway.url, token_file: settings.tokenFile });
    await new Promise<void>((resolve) => {
      ended.signal.addEventListener('abort', () => resolve());
      if (ended.signal.aborted) resolve();
    });
  } finally {
    await gateway.close();
    control.close();
  }
}

function announce(line: object): void {
  if (Number.isNaN(readyFd)) return;
  try {
    writeSync(readyFd, `${JSON.stringify(line)}\n`);
    closeSync(readyFd);
  } catch {
    // Whoever started this has gone; others may come.
  }
}
