/**
 * The terminal of the person who runs us: raw while we have it, and as it was found when we leave, however we leave.
 *
 * A signal that ends us, an exception and the end of the process put it back before anything else happens; where this
 * process is killed, a small shell beside it (guard.ts) does. Ctrl+Z and `lend` put it back for a while. What is written
 * while it is not ours is dropped. Of the commands that draw nothing else touches the process.
 */
import { readlinkSync } from 'node:fs';
import { isatty, type ReadStream, type WriteStream } from 'node:tty';
import { Guard } from './guard.ts';

/** The kernel stops a process a moment after it has asked for it. */
const STOPPED_MS = 20;

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export interface Size {
  cols: number;
  rows: number;
}

export interface TerminalUse {
  /** Written when the terminal becomes ours, after a stop once more. */
  entering: string;
  /** Undoes that, and all that was written since. */
  leaving(): string;
  /** What undoes everything when nothing is known but that we were there. */
  rescue: string;
  typed(bytes: Buffer): void;
  /** Nothing of what was drawn may be there any more: another size, or back from elsewhere. */
  lost(): void;
  /** Nothing more will be typed. */
  closed(): void;
}

export interface UserTerminal {
  /** stdin and stdout are a terminal. */
  readonly isThere: boolean;
  /** Between enter() and leave(), unless it is lent or we are stopped. */
  readonly isOurs: boolean;
  /** /dev/pts/3; undefined where the system does not say. */
  readonly path: string | undefined;
  readonly size: Size;
  /** A line that the person types, before enter(); undefined where there will be none. */
  ask(question: string): Promise<string | undefined>;
  /** Raw from now on. */
  enter(use: TerminalUse): Promise<void>;
  /** Resolves once the terminal has taken it. Dropped while the terminal is not ours. */
  write(data: string | Uint8Array): Promise<void>;
  /** Another program has the terminal, as it was found, until it is done with it. */
  lend(to: () => Promise<void>): Promise<void>;
  /** Stops the process, and all of its group, as Ctrl+Z does for a program that does not read it. */
  suspend(): void;
  /** As it was found. Idempotent. */
  leave(): void;
}

export function openTerminal(): UserTerminal {
  return new NodeTerminal();
}

class NodeTerminal implements UserTerminal {
  #guard: Guard | undefined;
  /** Typed before it was asked for. */
  #ahead = '';
  #use: TerminalUse | undefined;
  #hasIt = false;

  get isThere(): boolean {
    return isatty(0) && isatty(1);
  }

  get isOurs(): boolean {
    return this.#hasIt;
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
    return { cols: Math.max(1, columns || 80), rows: Math.max(1, rows || 24) };
  }

  async ask(question: string): Promise<string | undefined> {
    await put(question);
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

  async enter(use: TerminalUse): Promise<void> {
    this.#guard = await Guard.start(use.rescue);
    this.#use = use;
    for (const signal of ENDING) process.once(signal, this.#ended);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#continued);
    process.on('exit', this.#giveBack);
    process.on('uncaughtExceptionMonitor', this.#giveBack);
    process.stdout.on('resize', this.#resized);
    // A terminal that is gone: SIGHUP says so, or the end of what is typed, and what is written to it is lost.
    process.stdout.on('error', ignore);
    process.stdin.on('data', this.#typed);
    process.stdin.on('end', use.closed);
    process.stdin.on('error', use.closed);
    this.#take();
    if (this.#ahead !== '') use.typed(Buffer.from(this.#ahead));
    this.#ahead = '';
  }

  async write(data: string | Uint8Array): Promise<void> {
    if (this.#hasIt) await put(data);
  }

  async lend(to: () => Promise<void>): Promise<void> {
    this.#giveBack();
    try {
      await to();
    } finally {
      this.#takeAgain();
    }
  }

  suspend(): void {
    this.#suspend();
  }

  leave(): void {
    const use = this.#use;
    if (use === undefined) return;
    this.#giveBack();
    this.#use = undefined;
    for (const signal of ENDING) process.off(signal, this.#ended);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#continued);
    process.off('exit', this.#giveBack);
    process.off('uncaughtExceptionMonitor', this.#giveBack);
    process.stdout.off('resize', this.#resized);
    process.stdin.off('data', this.#typed);
    process.stdin.off('end', use.closed);
    // An error of stdin or stdout is no news any more.
    process.stdin.on('error', ignore);
    process.stdin.off('error', use.closed);
    this.#guard?.dismiss();
  }

  #take(): void {
    if (this.#hasIt || this.#use === undefined) return;
    this.#hasIt = true;
    (process.stdin as ReadStream).setRawMode(true);
    this.#guard?.taken();
    process.stdin.resume();
    (process.stdout as WriteStream).write(this.#use.entering);
  }

  #takeAgain(): void {
    this.#take();
    if (this.#hasIt) this.#use?.lost();
  }

  /** At once: what is written to a terminal has been written when `write` returns. */
  readonly #giveBack = () => {
    if (!this.#hasIt || this.#use === undefined) return;
    this.#hasIt = false;
    process.stdin.pause();
    (process.stdout as WriteStream).write(this.#use.leaving());
    // Fails where the terminal is gone.
    try {
      (process.stdin as ReadStream).setRawMode(false);
    } catch {}
    this.#guard?.givenBack();
  };

  readonly #ended = (signal: NodeJS.Signals) => {
    this.leave();
    // The others end the command in its own way.
    if (signal === 'SIGQUIT') process.kill(process.pid, signal);
  };

  readonly #suspend = () => {
    if (!this.#hasIt) return;
    this.#giveBack();
    process.off('SIGTSTP', this.#suspend);
    // Ignored by the kernel where nothing could let it go on.
    process.kill(0, 'SIGTSTP');
    setTimeout(() => {
      if (this.#use === undefined) return;
      process.on('SIGTSTP', this.#suspend);
      this.#takeAgain();
    }, STOPPED_MS);
  };

  /** What had the terminal meanwhile may have set it otherwise. */
  readonly #continued = () => {
    if (!this.#hasIt) return;
    this.#giveBack();
    this.#takeAgain();
  };

  readonly #resized = () => {
    if (this.#hasIt) this.#use?.lost();
  };

  readonly #typed = (bytes: Buffer) => {
    if (this.#hasIt) this.#use?.typed(bytes);
  };
}

function put(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    (process.stdout as WriteStream).write(data, () => resolve());
  });
}

function ignore(): void {}
