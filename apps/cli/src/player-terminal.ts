/** The terminal that a recording is played in: the person's, or one that is only looked at because stdin is none. */
import type { PlayerTerminal, PlayerUse } from '@pilotty/app-replay';
import type { Io } from './io.ts';
import type { UserTerminal } from './terminal/user-terminal.ts';

export async function playerTerminal(io: Io): Promise<PlayerTerminal> {
  const terminal = await io.terminal?.();
  return terminal?.isThere ? new TypedTerminal(terminal) : new ShownTerminal(process.stdout);
}

class TypedTerminal implements PlayerTerminal {
  readonly hasKeyboard = true;
  readonly #terminal: UserTerminal;

  constructor(terminal: UserTerminal) {
    this.#terminal = terminal;
  }

  get size(): { cols: number; rows: number } {
    return this.#terminal.size;
  }

  enter(use: PlayerUse): Promise<void> {
    return this.#terminal.enter(use);
  }

  write(text: string): void {
    void this.#terminal.write(text);
  }

  suspend(): void {
    this.#terminal.suspend();
  }

  leave(): void {
    this.#terminal.leave();
  }
}

class ShownTerminal implements PlayerTerminal {
  readonly hasKeyboard = false;
  readonly #stdout: NodeJS.WriteStream;
  #use: PlayerUse | undefined;

  constructor(stdout: NodeJS.WriteStream) {
    this.#stdout = stdout;
  }

  get size(): { cols: number; rows: number } {
    const { columns, rows } = this.#stdout;
    return { cols: columns, rows };
  }

  async enter(use: PlayerUse): Promise<void> {
    this.#use = use;
    this.#stdout.on('resize', use.lost).write(use.entering);
  }

  write(text: string): void {
    this.#stdout.write(text);
  }

  /** Nothing is typed here. */
  suspend(): void {}

  leave(): void {
    if (this.#use === undefined) return;
    this.#stdout.off('resize', this.#use.lost).write(this.#use.leaving());
    this.#use = undefined;
  }
}
