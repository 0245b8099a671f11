/**
 * Whether a match of a regular expression may be under way at the end of a text, however the text goes on. All threads of
 * its compiled program are stepped at once.
 */
import type { RE2JS } from 're2js';
import {
  accepts,
  type Instruction,
  type Program,
  programOf,
  reachable,
  type Threads,
} from '../re2-program.ts';

const ASCII = 128;

export class PartialMatch {
  readonly #program: Program;
  /** The instructions that a match can begin with. */
  readonly #first: Threads;
  /** By ASCII character: whether a match can begin with it. */
  readonly #begins: Uint8Array;
  #threads: Threads = { characters: [], isMatch: false, looksAhead: false };
  /** A match was complete since the last time that none was under way. */
  hasMatched = false;

  constructor(regex: RE2JS) {
    this.#program = programOf(regex);
    this.#first = reachable(this.#program, [this.#program.start]);
    this.#begins = Uint8Array.from({ length: ASCII }, (_, code) => (this.#canBegin(code) ? 1 : 0));
  }

  get isUnderWay(): boolean {
    return this.#threads.characters.length > 0 || this.#threads.looksAhead;
  }

  /** None is under way, and none begins with this character. */
  isQuietAt(code: number): boolean {
    if (this.isUnderWay) return false;
    return code < ASCII ? this.#begins[code] === 0 : !this.#canBegin(code);
  }

  step(code: number): void {
    if (!this.isUnderWay) this.hasMatched = false;
    const next: number[] = [];
    for (const threads of [this.#threads, this.#first]) {
      for (const pc of threads.characters) {
        const instruction = this.#at(pc);
        if (accepts(instruction, code)) next.push(instruction.out);
      }
    }
    this.#threads = reachable(this.#program, next);
    this.hasMatched ||= this.#threads.isMatch;
  }

  reset(): void {
    this.#threads = { characters: [], isMatch: false, looksAhead: false };
    this.hasMatched = false;
  }

  #canBegin(code: number): boolean {
    // What matches without a character is not sought.
    return this.#first.characters.some((pc) => accepts(this.#at(pc), code));
  }

  #at(pc: number): Instruction {
    return this.#program.inst[pc] as Instruction;
  }
}
