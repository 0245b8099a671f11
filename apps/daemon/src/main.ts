/**
 * The daemon's program: flags, readiness, exit code. Started by the first client; a person
 * runs it through `pilotty daemon`.
 *
 * With `--ready-fd N` it writes one line of JSON to that descriptor and closes it: `{"ready":true,…}`
 * once requests can be sent, or `{"error":…}`. Nothing else is ever inherited from the client.
 * With `--take-over` it is given the sessions of the daemon that has started it.
 * With `--check-settings` it only says whether it could be started with this environment.
 */
import fs from 'node:fs';
import { endOnSignals, errors, RequestError, readSettings, runDaemon } from '@pilotty/daemon';
import { commandHost } from './commands/command-host.ts';

// Only our own clients start it. parseArgs of node:util is more to load, and the first command waits for it.
const words = process.argv.slice(2);
const valueAfter = (option: string) =>
  words.includes(option) ? words[words.indexOf(option) + 1] : undefined;
const readyFd = valueAfter('--ready-fd');
const ended = endOnSignals(process, () => performance.now());

closeCoveredDescriptors();

/**
 * A client covers what it must not hand on with /dev/null; closed here, so that no session inherits
 * even that. On Linux /proc says what a descriptor is; elsewhere a program inherits none of ours anyway.
 */
function closeCoveredDescriptors(): void {
  if (process.platform !== 'linux') return;
  for (const fd of fs.readdirSync('/proc/self/fd').map(Number)) {
    try {
      if (fd > 2 && fs.readlinkSync(`/proc/self/fd/${fd}`) === '/dev/null') fs.closeSync(fd);
    } catch {
      // The descriptor of the listing itself.
    }
  }
}

let isAnnounced = false;

/** Once: then the descriptor may be another's. */
function announce(line: object): void {
  if (readyFd === undefined || isAnnounced) return;
  isAnnounced = true;
  try {
    fs.writeSync(Number(readyFd), `${JSON.stringify(line)}\n`);
    fs.closeSync(Number(readyFd));
  } catch {
    // The client that started this daemon has gone; others may come.
  }
}

async function main(): Promise<number> {
  try {
    if (words.includes('--check-settings')) {
      await readSettings(process.env);
      return 0;
    }
    await runDaemon({
      directory: valueAfter('--socket-dir') ?? '',
      env: process.env,
      ready: (facts) => announce({ ready: true, ...facts }),
      signal: ended.signal,
      takesOver: words.includes('--take-over'),
      // The build puts the programs side by side.
      commandHost: commandHost(import.meta.dirname),
      pilotty: [process.execPath, `${import.meta.dirname}/pilotty.cjs`],
    });
    return 0;
  } catch (error) {
    const body =
      error instanceof RequestError
        ? error.toBody()
        : new RequestError('INTERNAL_ERROR', String(error)).toBody();
    announce({ error: body });
    process.stderr.write(`${JSON.stringify(body)}\n`);
    return errors[body.code].exitCode;
  }
}

// Everything is closed and said; a program that cannot be killed would keep the process alive.
void main().then((exitCode) => process.exit(exitCode));
