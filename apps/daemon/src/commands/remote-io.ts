/**
 * The process of the native client as a command sees it: each stream is the client's own, written and read on
 * demand. What the client wrote it reports, so a command knows when its reader has had enough, or a disk is full.
 */
import { getSystemErrorMap, getSystemErrorName } from 'node:util';
import { plainSentence, RequestError } from '@pilotty/client';
import { Interruption, type KernelBytes, type Output, type ProcessIo } from '@pilotty/client/node';
import { parseLimits } from '@pilotty/protocol';
import { frames } from './frames.ts';
import type { Hello } from './hello.ts';

const STDOUT = 1;
const STDERR = 2;
/** One frame of output: what is longer is written in parts, so that a signal is noticed between them. */
const MAX_PART_BYTES = 256 * 1024;

export class RemoteIo {
  readonly io: ProcessIo;
  readonly #send: (kind: number, payload?: Uint8Array) => void;
  readonly #interruption = new AbortController();
  /** Of each stream, who waits for what was written last. */
  readonly #writes = new Map<number, (errno: number) => void>();
  #chunk: ((chunk: Buffer | undefined) => void) | undefined;
  #hasStdinEnded = false;
  #isLost = false;

  constructor(hello: Hello, send: (kind: number, payload?: Uint8Array) => void) {
    this.#send = send;
    const { signal } = this.#interruption;
    const { umask, nice, limits } = hello;
    this.io = {
      stdout: this.#output(STDOUT, frames.stdout, hello.stdoutIsTty, (name, problem) => {
        if (name === 'EPIPE') this.#interruption.abort(new Interruption('SIGPIPE'));
        throw new RequestError('UNAVAILABLE', `stdout cannot be written: ${problem}`, {
          suggestion: 'Send it elsewhere, or make room where it goes.',
        });
      }),
      // Where stderr cannot be written, there is no reader left.
      stderr: this.#output(STDERR, frames.stderr, hello.stderrIsTty, () => {}),
      stdin: (until) => this.#stdin(until ? AbortSignal.any([signal, until]) : signal),
      stdinIsTty: hello.stdinIsTty,
      env: hello.env,
      cwd: hello.cwd,
      kernelBytes: async () => bytesOf(hello),
      inheritance: async () => ({ umask, nice, limits: limits === '' ? undefined : parseLimits(limits) }),
      signal,
    };
  }

  written(stream: number, errno: number): void {
    const done = this.#writes.get(stream);
    this.#writes.delete(stream);
    done?.(errno);
  }

  /** @param chunk is empty at the end of stdin */
  read(chunk: Buffer): void {
    this.#hasStdinEnded = chunk.length === 0;
    const take = this.#chunk;
    this.#chunk = undefined;
    take?.(this.#hasStdinEnded ? undefined : chunk);
  }

  /** The user, or the end of the client, has interrupted the command; nothing more is written or read. */
  interrupt(signal: NodeJS.Signals): void {
    this.#interruption.abort(new Interruption(signal));
  }

  /** The client is gone: what is being written never will be. */
  lose(): void {
    this.#isLost = true;
    this.interrupt('SIGHUP');
    for (const stream of [...this.#writes.keys()]) this.written(stream, 0);
    this.read(Buffer.alloc(0));
  }

  #output(
    stream: number,
    kind: number,
    isTty: boolean,
    failed: (name: string, problem: string) => void,
  ): Output {
    let last: Promise<unknown> = Promise.resolve();
    const write = async (bytes: Buffer) => {
      for (let at = 0; !this.#isLost && at < bytes.length; at += MAX_PART_BYTES) {
        const errno = await new Promise<number>((resolve) => {
          this.#writes.set(stream, resolve);
          this.#send(kind, bytes.subarray(at, at + MAX_PART_BYTES));
        });
        if (errno !== 0) return failed(getSystemErrorName(-errno), problemOf(errno));
      }
    };
    return {
      isTty,
      write: (data) => {
        const shown = isTty && typeof data === 'string' ? plainSentence(data) : data;
        const written = last.then(() => write(Buffer.from(shown as Uint8Array)));
        last = written.catch(() => {});
        return written;
      },
    };
  }

  async *#stdin(signal: AbortSignal): AsyncGenerator<Buffer> {
    while (!this.#hasStdinEnded) {
      signal.throwIfAborted();
      const chunk = await new Promise<Buffer | undefined>((resolve) => {
        this.#chunk = resolve;
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
        this.#send(frames.wantStdin);
      });
      if (chunk === undefined) return;
      yield chunk;
    }
  }
}

/** What the client sent is UTF-8, or it is not run here. */
function bytesOf({ argv, env, cwd }: Hello): KernelBytes {
  const ended = (texts: readonly string[]) => Buffer.from(texts.map((text) => `${text}\0`).join(''));
  return {
    arguments: ended(argv),
    environment: ended(Object.entries(env).map(([name, value]) => `${name}=${value}`)),
    directory: Buffer.from(cwd),
  };
}

/** As Node words it: 'ENOSPC: no space left on device, write'. */
function problemOf(errno: number): string {
  const [name, description] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown'];
  return `${name}: ${description}, write`;
}
