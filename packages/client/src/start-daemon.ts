/** Starts a daemon and waits until it, or the one that was faster, can be talked to. */
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type ErrorBody, RequestError, type SocketPaths } from '@pilotty/protocol';
import { ConnectionError } from './connection-error.ts';
import { makeDirectory } from './socket-directory.ts';

/** The descriptor on which a daemon says one line: that it is ready, or why not. */
export const READY_FD = 3;

/** A program says so within a second; a daemon that finds another one waits for it, at most ten. */
const READY_WITHIN_MS = 30_000;

/** What a daemon says once requests can be sent: to it, or to another that was there first. */
export interface Ready {
  pid: number;
  /** Programs of a daemon that was killed; they still run. */
  orphans: { session: string; session_id: string; pid: number; program: string }[];
}

export async function startDaemon(
  paths: SocketPaths,
  options: { program: string; env: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<Ready> {
  makeDirectory(paths.directory);
  const words = daemonArguments(options.program, paths);
  const ended = endedEarly(paths);
  const { withSnapshot } = await import('./startup-snapshot.ts');
  return await withSnapshot(options, ended, async (option) => {
    const pipe = await startDetached([...option, ...words], 'the daemon', options);
    return await readReadyLine<Ready>(pipe, ended, options.signal);
  });
}

export function endedEarly({ log }: SocketPaths): ConnectionError {
  return new ConnectionError('the daemon ended before it was ready', {
    suggestion: `Its log may say why: ${log}; so may 'pilotty daemon --foreground'.`,
  });
}

/**
 * Runs one of our programs on its own, with nothing of ours but the environment.
 * @returns the pipe on which it says that it is ready
 */
export async function startDetached(
  words: readonly string[],
  name: string,
  { env, signal }: { env: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<Readable> {
  // Loaded here, because most commands find a daemon and never need it.
  const { spawn } = await import('node:child_process');
  signal.throwIfAborted();
  const child = withoutOurDescriptors((stdio) =>
    spawn(process.execPath, words, { cwd: '/', detached: true, env, stdio }),
  );
  child.unref();
  return await new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new ConnectionError(`${name} could not be started: ${cause.message}`, { cause }));
    });
    // Without a pipe there is no process either, and the error above is on its way.
    const pipe = child.stdio?.[READY_FD] as Readable | undefined;
    if (pipe !== undefined) resolve(pipe);
  });
}

/**
 * Nothing of ours: a pipe kept open by the daemon would hang `$(pilotty spawn …)`. libuv closes what
 * lies below the first gap after 15, and a descriptor that a shell opened (`20>&1`) lies beyond it; so
 * /dev/null is put over each of those. 'ignore' would not: above 2 libuv leaves such a slot alone.
 */
function withoutOurDescriptors(start: (stdio: StdioOptions) => ChildProcess): ChildProcess {
  const stdio: (number | 'ignore' | 'pipe')[] = ['ignore', 'ignore', 'ignore', 'pipe'];
  const leaking = leakingDescriptors();
  if (leaking.length === 0) return start(stdio);
  const nothing = openSync('/dev/null', 'r+');
  try {
    const covered = [...stdio];
    while (covered.length <= Math.max(...leaking)) covered.push('ignore');
    for (const descriptor of leaking) covered[descriptor] = nothing;
    const child = start(covered);
    if (child.pid !== undefined) return child;
    // Reported by the one below, if that does not start either.
    child.on('error', () => {});
  } catch {
    // As where there is no process: Node throws some reasons and emits others.
  } finally {
    closeSync(nothing);
  }
  // Covering takes more descriptors, and a low `ulimit -n` has none left: a leak is better than no daemon.
  return start(stdio);
}

/** As many as libuv would have to copy one by one; a shell never opens that many. */
const MAX_DESCRIPTOR = 4096;
/** In the octal flags of /proc/self/fdinfo, see proc(5). */
const O_CLOEXEC = 0o2000000;

/** What an exec would hand on. Without /proc, on macOS, it hands on nothing: POSIX_SPAWN_CLOEXEC_DEFAULT. */
function leakingDescriptors(): number[] {
  let open: string[];
  try {
    open = readdirSync('/proc/self/fdinfo');
  } catch {
    return [];
  }
  return open.map(Number).filter((fd) => fd > READY_FD && fd <= MAX_DESCRIPTOR && isLeaking(fd));
}

function isLeaking(descriptor: number): boolean {
  try {
    const [, flags = ''] =
      /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
  } catch {
    // It was the one that listed the directory.
    return false;
  }
}

/**
 * In megabytes, V8's room for young objects, of which it takes two. Without a limit a hundred sessions make it grow to
 * 16, which it never gives back. Measured: a quarter of that costs no time, neither in floods nor for keys.
 */
const YOUNG_OBJECTS_MB = 4;
/**
 * Threads that compile and collect beside the one that works. Of Node's four, each keeps a megabyte once it has compiled
 * what a flood runs. Measured: two are as fast, in floods and for keys.
 */
const V8_THREADS = 2;

/** As apps/native-client/src/start-daemon.c starts it. */
export function daemonArguments(program: string, paths: SocketPaths): string[] {
  const forNode = [`--max-semi-space-size=${YOUNG_OBJECTS_MB}`, `--v8-pool-size=${V8_THREADS}`];
  return [...forNode, program, '--socket-dir', paths.directory, '--ready-fd', String(READY_FD)];
}

/** Waits for a program's line, and closes the pipe. @throws the reason it gave; `endedEarly` when it said nothing */
export async function readReadyLine<T extends object>(
  pipe: Readable,
  endedEarly: Error,
  signal: AbortSignal,
): Promise<T> {
  let text = '';
  const stop = () => pipe.destroy();
  const late = setTimeout(stop, READY_WITHIN_MS);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of pipe.setEncoding('utf8')) {
      text += chunk;
      if (text.includes('\n')) break;
    }
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    pipe.destroy();
  }
  if (!text.includes('\n')) throw endedEarly;
  const line = JSON.parse(text) as T | { error: ErrorBody };
  if ('error' in line) throw RequestError.fromBody(line.error);
  return line;
}
