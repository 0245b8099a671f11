/**
 * One `ssh`, with its streams as pipes, and what it said on stderr. It asks its questions of the terminal itself.
 *
 * The streams may outlive it. Over a shared connection it hands them to the ssh that has that connection, which keeps stderr for
 * as long as anything runs on the other host; and a pipe that is read keeps this process running.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ConnectionError } from '../connection-error.ts';

export interface SshExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface SshOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Out of reach of the terminal's signals, and of the terminal: it can ask no questions. */
  isApart: boolean;
  /** Where it is not that of this process. */
  cwd?: string | undefined;
}

/** Of what it says, the end is why it ended. */
const MAX_STDERR_BYTES = 16 * 1024;
/** What it said is read after its end; a program that it started, as the way to the host, may keep its stderr open as well. */
const SAID_WITHIN_MS = 1_000;

export class SshProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Rejected where it cannot be started. */
  readonly exited: Promise<SshExit>;
  readonly #child: ChildProcess;
  #stderr = Buffer.alloc(0);
  readonly #hasSaidAll: Promise<void>;

  constructor(words: readonly string[], { env, isApart, cwd }: SshOptions) {
    const child = spawn('ssh', words, { env, cwd, stdio: 'pipe', detached: isApart });
    this.#child = child;
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    // Its end says more than a pipe that broke.
    child.stdin.on('error', () => {});
    child.stdout.on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-MAX_STDERR_BYTES);
    });
    this.#hasSaidAll = new Promise((resolve) => child.stderr.once('close', resolve));
    this.exited = new Promise((resolve, reject) => {
      child.once('error', (cause: NodeJS.ErrnoException) => reject(notStarted(cause)));
      // A connection that is kept for later commands may keep stderr open: the streams are not waited for.
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.exited.catch(() => {});
  }

  /** What it said, once it has ended. */
  async stderr(): Promise<string> {
    await this.exited;
    await within(SAID_WITHIN_MS, this.#hasSaidAll);
    return this.#stderr.toString();
  }

  keepProcess(isKept: boolean): void {
    for (const each of [this.#child, ...this.#child.stdio] as { ref?(): void; unref?(): void }[]) {
      if (isKept) each.ref?.();
      else each.unref?.();
    }
  }

  /** Ends it where it still runs, and lets go of its streams, whoever else has them. What was read of stderr is kept. */
  end(): void {
    this.#child.kill('SIGTERM');
    for (const stream of [this.stdin, this.stdout, this.#child.stderr]) stream?.destroy();
  }
}

/**
 * Starts one for some work, and ends it after that.
 * @param signal ends it before
 * @throws the reason of the signal
 */
export async function withSsh<T>(
  words: readonly string[],
  options: SshOptions,
  signal: AbortSignal,
  work: (ssh: SshProcess) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const ssh = new SshProcess(words, options);
  const stop = () => ssh.end();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await work(ssh);
  } finally {
    signal.removeEventListener('abort', stop);
    ssh.end();
    signal.throwIfAborted();
  }
}

function notStarted(cause: NodeJS.ErrnoException): ConnectionError {
  return cause.code === 'ENOENT'
    ? new ConnectionError('there is no ssh on this machine', {
        code: 'HOST_UNREACHABLE',
        suggestion: 'Install OpenSSH: openssh-client.',
        cause,
      })
    : new ConnectionError(`ssh could not be started: ${cause.message}`, { code: 'HOST_UNREACHABLE', cause });
}

async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
