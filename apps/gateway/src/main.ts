/**
 * The gateway's program: flags, readiness, exit code. `pilotty serve` runs it.
 *
 * With `--ready-fd N` it writes one line of JSON to that descriptor and closes it: `{"ready":true,…}` once
 * requests can be sent, or `{"error":…}`.
 */
import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openElsewhere } from '@pilotty/app-fleet/elsewhere';
import { errors } from '@pilotty/client';
import type { Lock } from '@pilotty/protocol';
import { endOnSignals, socketPathsIn } from '@pilotty/protocol';
import * as z from 'zod';
import { readOrMakeToken } from './access/token.ts';
import { Control } from './control.ts';
import { DaemonLink } from './daemon-link.ts';
import { errorBodyOf } from './errors.ts';
import { Gateway } from './gateway.ts';
import { takeGatewayLock } from './lock.ts';
import { GatewayLog } from './log.ts';
import { readSettings, type Settings } from './settings.ts';

const words = process.argv.slice(2);
const readyFd = Number(words[words.indexOf('--ready-fd') + 1]);

const ended = endOnSignals(process, () => performance.now());

// Everything is closed and said; a peer that cannot be cut would keep the process alive.
void main().then((exitCode) => process.exit(exitCode));

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
  const paths = socketPathsIn(settings.directory);
  if (settings.endsWithStdin) process.stdin.once('close', () => ended.abort()).resume();
  const lock = takeGatewayLock(paths.gatewayLock);
  try {
    const log = new GatewayLog(paths.gatewayLog);
    process.on('uncaughtException', (error) => {
      log.write('fatal', 'uncaught exception; the gateway goes on', { err: { stack: error.stack } });
      process.stderr.write(`${error.stack}\n`);
    });
    await answer(settings, paths.gateway, log, lock);
  } finally {
    lock.release();
  }
}

async function answer(settings: Settings, controlPath: string, log: GatewayLog, lock: Lock): Promise<void> {
  const token = readOrMakeToken(settings.tokenFile);
  // It may have been relative, and would name another directory wherever a session begins.
  const env = { ...process.env, PILOTTY_SOCKET_DIR: settings.directory };
  const place = { env, cwd: '/' };
  const warn = (message: string) => log.write('warn', message);
  const elsewhere = await openElsewhere({ ...place, programs: import.meta.dirname, warn });
  const asked = elsewhere && { [elsewhere.isFleet ? 'fleet' : 'host']: elsewhere.address };
  const daemon = new DaemonLink({
    local: { ...place, daemonProgram: join(import.meta.dirname, 'pilotty-daemon.cjs') },
    elsewhere,
  });
  const gateway = new Gateway(settings, token, daemon, env);
  const control = new Control({
    access: () => ({ token, ...gateway.link() }),
    share: async (asked) => {
      const { sessions, tags, last_ms } = shareRequest.parse(JSON.parse(asked));
      // By their ids: a later session of the same name is another.
      const ids = sessions && (await idsOf(daemon, sessions));
      return gateway.share({ ...(ids && { sessions: ids }), ...(tags && { tags }) }, last_ms);
    },
    revoke: () => gateway.revoke(),
    stop: () => {
      ended.abort();
      return { pid: process.pid };
    },
  });
  await control.listen(controlPath);
  try {
    await gateway.listen();
    log.write('info', 'listening', { url: gateway.url, ...asked });
    const ready = { ready: true, pid: process.pid, url: gateway.url, token_file: settings.tokenFile };
    announce({ ...ready, read_only: settings.readOnly, ...asked, link: gateway.link() });
    if (!ended.signal.aborted) await once(ended.signal, 'abort');
    await gateway.close();
    log.write('info', 'stopped');
  } finally {
    // Before the connections end: who sees that finds the place free.
    lock.release();
    control.close();
    elsewhere?.close();
  }
}

const shareRequest = z.strictObject({
  sessions: z.array(z.string().min(1)).min(1).optional(),
  tags: z.array(z.string().min(1)).min(1).optional(),
  last_ms: z.int().min(1),
});

/** @throws RequestError SESSION_NOT_FOUND */
async function idsOf(daemon: DaemonLink, names: readonly string[]): Promise<string[]> {
  const client = daemon.open({ readOnly: true }, { startsDaemon: false });
  try {
    return await Promise.all(
      names.map(async (session) => (await client.request('session.status', { session })).id),
    );
  } finally {
    client.close();
  }
}

function announce(line: object): void {
  if (Number.isNaN(readyFd)) return;
  try {
    writeSync(readyFd, `${JSON.stringify(line)}\n`);
    closeSync(readyFd);
  } catch {
    // The command that started this has gone; others may come.
  }
}
