/** What a daemon's process does while there is one, and what it stays for after an upgrade. */
import type { RotatingFile } from '@pilotty/protocol';
import type { Daemon } from './daemon.ts';
import { thisProcess } from './rest.ts';

/** By then the first request is answered; sooner, this would hold it up. */
const LOAD_AFTER_MS = 200;

/** Resolves when the process may end. */
export async function runToEnd(daemon: Daemon, logFile: RotatingFile, signal: AbortSignal): Promise<void> {
  await serveToEnd(daemon, signal);
  const { remaining, commandsOver } = daemon;
  logFile.close();
  // What there was of the sessions is garbage now, and nothing else would have it collected.
  if (remaining.isNeeded) await thisProcess.collect();
  await Promise.all([remaining.untilOver(), commandsOver]);
}

async function serveToEnd(daemon: Daemon, signal: AbortSignal): Promise<void> {
  signal.addEventListener('abort', () => void daemon.stop('signalled', false));
  // From here on there are sessions to keep. Before, an exception ends the start, which says why.
  process.on('uncaughtException', (error) => daemon.survived(error));
  if (signal.aborted) void daemon.stop('signalled', false);
  // Not needed to answer the first request, but the package may be replaced while this daemon runs.
  setTimeout(() => {
    // Where it cannot be read now, it is when it is needed.
    import('./search/regex.ts').catch(() => {});
  }, LOAD_AFTER_MS).unref();
  await daemon.ended;
}
