/**
 * The compiled program of a regular expression, for what re2js itself does not answer: whether a match may be under way,
 * and which characters it could go on with. It is private to that package (Inst and Prog of 2.10.0), whose version is
 * pinned because of this file.
 *
 * Every `\b`, `^` and `$` is taken for possible: an answer may be yes where there will be no match, and is never no where
 * there may be one.
 */
import type { RE2JS } from 're2js';

export interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  /** The characters it accepts, as ranges: first and last of each. */
  readonly runes: ArrayLike<number>;
  matchRune(codepoint: number): boolean;
}

export interface Program {
  readonly inst: readonly Instruction[];
  readonly start: number;
}

const ALT = 1;
const ALT_MATCH = 2;
const CAPTURE = 3;
const EMPTY_WIDTH = 4;
const MATCH = 6;
const NOP = 7;
const RUNE = 8;
const RUNE1 = 9;
const RUNE_ANY = 10;
const RUNE_ANY_NOT_NEWLINE = 11;

const NEWLINE = 0x0a;

/** What an expression waits for at some place in it. */
export interface Threads {
  /** Numbers of the instructions that take a character. */
  readonly characters: readonly number[];
  /** A match is complete here. */
  readonly isMatch: boolean;
  /** Whether it is one depends on the character that follows. */
  readonly looksAhead: boolean;
}

export function programOf(regex: RE2JS): Program {
  return (regex.re2() as unknown as { prog: Program }).prog;
}

/** Whether all of its instructions are known here. */
export function isKnown({ inst }: Program): boolean {
  return inst.every(({ op }) => op >= ALT && op <= RUNE_ANY_NOT_NEWLINE);
}

export function takesCharacter({ op }: Instruction): boolean {
  return op >= RUNE && op <= RUNE_ANY_NOT_NEWLINE;
}

/** It names the characters it takes. */
export function namesCharacters({ op }: Instruction): boolean {
  return op === RUNE || op === RUNE1;
}

export function accepts(instruction: Instruction, codepoint: number): boolean {
  if (instruction.op === RUNE_ANY) return true;
  if (instruction.op === RUNE_ANY_NOT_NEWLINE) return codepoint !== NEWLINE;
  return namesCharacters(instruction) && instruction.matchRune(codepoint);
}

/** What comes first from these instructions on. */
export function reachable({ inst }: Program, from: readonly number[]): Threads {
  const characters: number[] = [];
  let isMatch = false;
  let looksAhead = false;
  const seen = new Set<number>();
  const open = [...from];
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    if (seen.has(number)) continue;
    seen.add(number);
    const instruction = inst[number] as Instruction;
    const { op, out, arg } = instruction;
    if (op === MATCH) isMatch = true;
    else if (op === EMPTY_WIDTH) looksAhead = true;
    if (takesCharacter(instruction)) characters.push(number);
    else if (op === ALT || op === ALT_MATCH) open.push(out, arg);
    else if (op === CAPTURE || op === NOP || op === EMPTY_WIDTH) open.push(out);
  }
  return { characters, isMatch, looksAhead };
}
