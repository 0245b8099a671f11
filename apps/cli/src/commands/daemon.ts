import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { RequestError } from '@pilotty/client';
import {
  chooseSocketPaths,
  createLocalClient,
  daemonArguments,
  endedEarly,
  Interruption,
  makeDirectory,
  READY_FD,
  type Ready,
  readReadyLine,
  signalExitCode,
} from '@pilotty/client/node';
import { command, flag, nonEmpty, value } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'daemon',
  summary: 'start the daemon, unless it runs',
  description: `Commands start it when they need it. With --foreground it stays attached to this terminal until it ends, as a
service manager expects.`,
  options: {
    foreground: flag('stay in the foreground until it ends'),
    'record-dir': value('DIR', nonEmpty, 'record every session into a file in this directory'),
  },
  examples: [
    ['pilotty daemon', 'start it now, and show what runs'],
    [
      'PILOTTY_LOG_LEVEL=debug pilotty daemon --foreground',
      'under a service manager, or to look for a fault',
    ],
  ],
  startsDaemon: true,
  batchUnsupportedReason: ({ foreground }) => (foreground ? 'it ends only with the daemon' : undefined),
  hostUnsupportedReason: () => 'it starts one of this host, and -H starts one there by itself',
  needsProcess: () => true,
  async run({ foreground, 'record-dir': recordDir }, io, client) {
    const directory = recordDir === undefined ? undefined : resolve(io.cwd, recordDir);
    const env = directory === undefined ? io.env : { ...io.env, PILOTTY_RECORD_DIR: directory };
    if (foreground) return await runInForeground({ ...io, env });
    const starting =
      directory === undefined
        ? client
        : createLocalClient({ env, cwd: io.cwd, daemonProgram: io.daemonProgram, warn: () => {} });
    try {
      const info = await starting.request('daemon.info', {}, { signal: io.signal });
      if (directory !== undefined && info.record_dir !== directory) throw runsOtherwise(info);
      await printJson(io.stdout, info);
      return 0;
    } finally {
      if (starting !== client) starting.close();
    }
  },
});

function runsOtherwise({
  pid,
  record_dir: directory,
}: {
  pid: number;
  record_dir?: string | undefined;
}): RequestError {
  const how = directory === undefined ? 'records no session by itself' : `records into ${directory}`;
  return new RequestError('UNAVAILABLE', `a daemon is running already, as process ${pid}, and ${how}`, {
    suggestion:
      "End it and its sessions with 'pilotty stop' first, or record single sessions with 'pilotty record start'.",
  });
}

/** The daemon takes this process' place: its signals, its exit code. What it has to say goes to stderr. */
async function runInForeground(io: Io): Promise<number> {
  const paths = await chooseSocketPaths(io);
  makeDirectory(paths.directory);
  const { spawn } = await import('node:child_process');
  const child = spawn(io.node.path, daemonArguments(io.daemonProgram, paths), {
    env: io.env,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  io.signal.addEventListener('abort', () => {
    const { reason } = io.signal;
    child.kill(reason instanceof Interruption ? reason.signal : 'SIGTERM');
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 0) : signalExitCode(signal)));
  });
  const pipe = child.stdio[READY_FD] as Readable | undefined;
  // Why it is not ready, the daemon itself has said on stderr.
  const ready =
    pipe && (await readReadyLine<Ready>(pipe, endedEarly(paths), io.signal).catch(() => undefined));
  if (ready !== undefined && ready.pid !== child.pid) {
    throw new RequestError('UNAVAILABLE', `a daemon is running already, as process ${ready.pid}`, {
      suggestion: "Use that one, or end it and its sessions with 'pilotty stop'.",
    });
  }
  if (ready !== undefined) await io.stderr.write(`listening at ${paths.socket}\n`);
  return await ended;
}
