/** Walked character by character through what passes: by state and letter the next state. */
export interface PassingAutomaton {
  /** Behind a newline it is in state 0. UNKNOWN where the step is yet to be made. */
  readonly steps: Int16Array;
  /** By state: what may end there of what is sought, by its key. */
  readonly ends: readonly (readonly string[] | undefined)[];
  /** Makes a step that is unknown. @returns UNKNOWN where that is too much */
  extend(state: number, letter: number): number;
}

export const UNKNOWN = -1;

/** Printable ASCII from the blank on, and then: */
export const FIRST = 0x20;
/** any number of blanks, or of cells that nothing was written in; */
export const GAP = 0x7f - FIRST;
/** any number of characters that are not ASCII, blanks among them. */
export const OTHERS = GAP + 1;
export const LETTERS = OTHERS + 1;
