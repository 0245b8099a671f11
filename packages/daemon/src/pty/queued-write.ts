/** Input that the program's terminal has not taken yet, or not all of it. */

/** Input on its way to the program. */
export interface SentInput {
  /** Whether the terminal took it all; false when it ended, or the rest was taken back. */
  written: Promise<boolean>;
  /** The same where it is decided: mostly at once, and then no promise is needed. */
  readonly isWritten?: boolean | undefined;
  /** How much the terminal has taken. */
  readonly takenBytes: number;
}

export class QueuedWrite implements SentInput {
  readonly bytes: Uint8Array;
  takenBytes = 0;
  /** Called once it has been written, or not. */
  settled: () => void = () => {};
  isWritten: boolean | undefined;
  #written: Promise<boolean> | undefined;
  #resolve: (written: boolean) => void = () => {};

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Made when first asked for: mostly it has been written by then. */
  get written(): Promise<boolean> {
    this.#written ??= new Promise((resolve) => {
      if (this.isWritten === undefined) this.#resolve = resolve;
      else resolve(this.isWritten);
    });
    return this.#written;
  }

  settle(isWritten: boolean): void {
    this.isWritten = isWritten;
    this.#resolve(isWritten);
    this.settled();
  }
}
