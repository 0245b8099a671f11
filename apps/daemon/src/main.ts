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
import { endOnSignals, errors, preloadServing, RequestError, readSettings, runDaemon } from '@pilotty/daemon';
import { commandHost, preloadCommands } from './commands/command-host.ts';

/** Loads what the first session needs: for a startup snapshot. */
export async function preload(): Promise<void> {
  await Promise.all([preloadServing(), preloadCommands()]);
}

/**
 * Called by the launcher, or in a process that was started from a snapshot of this one: until then nothing is looked at
 * that could be another process's.
 */
export function start(): void {
  closeCoveredDescriptors();
  // Everything is closed and said; a program that cannot be killed would keep the process alive.
  void main().then((exitCode) => process.exit(exitCode));
}

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

let hasLeftSnapshot = false;

/** For the next daemon; nothing is wrong without. */
async function leaveSnapshot(): Promise<void> {
  if (hasLeftSnapshot) return;
  hasLeftSnapshot = true;
  await (await import('./leave-snapshot.ts')).leaveSnapshot(process).catch(() => {});
}

let isAnnounced = false;

/** Once: then the descriptor may be another's. */
function announce(readyFd: string | undefined, line: object): void {
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
  // Only our own clients start it. parseArgs of node:util is more to load, and the first command waits for it.
  const words = process.argv.slice(2);
  const valueAfter = (option: string) =>
    words.includes(option) ? words[words.indexOf(option) + 1] : undefined;
  const readyFd = valueAfter('--ready-fd');
  const ended = endOnSignals(process, () => performance.now());
  try {
    if (words.includes('--check-settings')) {
      await readSettings(process.env);
      return 0;
    }
    await runDaemon({
      directory: valueAfter('--socket-dir') ?? '',
      env: process.env,
      ready: (facts) => announce(readyFd, { ready: true, ...facts }),
      signal: ended.signal,
      takesOver: words.includes('--take-over'),
      atRest: () => void leaveSnapshot(),
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
    announce(readyFd, { error: body });
    process.stderr.write(`${JSON.stringify(body)}\n`);
    return errors[body.code].exitCode;
  }
}
