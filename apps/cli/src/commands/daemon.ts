import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { METHOD_NOT_FOUND, RequestError } from '@pilotty/client';
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
service manager expects. With --upgrade the daemon that runs hands its sessions to a new one, of this version: their
programs, screens, output and cursors stay, and clients that wait go on. Where one of them cannot be handed over, such as
while a command of exec runs in it, the error says which and why, and everything stays as it was.`,
  options: {
    foreground: flag('stay in the foreground until it ends'),
    upgrade: flag('hand all sessions of the daemon that runs to a new one, of this version'),
    'record-dir': value('DIR', nonEmpty, 'record every session into a file in this directory'),
  },
  examples: [
    ['pilotty daemon', 'start it now, and show what runs'],
    ['pilotty daemon --upgrade', 'after the package was updated: the sessions go on in the new version'],
    [
      'PILOTTY_LOG_LEVEL=debug pilotty daemon --foreground',
      'under a service manager, or to look for a fault',
    ],
  ],
  startsDaemon: true,
  batchUnsupportedReason: ({ foreground }) => (foreground ? 'it ends only with the daemon' : undefined),
  hostUnsupportedReason: () => 'it starts one of this host, and -H starts one there by itself',
  needsProcess: () => true,
  async run({ foreground, upgrade, 'record-dir': recordDir }, io, client) {
    if (upgrade) return await upgradeDaemon(io);
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

/** The daemon that runs starts its successor, with the program that this command would start; none is started here. */
async function upgradeDaemon(io: Io): Promise<number> {
  const client = createLocalClient({ env: io.env, cwd: io.cwd, warn: () => {} });
  try {
    const params = { program: resolve(io.cwd, io.daemonProgram), node: io.node.path };
    await printJson(io.stdout, await client.request('daemon.upgrade', params, { signal: io.signal }));
    return 0;
  } catch (error) {
    throw error instanceof RequestError && error.rpcCode === METHOD_NOT_FOUND ? tooOld() : error;
  } finally {
    client.close();
  }
}

function tooOld(): RequestError {
  return new RequestError('UNAVAILABLE', 'the daemon that runs is too old to hand over its sessions', {
    suggestion: "End it and its sessions with 'pilotty stop'; the next command starts this version.",
  });
}

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
