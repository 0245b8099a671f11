/** One `ssh`, with its streams as pipes, and what it said on stderr. It asks its questions of the terminal itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ConnectionError } from '../connection-error.ts';

export interface SshExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Of what it says, the end is why it ended. */
const MAX_STDERR_BYTES = 16 * 1024;
/** What it said is read after its end; a program that it started, as the way to the host, may keep its stderr open. */
const SAID_WITHIN_MS = 1_000;

export class SshProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Rejected where it cannot be started. */
  readonly exited: Promise<SshExit>;
  readonly #child: ChildProcess;
  #stderr = Buffer.alloc(0);
  readonly #hasSaidAll: Promise<void>;

  /**
   * @param isApart out of reach of the terminal's signals, and of the terminal: it can ask no questions
   * @param cwd where it is not that of this process
   */
  constructor(
    words: readonly string[],
    {
      env,
      isApart,
      cwd,
    }: { env: Readonly<Record<string, string | undefined>>; isApart: boolean; cwd?: string | undefined },
  ) {
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

  end(): void {
    this.#child.kill('SIGTERM');
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
