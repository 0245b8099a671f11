/**
 * The shape of a command: what it takes, declared once for the parser, the help and the type of
 * `run`'s arguments; and `run` itself, a function of (arguments, io, client) that touches no process.
 */
import { type Client, MAX_DURATION_MS, nearest, parseDuration } from '@pilotty/client';
import type { Io } from './io.ts';

import { UsageError } from './usage-error.ts';

export interface Option<T> {
  description: string;
  short?: string | undefined;
  /** Stands for the value in the help; absent on a switch. */
  placeholder?: string;
  isRepeatable?: boolean;
  /** What stands for a value that is left out; without it one must be given. */
  preset?: string;
  /** Its value is given as --name=VALUE only: a word that follows is never its value. */
  isJoined?: boolean;
  /** The heading under which the help shows it. */
  group?: string;
  /** Many commands share it: their help only names it, and the help topic describes it. */
  topic?: string;
  /** The option's value when it is not given. */
  absent: T;
  /** Makes the option's value of the text given, and of its value before; absent on a switch. @throws UsageError, without the option's name */
  read?(given: string, before: T): T;
}

export interface Argument<T> {
  description: string;
  isOptional: boolean;
  /** Takes every word that is left. */
  isRest?: boolean;
  /** The first such word ends the options: what follows belongs to a program. */
  isProgram?: boolean;
  /** `-l` or `--literal` before a word keeps its place among them: read() gets the word with LITERAL before it. */
  hasLiterals?: boolean;
  /** Makes the argument's value of a word, and of its value after the words before; absent on a program. @throws UsageError */
  read?(word: string, before: T | undefined): T;
}

export type Options = Record<string, Option<unknown>>;
export type Arguments = Record<string, Argument<unknown>>;

/** What `run` gets: every argument and option under its own name. */
export type Given<A, O> = { [K in keyof A]: A[K] extends Argument<infer T> ? T : never } & {
  [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** Every command has these. */
export interface Always {
  json: boolean;
  quiet: boolean;
  fields: string[] | undefined;
  as: string | undefined;
  host: string | undefined;
  fleet: string | undefined;
  'remote-path': string | undefined;
}

export interface Command<A extends Arguments = Arguments, O extends Options = Options> {
  name: string;
  /** A few words, for the list of commands. */
  summary: string;
  description?: string;
  arguments?: A;
  options?: O;
  /** Words such as `-web`, which are no option, are arguments. */
  takesDashWords?: boolean;
  /** At least two: the line, and what it is for. */
  examples: readonly (readonly [line: string, purpose: string])[];
  /** Whether the client starts a daemon where none runs. */
  startsDaemon: boolean;
  /** What an error exits with, where the number in the table of errors already means something else here. */
  exitCodeOfError?(exitCode: number): number;
  /** Members of its answer that the result of its request has not, or all of them; as members.ts reads them. */
  answer?: { besides: string } | { only: string };
  /** Why this cannot be a line of a batch; absent, or undefined, when it can. */
  batchUnsupportedReason?(given: Given<A, O> & Always): string | undefined;
  /** Why it cannot be done on another host, and there is nothing of it to do here; absent, or undefined, when it can. */
  hostUnsupportedReason?(given: Given<A, O> & Always): string | undefined;
  /** It is never done elsewhere: --host and --fleet, where it has them, mean something else. */
  isAboutThisHost?: true;
  /**
   * Whether it must run in a process of its own: it reads files that the user named, looks at the process it runs in,
   * or ends the daemon. What does not may run inside the daemon.
   */
  needsProcess?(given: Given<A, O> & Always): boolean;
  /** Answers the exit code. `calledAs` is the word that was written: the name, or a short one for it. */
  run(
    given: Given<A, O> & Always,
    io: Io,
    client: Client,
    runLine: RunLine,
    calledAs: string,
    table: CommandTable,
  ): Promise<number>;
}

/** Every command by the group of the help and by its name, and the short names of some. Each is loaded when it is asked for. */
export interface CommandTable {
  readonly groups: Readonly<
    Record<string, Readonly<Record<string, () => Promise<{ declaration: Command }>>>>
  >;
  readonly aliases: Readonly<Record<string, string>>;
}

/** Runs another command line over the same client; answers its exit code. */
export type RunLine = (line: readonly string[], io: Io) => Promise<number>;

export function command<A extends Arguments = Record<never, never>, O extends Options = Record<never, never>>(
  declaration: Command<A, O>,
): Command {
  // Sound, because the parser makes `given` from this very declaration.
  return declaration as unknown as Command;
}

export function flag(description: string, short?: string): Option<boolean> {
  return { description, short, absent: false };
}

/** Puts options under a heading of the help. */
export function grouped<O extends Options>(group: string, options: O, topic?: string): O {
  const entries = Object.entries<Option<unknown>>(options).map(([name, option]) => [
    name,
    { ...option, group, ...(topic !== undefined && { topic }) },
  ]);
  return Object.fromEntries(entries) as O;
}

/** Makes a value of the text given; `choices` are the only texts it takes, see choices.ts. */
export interface Parse<T> {
  (text: string): T;
  choices?: readonly string[];
}

/** Given twice, the last one counts. */
export function value<T>(
  placeholder: string,
  parse: Parse<T>,
  description: string,
  short?: string,
): Option<T | undefined> {
  return { description, placeholder, short, absent: undefined, read: parse };
}

export function list<T>(
  placeholder: string,
  parse: Parse<T>,
  description: string,
  short?: string,
): Option<T[]> {
  return {
    description,
    placeholder,
    short,
    isRepeatable: true,
    absent: [],
    read: Object.assign((given: string, before: T[]) => [...before, parse(given)], parse),
  };
}

export function required<T>(description: string, parse: Parse<T>): Argument<T> {
  return { description, isOptional: false, read: parse };
}

export function optional<T>(description: string, parse: Parse<T>): Argument<T | undefined> {
  return { description, isOptional: true, read: parse };
}

export function rest<T>(description: string, parse: (text: string) => T): Argument<T[]> {
  return {
    description,
    isOptional: true,
    isRest: true,
    read: (word, before = []) => [...before, parse(word)],
  };
}

/** Stands before a word that followed `--literal`: no word of a command line can hold it. */
export const LITERAL = '\0';

/** Words in their order, with those among them that `--literal` says to take as they are. */
export function words<T>(description: string, parse: (word: string, isLiteral: boolean) => T): Argument<T[]> {
  return {
    description,
    isOptional: true,
    isRest: true,
    hasLiterals: true,
    read: (word, before = []) => {
      const isLiteral = word.startsWith(LITERAL);
      return [...before, parse(isLiteral ? word.slice(LITERAL.length) : word, isLiteral)];
    },
  };
}

export interface Program {
  words: string[];
  /** `--` stood before it: every word is the program's. */
  isVerbatim: boolean;
}

export function program(description: string, isOptional: boolean): Argument<Program> {
  return { description, isOptional, isRest: true, isProgram: true };
}

export function text(given: string): string {
  return given;
}

export function nonEmpty(given: string): string {
  if (given === '') throw new UsageError('is empty');
  return given;
}

export function oneOf<const T extends string>(...choices: readonly T[]): Parse<T> {
  const parse = (given: string) => {
    const found = choices.find((word) => word === given);
    if (found !== undefined) return found;
    const meant = nearest(given, choices);
    throw new UsageError(
      `is '${given}', and must be ${alternatives(choices)}`,
      meant === undefined ? undefined : `Did you mean ${meant}?`,
    );
  };
  return Object.assign(parse, { choices });
}

/** 'a, b or c' */
function alternatives(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

export function integer(given: string): number {
  const number = Number(given);
  if (!/^\d+$/.test(given)) throw new UsageError(`is '${given}', and must be a whole number`);
  if (!Number.isSafeInteger(number))
    throw new UsageError(`is ${given}, and must be at most ${Number.MAX_SAFE_INTEGER}`);
  return number;
}

export function integerFrom(least: number, most: number): (given: string) => number {
  return (given) => {
    const number = integer(given);
    if (number < least || number > most) {
      throw new UsageError(`is ${given}, and must be from ${least} to ${most}`);
    }
    return number;
  };
}

/** Columns and rows of a terminal: what the protocol allows. */
export const cols = integerFrom(2, 1000);
export const rows = integerFrom(1, 1000);

/** `120x40`: columns, then rows. */
export function size(given: string): { cols: number; rows: number } {
  const [, wide, high] = /^(\d+)[xX](\d+)$/.exec(given) ?? [];
  if (wide === undefined || high === undefined)
    throw new UsageError(`is '${given}', and must be COLSxROWS, such as 120x40`);
  try {
    return { cols: cols(wide), rows: rows(high) };
  } catch {
    throw new UsageError(`is '${given}', and must be from 2x1 to 1000x1000`);
  }
}

/** `500`, `500ms`, `2s`, `1.5s`, `5m`, `1h`, `1h30m`: milliseconds. */
const duration = durationUpTo(MAX_DURATION_MS);

/** Below it, a bare number given as a deadline was surely meant in seconds: no program answers in 30 ms for certain. */
const LEAST_BARE_DEADLINE_MS = 100;

/** Below it, a bare number was surely meant in seconds, or minutes: no screen settles in 5 ms for certain. */
const LEAST_BARE_REST_MS = 20;

/** How long nothing has to happen. */
export function restTime(given: string): number {
  return withUnitBelow(LEAST_BARE_REST_MS, given);
}

/** How long to wait at most. 0 looks once and does not wait. */
export function deadline(given: string): number {
  return withUnitBelow(LEAST_BARE_DEADLINE_MS, given);
}

function withUnitBelow(leastMs: number, given: string): number {
  const ms = duration(given);
  if (/^[\d.]+$/.test(given) && ms > 0 && ms < leastMs) {
    throw new UsageError(
      `is '${given}', which would be milliseconds`,
      `Write ${given}s for seconds, or ${given}ms.`,
    );
  }
  return ms;
}

/** How long something lasts, for which 0 makes no sense. Left out it is what the help of its option says. */
export function positiveTime(given: string): number {
  const ms = deadline(given);
  if (ms > 0) return ms;
  throw new UsageError(`is '${given}', and must be more than 0`);
}

/** How long something may live; at 0 it would end as it begins. */
export function lifetime(given: string): number {
  const ms = deadline(given);
  if (ms > 0) return ms;
  throw new UsageError(`is '${given}', and would end the program at once`, 'Leave it out for no limit.');
}

export function durationUpTo(maxMs: number): (given: string) => number {
  return (given) => {
    const ms = parseDuration(given);
    if (ms === undefined)
      throw new UsageError(`is '${given}', and must be a duration such as 500ms, 2s or 5m`);
    if (ms > maxMs) throw new UsageError(`is '${given}', and must be from 0 to ${maxMs} ms`);
    return ms;
  };
}

export const sessionOption = value(
  'NAME',
  nonEmpty,
  'name or id of the session (default: $PILOTTY_SESSION, else the running one started or acted on last)',
  's',
);

/** Left out, the daemon takes the running session that was started or acted on last. */
export function sessionOf(given: { session: string | undefined }, io: Io): string | undefined {
  return given.session ?? (io.env.PILOTTY_SESSION || undefined);
}
