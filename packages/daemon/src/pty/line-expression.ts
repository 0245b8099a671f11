/**
 * A regular expression as an automaton that is fed with the characters of lines as they come, and never misses a match:
 * where a line or a word begins or ends, and what stands on the lines before, is taken to be as the expression needs it.
 * One whose compiled program has instructions that are not known makes no automaton.
 */
import type { RE2JS } from 're2js';
import {
  accepts,
  type Instruction,
  isKnown,
  namesCharacters,
  programOf,
  reachable,
  takesCharacter,
} from '../re2-program.ts';

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

const NEWLINE = 0x0a;
/** What k and s are the same as, where case is ignored. */
const KELVIN_SIGN = 0x212a;
const LONG_S = 0x17f;
/** Each may be asked of for every character once. */
const MAX_STEPS = 200;

/** undefined where it may match whatever comes, or cannot be told */
export function lineExpression(pattern: string, regex: RE2JS): LineExpression | undefined {
  const program = programOf(regex);
  const places = program.inst.flatMap((instruction, index) => (takesCharacter(instruction) ? [index] : []));
  if (!isKnown(program) || places.length > MAX_STEPS) return undefined;
  const numbers = new Map(places.map((place, number) => [place, number]));
  const behind = (place: number) => {
    const { characters, isMatch } = reachable(program, [place]);
    return { steps: characters.map((character) => numbers.get(character) as number), isMatch };
  };
  const steps = places.map((place): Step => {
    const instruction = program.inst[place] as Instruction;
    const { steps: next, isMatch: isLast } = behind(instruction.out);
    return {
      accepts: (codepoint) => accepts(instruction, codepoint),
      acceptsOther: acceptsOther(instruction),
      next,
      isLast,
    };
  });
  const { steps: begin, isMatch } = behind(program.start);
  const newlines = steps.filter((step) => step.accepts(NEWLINE));
  if (isMatch || newlines.some(({ isLast }) => isLast)) return undefined;
  const beginOfLine = [...new Set([...begin, ...newlines.flatMap(({ next }) => next)])];
  return { pattern, steps, begin, beginOfLine };
}

function acceptsOther(instruction: Instruction): boolean {
  if (!namesCharacters(instruction)) return true;
  const { runes } = instruction;
  const last = runes[runes.length - 1] ?? 0;
  return last > 0x7f || accepts(instruction, KELVIN_SIGN) || accepts(instruction, LONG_S);
}
