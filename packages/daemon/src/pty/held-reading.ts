/** Holds the reading of a program back, for as long as there is a reason: it then waits as soon as it prints more. */
import type { ProgramTerminal } from './faulty-pty.ts';

export class HeldReading {
  readonly #terminal: () => Pick<ProgramTerminal, 'pause' | 'resume'>;
  readonly #reasons = new Set<object>();

  /** @param terminal of the program that runs now */
  constructor(terminal: () => Pick<ProgramTerminal, 'pause' | 'resume'>) {
    this.#terminal = terminal;
  }

  hold(reason: object): void {
    this.#reasons.add(reason);
    this.#terminal().pause();
  }

  /** Another program runs: what holds it back goes on. */
  startsAgain(): void {
    if (this.#reasons.size > 0) this.#terminal().pause();
  }

  /** Idempotent. */
  release(reason: object): void {
    this.#reasons.delete(reason);
    if (this.#reasons.size === 0) this.#terminal().resume();
  }
}
