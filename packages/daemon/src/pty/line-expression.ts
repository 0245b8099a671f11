/**
 * A regular expression as an automaton that is fed with the characters of lines as they come, and never misses a match:
 * where a line or a word begins or ends, and what stands on the lines before, is taken to be as the expression needs it.
 *
 * It is made of the compiled program of re2js, which is private to that package: its version is pinned because of this
 * file as well. Instructions that are not known here make no automaton.
 */
import type { RE2JS } from 're2js';

export interface LineExpression {
  pattern: string;
  steps: readonly Step[];
  /** The first steps of a match. */
  begin: readonly number[];
  /** Those behind a newline. */
  beginOfLine: readonly number[];
}

/** One character of a match. */
export interface Step {
  accepts(codepoint: number): boolean;
  /** Some character that is not ASCII. */
  acceptsOther: boolean;
  /** What may come next. */
  next: readonly number[];
  /** A match may end with it. */
  isLast: boolean;
}

interface Instruction {
  op: number;
  out: number;
  arg: number;
  runes: ArrayLike<number>;
  matchRune(codepoint: number): boolean;
}

const ALT = 1;
const ALT_MATCH = 2;
const CAPTURE = 3;
const EMPTY_WIDTH = 4;
const FAIL = 5;
const MATCH = 6;
const NOP = 7;
const RUNE = 8;
const RUNE1 = 9;
const RUNE_ANY = 10;
const RUNE_ANY_NOT_NL = 11;

const NEWLINE = 0x0a;
/** What k and s are the same as, where case is ignored. */
const KELVIN_SIGN = 0x212a;
const LONG_S = 0x17f;
/** Each may be asked of for every character once. */
const MAX_STEPS = 200;

/** undefined where it may match whatever comes, or cannot be told */
export function lineExpression(pattern: string, regex: RE2JS): LineExpression | undefined {
  const { re2Input } = regex as unknown as {
    re2Input: { prog: { start: number; numInst(): number; getInst(index: number): Instruction } };
  };
  const { prog } = re2Input;
  const instructions = Array.from({ length: prog.numInst() }, (_, index) => prog.getInst(index));
  const isKnown = instructions.every(({ op }) => op >= ALT && op <= RUNE_ANY_NOT_NL);
  const places = instructions.flatMap(({ op }, index) => (op >= RUNE ? [index] : []));
  if (!isKnown || places.length > MAX_STEPS) return undefined;
  const numbers = new Map(places.map((place, number) => [place, number]));
  const reachable = (from: number) => reach(instructions, from, numbers);
  const steps = places.map((place): Step => {
    const instruction = instructions[place] as Instruction;
    const { steps: next, isMatch: isLast } = reachable(instruction.out);
    return {
      accepts: (codepoint) => accepts(instruction, codepoint),
      acceptsOther: acceptsOther(instruction),
      next,
      isLast,
    };
  });
  const { steps: begin, isMatch } = reachable(prog.start);
  const newlines = steps.filter((step) => step.accepts(NEWLINE));
  if (isMatch || newlines.some(({ isLast }) => isLast)) return undefined;
  const beginOfLine = [...new Set([...begin, ...newlines.flatMap(({ next }) => next)])];
  return { pattern, steps, begin, beginOfLine };
}

/** What comes first from an instruction on, with every place in a line taken for the right one. */
function reach(
  instructions: readonly Instruction[],
  from: number,
  numbers: ReadonlyMap<number, number>,
): { steps: number[]; isMatch: boolean } {
  const met = new Set<number>();
  const left = [from];
  const steps: number[] = [];
  let isMatch = false;
  for (let index = left.pop(); index !== undefined; index = left.pop()) {
    if (met.has(index)) continue;
    met.add(index);
    const { op, out, arg } = instructions[index] as Instruction;
    if (op >= RUNE) steps.push(numbers.get(index) as number);
    else if (op === MATCH) isMatch = true;
    else if (op === ALT || op === ALT_MATCH) left.push(out, arg);
    else if (op === CAPTURE || op === EMPTY_WIDTH || op === NOP) left.push(out);
    else if (op !== FAIL) throw new Error(`re2js has an instruction ${op}`);
  }
  return { steps, isMatch };
}

function accepts(instruction: Instruction, codepoint: number): boolean {
  if (instruction.op === RUNE_ANY) return true;
  if (instruction.op === RUNE_ANY_NOT_NL) return codepoint !== NEWLINE;
  return instruction.matchRune(codepoint);
}

function acceptsOther(instruction: Instruction): boolean {
  const { op, runes } = instruction;
  if (op !== RUNE && op !== RUNE1) return true;
  const last = runes[runes.length - 1] ?? 0;
  return last > 0x7f || accepts(instruction, KELVIN_SIGN) || accepts(instruction, LONG_S);
}
