/**
 * Whether a match of a regular expression may be under way at the end of a text, however the text goes on: what re2js
 * itself does not answer. It steps through the program that re2js has compiled (Inst and Prog of 2.10.0, whose version is
 * pinned), all threads at once, and takes every `\b`, `^` and `$` for possible. So it may say yes where there will be no
 * match, and never no where there may be one.
 */
import type { RE2JS } from 're2js';

interface Instruction {
  op: number;
  out: number;
  arg: number;
  matchRune(character: number): boolean;
}

interface Program {
  inst: readonly Instruction[];
  start: number;
}

const ALT = 1;
const ALT_MATCH = 2;
const CAPTURE = 3;
const EMPTY_WIDTH = 4;
const MATCH = 6;
const NOP = 7;
const CHARACTER = 8;
const CHARACTER_1 = 9;
const ANY = 10;
const ANY_NOT_NEWLINE = 11;
const NEWLINE = 10;
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
    this.#program = (regex.re2() as unknown as { prog: Program }).prog;
    this.#first = this.#reachable([this.#program.start]);
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
        if (matches(instruction, code)) next.push(instruction.out);
      }
    }
    this.#threads = this.#reachable(next);
    this.hasMatched ||= this.#threads.isMatch;
  }

  reset(): void {
    this.#threads = { characters: [], isMatch: false, looksAhead: false };
    this.hasMatched = false;
  }

  #canBegin(code: number): boolean {
    // What matches without a character is not sought.
    return this.#first.characters.some((pc) => matches(this.#at(pc), code));
  }

  #reachable(from: readonly number[]): Threads {
    const characters: number[] = [];
    let isMatch = false;
    let looksAhead = false;
    const seen = new Set<number>();
    const open = [...from];
    for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
      if (seen.has(pc)) continue;
      seen.add(pc);
      const { op, out, arg } = this.#at(pc);
      if (op === MATCH) isMatch = true;
      else if (op === EMPTY_WIDTH) looksAhead = true;
      if (op >= CHARACTER && op <= ANY_NOT_NEWLINE) characters.push(pc);
      else if (op === ALT || op === ALT_MATCH) open.push(out, arg);
      else if (op === CAPTURE || op === NOP || op === EMPTY_WIDTH) open.push(out);
    }
    return { characters, isMatch, looksAhead };
  }

  #at(pc: number): Instruction {
    return this.#program.inst[pc] as Instruction;
  }
}

interface Threads {
  /** Those that wait for a character. */
  readonly characters: readonly number[];
  readonly isMatch: boolean;
  /** Whether it is one depends on the character that follows. */
  readonly looksAhead: boolean;
}

function matches(instruction: Instruction, code: number): boolean {
  if (instruction.op === ANY) return true;
  if (instruction.op === ANY_NOT_NEWLINE) return code !== NEWLINE;
  if (instruction.op === CHARACTER || instruction.op === CHARACTER_1) return instruction.matchRune(code);
  return false;
}
