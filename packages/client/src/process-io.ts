/** The process of a command as plain values, so that nothing else of the command need touch `process`. */
import { isatty } from 'node:tty';
import type { Inheritance } from './inheritance.ts';
import type { KernelBytes } from './kernel-bytes.ts';
import { plainSentence } from './terminal-safe.ts';

export interface ProcessIo {
  stdout: Output;
  stderr: Output;
  /** stdin as it comes; nothing is read before, or after one has had enough. When `until` is aborted nothing more can be read. */
  stdin(until?: AbortSignal): AsyncIterable<Uint8Array>;
  readonly stdinIsTty: boolean;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Arguments, environment and directory before Node decoded them. */
  kernelBytes(): Promise<KernelBytes>;
  /** What a program that this process starts inherits besides. */
  inheritance(): Promise<Inheritance>;
  /** Aborted with an `Interruption` when the user, or the reader of stdout, has had enough. */
  signal: AbortSignal;
}

export interface Output {
  /**
   * Resolves once the data is on its way, so that what produces it can be held back. On a terminal no text is a command,
   * wherever it comes from (terminal-safe.ts); bytes go as they are: what a program printed, or what we draw.
   */
  write(data: string | Uint8Array): Promise<void>;
  isTty: boolean;
}

/** Why a command was ended from outside. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/** @param stdoutFailed makes the error of a stdout that cannot be written, for any reason but a reader that is gone */
export function processIo(stdoutFailed: (reason: string) => Error): ProcessIo {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Once: a second signal ends the process at once.
    process.once(signal, () => interruption.abort(new Interruption(signal)));
  }
  // By default Node opens its inspector at this signal, on a port that every user of the machine can reach.
  process.on('SIGUSR1', () => {});
  return {
    // Opened when first used: most commands write one of them.
    stdout: outputTo(
      () => process.stdout,
      (error) => {
        // Its reader is gone, and so is the reason to go on.
        if (error.code === 'EPIPE') interruption.abort(new Interruption('SIGPIPE'));
        throw stdoutFailed(error.message);
      },
    ),
    stderr: outputTo(
      () => process.stderr,
      () => {
        // There is no reader left.
      },
    ),
    stdin: (until) => stdin(until ? AbortSignal.any([interruption.signal, until]) : interruption.signal),
    get stdinIsTty() {
      return isatty(0);
    },
    env: process.env,
    cwd: currentDirectory(),
    kernelBytes: async () => (await import('./kernel-bytes.ts')).kernelBytes(),
    // Few commands start a program.
    inheritance: async () => (await import('./inheritance.ts')).inheritance(),
    signal: interruption.signal,
  };
}

function outputTo(open: () => NodeJS.WriteStream, failed: (error: NodeJS.ErrnoException) => void): Output {
  let opened: NodeJS.WriteStream | undefined;
  const stream = () => {
    if (opened === undefined) {
      opened = open();
      // The promise of the write rejects; without a listener Node would end the process.
      opened.on('error', () => {});
    }
    return opened;
  };
  return {
    get isTty() {
      return stream().isTTY === true;
    },
    write: (data) =>
      new Promise<void>((resolve, reject) => {
        const { isTTY } = stream();
        const shown = isTTY && typeof data === 'string' ? plainSentence(data) : data;
        stream().write(shown, (error) => (error ? reject(error) : resolve()));
      }).catch(failed),
  };
}

function stdin(signal: AbortSignal): AsyncIterable<Uint8Array> {
  const stop = () => process.stdin.destroy();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return process.stdin;
}

function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    // It has been removed; commands that need none must still work.
    return process.env.PWD ?? '/';
  }
}
