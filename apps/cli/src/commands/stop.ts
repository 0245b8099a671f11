import { type Client, ConnectionError } from '@pilotty/client';
import { chooseSocketPaths, loadDaemonProcess } from '@pilotty/client/node';
import { command, flag } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';

/** Sessions get two seconds before they are killed; a daemon that answers pings and needs longer than this hangs. */
const STOP_WITHIN_MS = 30_000;
/** A daemon that holds the lock and does not listen is starting, ending, or about to listen again. */
const DEAF_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 100;

export const declaration = command({
  name: 'stop',
  summary: 'end every session and the daemon',
  description:
    'Answers when all processes are gone. No daemon is not an error.\nIf the daemon does not respond, the error names its process; --force kills it.',
  options: { force: flag('end the process of a daemon that does not answer, and what runs in its sessions') },
  examples: [
    ['pilotty stop', 'end everything'],
    ['pilotty stop --force', 'the same, whatever state the daemon is in'],
    ["pilotty stop | jq '.survivors'", 'what has outlived its session'],
  ],
  startsDaemon: false,
  hostUnsupportedReason: ({ force }) =>
    force ? '--force looks at the processes of the host that it runs on' : undefined,
  needsProcess: () => true,
  answer: { besides: 'forced' },
  async run({ force }, io, client) {
    const within = new AbortController();
    const timer = setTimeout(() => within.abort(), STOP_WITHIN_MS);
    try {
      const stopping = stop(client, io, AbortSignal.any([io.signal, within.signal]));
      await printJson(io.stdout, await stopping.finally(() => clearTimeout(timer)));
    } catch (error) {
      const isUnanswered = error instanceof ConnectionError || within.signal.aborted;
      if (io.signal.aborted || !isUnanswered || io.surroundings !== undefined) throw error;
      const { deafDaemon, endDaemon, findLockHolder } = await loadDaemonProcess();
      const paths = await chooseSocketPaths(io);
      const holder = await findLockHolder(paths.lock);
      if (holder === undefined) throw error;
      if (!force) throw within.signal.aborted ? deafDaemon(holder, paths) : error;
      await printJson(io.stdout, {
        type: 'daemon_stopped',
        ...(await endDaemon(holder, paths)),
        forced: true,
      });
    }
    return 0;
  },
});

const NONE_STOPPED = { type: 'daemon_stopped', sessions_ended: 0, survivors: [] };

async function stop(client: Client, io: Io, signal: AbortSignal): Promise<object> {
  const until = performance.now() + DEAF_WITHIN_MS;
  for (;;) {
    try {
      const stopped = await client.request('daemon.stop', {}, { signal });
      // The daemon closes its connections last: from then on its place is free.
      await Promise.race([client.disconnected(), aborted(signal)]);
      return stopped;
    } catch (error) {
      if (!(error instanceof ConnectionError && error.isAbsent)) throw error;
    }
    if (io.surroundings !== undefined) return NONE_STOPPED;
    const { deafDaemon, findLockHolder } = await loadDaemonProcess();
    const paths = await chooseSocketPaths(io);
    const holder = await findLockHolder(paths.lock);
    if (holder === undefined) return NONE_STOPPED;
    if (performance.now() > until) throw deafDaemon(holder, paths);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
