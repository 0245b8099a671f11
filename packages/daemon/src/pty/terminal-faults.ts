/** What may be wrong between a program and its terminal: a network or a slow machine, for tests of programs. */

/** How bytes are cut: `bytes`: one at a time; `random`: in pieces of 1 to 32, the same ones for the same seed. */
export type Cut = 'bytes' | 'random';

export interface TerminalFaults {
  /** How the program's output reaches the terminal; half a sequence, or half a screen, may be drawn. */
  output?: Cut | undefined;
  /** How input reaches the program, with 2 ms between the pieces: an arrow key comes as Escape and the rest. */
  input?: Cut | undefined;
  /** Of what is cut at random (default: 1). */
  seed?: number | undefined;
  /** A terminal that is slow to read; the program is held back. What is left when it ends comes at once. */
  bytes_per_second?: number | undefined;
  /** What the program asks the terminal (its colours, its version, where the cursor is) gets no answer. */
  unanswered?: boolean | undefined;
}

const MAX_PIECE_BYTES = 32;

/** Cuts of one direction. */
export class Cutter {
  readonly #cut: Cut | undefined;
  #state: number;

  constructor(cut: Cut | undefined, seed: number = 1) {
    this.#cut = cut;
    this.#state = seed;
  }

  /** The length of the next piece of so many bytes. */
  next(bytes: number): number {
    if (this.#cut === undefined) return bytes;
    return this.#cut === 'bytes' ? 1 : Math.min(bytes, 1 + Math.floor(this.#random() * MAX_PIECE_BYTES));
  }

  /** Mulberry32: small, and good enough to choose where to cut. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
