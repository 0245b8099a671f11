/**
 * Finds where one of many regular expressions, or words, may match: all of them are followed at once, so that a character
 * costs one step however many they are. A step is made when it is first taken (as in RE2; Thompson, 1968): what
 * is printed takes few of all there are.
 */
import type { LineExpression, Step } from './line-expression.ts';
import { FIRST, GAP, LETTERS, OTHERS, type PassingAutomaton, UNKNOWN } from './passing-automaton.ts';

const BLANK = 0x20;
/** 200 bytes each. */
const MAX_STATES = 1000;
/** Each takes some microseconds to make. */
const MAX_EXTENSIONS = 10_000;
const FIRST_STATES = 16;

interface Node extends Step {
  key: string;
}

export interface KeyedExpression {
  key: string;
  expression: LineExpression;
}

export class ExpressionAutomaton implements PassingAutomaton {
  steps = new Int16Array(FIRST_STATES * LETTERS).fill(UNKNOWN);
  readonly ends: (readonly string[] | undefined)[] = [];
  readonly #nodes: Node[] = [];
  /** A match may begin anywhere. */
  readonly #begin: number[] = [];
  /** By state: the nodes that may come next. */
  readonly #states: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  #extensions = 0;

  constructor(words: readonly string[], expressions: readonly KeyedExpression[]) {
    const beginOfLine: number[] = [];
    for (const word of words) {
      const first = this.#addWord(word);
      this.#begin.push(first);
      beginOfLine.push(first);
    }
    for (const { key, expression } of expressions) {
      const base = this.#nodes.length;
      const moved = (numbers: readonly number[]) => numbers.map((number) => base + number);
      for (const step of expression.steps) this.#nodes.push({ ...step, next: moved(step.next), key });
      this.#begin.push(...moved(expression.begin));
      beginOfLine.push(...moved(expression.beginOfLine));
    }
    this.#stateOf(new Set(beginOfLine), new Set());
  }

  #addWord(word: string): number {
    const first = this.#nodes.length;
    for (let at = 0; at < word.length; at++) {
      const letter = word.charCodeAt(at);
      const isLast = at === word.length - 1;
      const next = isLast ? [] : [first + at + 1];
      this.#nodes.push({ accepts: (code) => code === letter, acceptsOther: false, next, isLast, key: word });
    }
    return first;
  }

  extend(state: number, letter: number): number {
    const known = this.steps[state * LETTERS + letter] as number;
    if (known !== UNKNOWN) return known;
    this.#extensions++;
    if (this.#extensions > MAX_EXTENSIONS) return UNKNOWN;
    const next =
      letter < GAP ? this.#behind(state, FIRST + letter) : this.#behindGap(state, letter === OTHERS);
    if (next !== UNKNOWN) this.steps[state * LETTERS + letter] = next;
    return next;
  }

  #behind(state: number, codepoint: number): number {
    const nodes = new Set(this.#begin);
    const keys = new Set<string>();
    for (const number of this.#states[state] as readonly number[]) {
      const { accepts, next, isLast, key } = this.#nodes[number] as Node;
      if (!accepts(codepoint)) continue;
      for (const one of next) nodes.add(one);
      if (isLast) keys.add(key);
    }
    return this.#stateOf(nodes, keys);
  }

  #behindGap(state: number, hasOthers: boolean): number {
    const nodes = new Set([...this.#begin, ...(this.#states[state] as readonly number[])]);
    const keys = new Set<string>();
    // Those that are added meanwhile are visited as well.
    for (const number of nodes) {
      const { accepts, acceptsOther, next, isLast, key } = this.#nodes[number] as Node;
      if (!accepts(BLANK) && !(hasOthers && acceptsOther)) continue;
      for (const one of next) nodes.add(one);
      if (isLast) keys.add(key);
    }
    return this.#stateOf(nodes, keys);
  }

  #stateOf(nodes: ReadonlySet<number>, keys: ReadonlySet<string>): number {
    const sorted = [...nodes].sort((a, b) => a - b);
    const identity = `${sorted.join()} ${[...keys].join()}`;
    const known = this.#numbers.get(identity);
    if (known !== undefined) return known;
    const state = this.#states.length;
    if (state === MAX_STATES) return UNKNOWN;
    this.#states.push(sorted);
    this.ends.push(keys.size > 0 ? [...keys] : undefined);
    this.#numbers.set(identity, state);
    if ((state + 1) * LETTERS > this.steps.length) this.#grow();
    return state;
  }

  #grow(): void {
    const larger = new Int16Array(this.steps.length * 2).fill(UNKNOWN);
    larger.set(this.steps);
    this.steps = larger;
  }
}
