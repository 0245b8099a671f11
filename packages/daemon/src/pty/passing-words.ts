/**
 * Looks at the output of a session as it arrives, before it is parsed, for the words and expressions of all who search
 * in it: each byte once, however many they are. Most output has none of them, and then neither has to be looked at again on the screen
 * nor has to be parsed in pieces so small that every line can be.
 *
 * It is known only of output that writes from left to right and line by line (see search/left-to-right.ts), once that has begun
 * a line itself, and for as long as each of its lines comes to stand on a row that was blank: at the bottom of the
 * screen (Screen.scrollsAtLineEnds), which the caller has to know.
 */

import { ExpressionAutomaton } from './expression-automaton.ts';
import type { LineExpression } from './line-expression.ts';
import { FIRST, GAP, LETTERS, OTHERS, type PassingAutomaton, UNKNOWN } from './passing-automaton.ts';
import { WordAutomaton } from './word-automaton.ts';

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;

const NONE = Number.POSITIVE_INFINITY;
/** More are taken for one. */
const MAX_MET = 64;
/** Of all words, and characters of expressions: each letter of a word takes 194 bytes. */
const MAX_LETTERS = 4096;
const NONE_OF_THEM = -1;
const WITHOUT_WORDS = new WordAutomaton([]);

/** Where in a sequence of SGR the output is, which may be cut anywhere. */
type Inside = 'nothing' | 'escape' | 'parameters';

/**
 * A word stands in whatever is searched for: printable ASCII without blanks. An expression matches it, or more. undefined
 * where neither is known.
 */
export type Sought = string | LineExpression | undefined;

interface Word {
  expression: LineExpression | undefined;
  searches: number;
  isKnown: boolean;
  /** Of what came before this offset, it is not known that the word is not there. */
  absentFrom: number;
}

export interface WordSearch {
  /** Whether nothing that was printed between two offsets, of which the second is parsed, can have brought the word. */
  isAbsent(from: number, to: number): boolean;
  end(): void;
}

export class PassingWords {
  readonly #words = new Map<string, Word>();
  /** Searches that have no word, or too many. */
  #others = 0;
  #automaton: PassingAutomaton | undefined;
  /** The expressions were too much: for as long as there is one of them, none is known. */
  #areExpressionsGivenUp = false;
  /** There are words that the automaton does not know, or so few again that there can be one. */
  #isOutdated = false;
  /** What came before this was not looked at for all words. */
  #allFrom = 0;
  /** Between these it wrote from left to right, on lines of its own. */
  #from = NONE;
  #to = 0;
  /** In that, pieces that have some of the words, oldest first. */
  #met: { from: number; to: number }[] = [];
  #state = 0;
  /** Of what the line has so far. What follows it there may make a match of it: an end of a word, or of the line. */
  readonly #metInLine = new Set<string>();
  #inside: Inside = 'nothing';
  #hasReturned = false;

  get hasSearches(): boolean {
    return this.#words.size > 0 || this.#others > 0;
  }

  begin(sought: Sought, arrivedBytes: number): WordSearch {
    let isOpen = true;
    const key = keyOf(sought);
    const end = () => {
      if (isOpen) this.#end(key);
      isOpen = false;
    };
    if (key === undefined) {
      this.#others += 1;
      return { isAbsent: () => false, end };
    }
    const known = this.#words.get(key) ?? {
      expression: typeof sought === 'string' ? undefined : sought,
      searches: 0,
      isKnown: false,
      absentFrom: arrivedBytes,
    };
    known.searches += 1;
    if (!known.isKnown) this.#isOutdated = true;
    this.#words.set(key, known);
    const isAbsent = (from: number, to: number) =>
      known.isKnown && from >= this.#from && to <= this.#to && from >= known.absentFrom;
    return { isAbsent, end };
  }

  #end(key: string | undefined): void {
    const known = key === undefined ? undefined : this.#words.get(key);
    if (known === undefined || key === undefined) this.#others -= 1;
    else {
      known.searches -= 1;
      if (known.searches > 0) return;
      // The automaton may go on to find it, until it is made anew for another.
      this.#words.delete(key);
      if (this.#areExpressionsGivenUp && !this.#hasExpressions()) {
        this.#areExpressionsGivenUp = false;
        this.#isOutdated = true;
      }
      if (this.#automaton === undefined) this.#isOutdated = true;
    }
    if (!this.hasSearches) this.#forget();
  }

  /** How many bytes from this offset on have none of the words, as far as they have been looked at. */
  absentFor(offset: number): number {
    if (this.#others > 0 || this.#areExpressionsGivenUp || this.#automaton === undefined || this.#isOutdated)
      return 0;
    if (offset < Math.max(this.#from, this.#allFrom)) return 0;
    while ((this.#met[0]?.to ?? NONE) <= offset) this.#met.shift();
    return Math.max(0, Math.min(this.#met[0]?.from ?? NONE, this.#to) - offset);
  }

  /** What arrives next is drawn on a row of its own: of the line before nothing goes on in it. */
  cut(): void {
    this.#from = NONE;
  }

  /** Output has arrived, so many bytes after the first. */
  look(bytes: Uint8Array, offset: number): void {
    if (this.#to !== offset) this.#from = NONE;
    const start = this.#isOutdated ? this.#renew(bytes, offset) : 0;
    for (let at = start; at < bytes.length && this.#automaton !== undefined; ) {
      if (this.#from === NONE) at = this.#findBeginning(bytes, at, offset);
      else at = this.#follow(this.#automaton, bytes, at, bytes.length, offset);
    }
    this.#to = offset + bytes.length;
  }

  /**
   * An automaton for new words as well, from the next line on: of the line that the output is in, only the one there is
   * knows what it has so far. What all knew before goes on to be known.
   * @returns how far it came
   */
  #renew(bytes: Uint8Array, offset: number): number {
    let at = 0;
    if (this.#automaton !== undefined && this.#from !== NONE) {
      const lineEnd = bytes.indexOf(LF) + 1;
      const end = lineEnd === 0 ? bytes.length : lineEnd;
      at = this.#follow(this.#automaton, bytes, 0, end, offset);
      if (this.#from !== NONE && lineEnd === 0) return at;
    }
    this.#automaton = this.#newAutomaton();
    if (this.#automaton === undefined) this.#from = NONE;
    this.#state = 0;
    this.#isOutdated = false;
    this.#allFrom = offset + at;
    for (const word of this.#words.values()) {
      if (!word.isKnown) word.absentFrom = this.#allFrom;
      word.isKnown = word.expression === undefined || !this.#areExpressionsGivenUp;
    }
    return at;
  }

  /** undefined where there is too much to look for */
  #newAutomaton(): PassingAutomaton | undefined {
    const words: string[] = [];
    const expressions: { key: string; expression: LineExpression }[] = [];
    let letters = 0;
    for (const [key, { expression }] of this.#words) {
      if (expression === undefined) words.push(key);
      else if (this.#areExpressionsGivenUp) continue;
      else expressions.push({ key, expression });
      letters += expression?.steps.length ?? key.length;
    }
    if (letters > MAX_LETTERS) return undefined;
    return expressions.length === 0 ? new WordAutomaton(words) : new ExpressionAutomaton(words, expressions);
  }

  #hasExpressions(): boolean {
    for (const { expression } of this.#words.values()) if (expression !== undefined) return true;
    return false;
  }

  #giveUpExpressions(): void {
    this.#areExpressionsGivenUp = true;
    this.#automaton = undefined;
    this.#isOutdated = true;
    for (const word of this.#words.values()) if (word.expression !== undefined) word.isKnown = false;
  }

  /** Looks for a line that was written from left to right: what comes after it is on lines of its own. @returns how far it came */
  #findBeginning(bytes: Uint8Array, start: number, offset: number): number {
    const first = bytes.indexOf(LF, start);
    const last = first === -1 ? -1 : bytes.indexOf(LF, first + 1);
    if (last === -1) return bytes.length;
    this.#state = 0;
    this.#metInLine.clear();
    this.#inside = 'nothing';
    this.#hasReturned = false;
    // Its own words do not matter: it is not known where it stands.
    const end = this.#walk(WITHOUT_WORDS, bytes, first + 1, last + 1, () => {});
    if (end > last) {
      this.#from = offset + end;
      this.#met = [];
      return end;
    }
    return end + 1;
  }

  #follow(
    automaton: PassingAutomaton,
    bytes: Uint8Array,
    start: number,
    stop: number,
    offset: number,
  ): number {
    const piece = { from: offset + start, to: offset + stop };
    let hasMet = false;
    const meet = (words: Iterable<string>) => {
      if (!hasMet) this.#meet(piece);
      hasMet = true;
      for (const name of words) {
        this.#metInLine.add(name);
        const word = this.#words.get(name);
        if (word) word.absentFrom = piece.to;
      }
    };
    if (this.#metInLine.size > 0) meet([...this.#metInLine]);
    const end = this.#walk(automaton, bytes, start, stop, meet);
    if (end === stop) return end;
    this.#from = NONE;
    return end + 1;
  }

  #meet(piece: { from: number; to: number }): void {
    const last = this.#met.at(-1);
    if (last && (last.to === piece.from || this.#met.length === MAX_MET)) last.to = piece.to;
    else this.#met.push(piece);
  }

  /** @returns where it met what does not write from left to right; `end` where there is nothing of that */
  #walk(
    automaton: PassingAutomaton,
    bytes: Uint8Array,
    start: number,
    end: number,
    meet: (words: readonly string[]) => void,
  ): number {
    const { ends } = automaton;
    let { steps } = automaton;
    let state = this.#state;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      let letter = NONE_OF_THEM;
      if (this.#inside !== 'nothing') {
        if (!this.#goOnInside(byte)) break;
      } else if (byte >= SPACE && byte < DEL) {
        if (this.#hasReturned) break;
        letter = byte - FIRST;
      } else if (byte === LF) {
        state = 0;
        if (this.#metInLine.size > 0) this.#metInLine.clear();
        this.#hasReturned = false;
      } else if (byte === CR) this.#hasReturned = true;
      else if (byte === ESC) this.#inside = 'escape';
      else if (byte === 0xc2) {
        // U+0080 to U+009F are controls; where it is cut, it may be one.
        const second = bytes[at + 1] ?? 0;
        if (second < 0xa0 || second > 0xbf) break;
        at++;
        letter = OTHERS;
      } else if (byte === TAB) letter = GAP;
      // BEL as well: it may end a string with line ends in it, and what follows that is on no line of its own.
      else if (byte < 0x80 || byte > 0xf4) break;
      // What else is not ASCII stands in cells of its own, or in none.
      else letter = OTHERS;
      if (letter === NONE_OF_THEM) continue;
      let next = steps[state * LETTERS + letter] as number;
      if (next === UNKNOWN) {
        next = automaton.extend(state, letter);
        if (next === UNKNOWN) {
          this.#giveUpExpressions();
          break;
        }
        steps = automaton.steps;
      }
      state = next;
      const words = ends[state];
      if (words !== undefined) meet(words);
    }
    this.#state = state;
    return Math.min(at, end);
  }

  /** @returns whether it still may be SGR */
  #goOnInside(byte: number): boolean {
    if (this.#inside === 'escape') {
      this.#inside = 'parameters';
      return byte === 0x5b;
    }
    if (byte === 0x6d) this.#inside = 'nothing';
    return byte === 0x6d || (byte >= 0x30 && byte <= 0x3b);
  }

  #forget(): void {
    this.#metInLine.clear();
    this.#automaton = undefined;
    this.#areExpressionsGivenUp = false;
    this.#from = NONE;
    this.#met = [];
  }
}

/** No word has a blank. */
function keyOf(sought: Sought): string | undefined {
  return typeof sought === 'object' ? ` ${sought.pattern}` : sought;
}
