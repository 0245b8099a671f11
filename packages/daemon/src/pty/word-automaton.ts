/**
 * Finds many words at once in text that comes piece by piece, at the cost of one step a character however many there
 * are (Aho and Corasick, 1975). A word that lies across two pieces is found in the second.
 */

import { FIRST, GAP, LETTERS, OTHERS, type PassingAutomaton, UNKNOWN } from './passing-automaton.ts';

export class WordAutomaton implements PassingAutomaton {
  /** In state 0 no word has begun. */
  readonly steps: Int16Array;
  /** By state: the words that end there. */
  readonly ends: (readonly string[] | undefined)[];

  /** @param words printable ASCII, not empty, and of fewer than 32768 letters together */
  constructor(words: readonly string[]) {
    const mostStates = 1 + words.reduce((sum, word) => sum + word.length, 0);
    this.steps = new Int16Array(mostStates * LETTERS);
    this.ends = new Array<readonly string[] | undefined>(mostStates).fill(undefined);
    let states = 1;
    for (const word of words) {
      let state = 0;
      for (let at = 0; at < word.length; at++) {
        const index = state * LETTERS + word.charCodeAt(at) - FIRST;
        if (this.steps[index] === 0) this.steps[index] = states++;
        state = this.steps[index] as number;
      }
      this.ends[state] = [...(this.ends[state] ?? []), word];
    }
    this.#joinBranches(states);
    // What is not ASCII must not keep a word from being found.
    for (let state = 0; state < states; state++)
      this.steps.fill(state, state * LETTERS + GAP, state * LETTERS + OTHERS + 1);
  }

  /** Every step is known. */
  extend(): number {
    return UNKNOWN;
  }

  /** Where a branch does not go on, what it ends with may go on in another. */
  #joinBranches(states: number): void {
    const fallbacks = new Uint16Array(states);
    const queue = [...this.steps.subarray(0, GAP)].filter((state) => state !== 0);
    for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
      const fallback = fallbacks[state] as number;
      const also = this.ends[fallback];
      if (also) this.ends[state] = [...(this.ends[state] ?? []), ...also];
      for (let letter = 0; letter < GAP; letter++) {
        const index = state * LETTERS + letter;
        const next = this.steps[index] as number;
        const other = this.steps[fallback * LETTERS + letter] as number;
        if (next === 0) this.steps[index] = other;
        else {
          fallbacks[next] = other;
          queue.push(next);
        }
      }
    }
  }
}
