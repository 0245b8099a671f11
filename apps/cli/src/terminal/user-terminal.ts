/**
 * The terminal of the person who runs us: raw while we have it, and as it was found when we leave, however we leave.
 * Where this process is killed, a small shell beside it (guard.ts) does what it no longer can.
 */
import { readlinkSync } from 'node:fs';
import { isatty, type ReadStream, type WriteStream } from 'node:tty';
import { Guard } from './guard.ts';
import { RESCUE } from './sequences.ts';

export interface Size {
  cols: number;
  rows: number;
}

export interface UserTerminal {
  /** stdin and stdout are a terminal. */
  readonly isThere: boolean;
  /** /dev/pts/3; undefined where the system does not say. */
  readonly path: string | undefined;
  readonly size: Size;
  /** A line that the person types, before enter(); undefined where there will be none. */
  ask(question: string): Promise<string | undefined>;
  /** Raw from now on; `typed` gets what the person types, `resized` is called when the window has another size. */
  enter(listener: { typed(bytes: Buffer): void; resized(): void; closed(): void }): Promise<void>;
  /** Resolves once the terminal has taken it. */
  write(data: string | Uint8Array): Promise<void>;
  /** As it was found. Idempotent. */
  leave(farewell: string): Promise<void>;
}

export function openTerminal(): UserTerminal {
  return new NodeTerminal();
}

class NodeTerminal implements UserTerminal {
  #guard: Guard | undefined;
  /** Typed before it was asked for. */
  #ahead = '';
  #input: ReadStream | undefined;
  #resized = () => {};
  #rescue = () => {};

  get isThere(): boolean {
    return isatty(0) && isatty(1);
  }

  get path(): string | undefined {
    try {
      return readlinkSync('/proc/self/fd/0');
    } catch {
      return undefined;
    }
  }

  get size(): Size {
    const { columns, rows } = process.stdout;
    return { cols: Math.max(2, columns || 80), rows: Math.max(1, rows || 24) };
  }

  async ask(question: string): Promise<string | undefined> {
    await this.write(question);
    const input = process.stdin;
    return await new Promise((resolve) => {
      const answer = (line: string | undefined) => {
        input.off('data', take).off('end', end).off('error', end);
        input.pause();
        resolve(line);
      };
      const end = () => answer(undefined);
      // Several lines may have been typed at once.
      const take = (bytes: Buffer) => {
        this.#ahead += bytes.toString();
        const end = this.#ahead.indexOf('\n');
        if (end === -1) return;
        const line = this.#ahead.slice(0, end).trim();
        this.#ahead = this.#ahead.slice(end + 1);
        answer(line);
      };
      input.on('data', take).on('end', end).on('error', end);
      input.resume();
      take(Buffer.alloc(0));
    });
  }

  async enter({ typed, resized, closed }: Parameters<UserTerminal['enter']>[0]): Promise<void> {
    this.#guard = await Guard.start(RESCUE);
    const input = process.stdin as ReadStream;
    input.setRawMode(true);
    this.#guard.isRaw();
    this.#input = input;
    this.#resized = resized;
    this.#rescue = () => process.stdout.write(RESCUE);
    // An exception that nobody catches ends the process without leave().
    process.on('exit', this.#rescue);
    process.on('SIGWINCH', this.#resized);
    // After a stop and `fg` the shell has put its own modes in place.
    process.on('SIGCONT', this.#resume);
    input.on('data', typed);
    input.on('end', closed);
    input.on('error', closed);
    input.resume();
    if (this.#ahead !== '') typed(Buffer.from(this.#ahead));
    this.#ahead = '';
  }

  readonly #resume = () => {
    this.#input?.setRawMode(false);
    this.#input?.setRawMode(true);
    this.#resized();
  };

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      // A terminal that is gone ends us by SIGHUP, or by the end of what is typed.
      (process.stdout as WriteStream).write(data, () => resolve());
    });
  }

  async leave(farewell: string): Promise<void> {
    const input = this.#input;
    if (input === undefined) return;
    this.#input = undefined;
    process.off('SIGWINCH', this.#resized);
    process.off('SIGCONT', this.#resume);
    input.removeAllListeners('data');
    await Promise.race([this.write(farewell), afterLong()]);
    process.off('exit', this.#rescue);
    input.setRawMode(false);
    input.destroy();
    this.#guard?.dismiss();
  }
}

/** A terminal that takes nothing any more must not keep the process. */
function afterLong(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 2000).unref();
  });
}
