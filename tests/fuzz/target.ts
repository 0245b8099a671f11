/** What the fuzzer aims at. */
import type fc from 'fast-check';

/** Plain JSON, so that a corpus file can have it; bytes are strings of one character each. */
export interface Target<Input> {
  readonly name: string;
  /** The promise that is tried, for who reads the report. */
  readonly promise: string;
  /** How many inputs `npm test` tries: a second of them. */
  readonly runsInTest: number;
  /** @param corpus what has been a fault once, or is a good beginning */
  inputs(corpus: readonly Input[]): fc.Arbitrary<Input>;
  open(): Promise<Opened<Input>>;
}

export interface Opened<Input> {
  /** Throws where the promise is broken. */
  check(input: Input): void | Promise<void>;
  close(): Promise<void>;
}

/** A target that needs nothing but the input. */
export function pure<Input>(check: (input: Input) => void): () => Promise<Opened<Input>> {
  return async () => ({ check, close: async () => {} });
}
