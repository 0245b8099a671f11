/**
 * Reads lines that leave nothing to interpret: options by their whole names, values in words of their own, and words that
 * begin with no dash. Most lines are such, and this takes a tenth of the time of the parser of all
 * lines (command-line.ts), which is not even loaded for them. What this does not read is left to that, and so is all that
 * is wrong with a line; what both read is the same.
 */
import type { Always, Argument, Command, Option } from './command.ts';
import { argumentsOf, hasLiterals, type Line, optionsOf } from './declared.ts';

interface Declared {
  /** By what is written: --session, -s. */
  options: ReadonlyMap<string, { name: string; option: Option<unknown> }>;
  absent: Readonly<Record<string, unknown>>;
  args: readonly [string, Argument<unknown>][];
}

/** A batch reads thousands of lines of a few commands. */
const known = new WeakMap<Command, Declared>();

/** undefined where it has to be read by the parser of all lines */
export function readPlainLine(command: Command, line: readonly string[]): Line | undefined {
  const declared = known.get(command) ?? declaredBy(command);
  known.set(command, declared);
  try {
    return readLine(declared, line);
  } catch {
    // Both parsers refuse it; the other says why.
    return undefined;
  }
}

function declaredBy(command: Command): Declared {
  const options = new Map<string, { name: string; option: Option<unknown> }>();
  const absent: Record<string, unknown> = {};
  for (const [name, option] of optionsOf(command)) {
    absent[name] = option.absent;
    // Its place among the words says what it is about.
    if (name === 'literal' && hasLiterals(command)) continue;
    options.set(`--${name}`, { name, option });
    if (option.short !== undefined) options.set(`-${option.short}`, { name, option });
  }
  return { options, absent, args: argumentsOf(command) };
}

function readLine({ options, absent, args }: Declared, line: readonly string[]): Line | undefined {
  const given: Record<string, unknown> = { ...absent };
  const words: string[] = [];
  const isOfProgram = args[0]?.[1].isProgram ?? false;
  for (let at = 0; at < line.length; at++) {
    const word = line[at] as string;
    if (isOfProgram && (word === '--' || !word.startsWith('-'))) {
      words.push(...line.slice(at));
      break;
    }
    if (!word.startsWith('-')) {
      words.push(word);
      continue;
    }
    const known = options.get(word);
    if (known === undefined) return undefined;
    const { read, preset, isJoined } = known.option;
    if (read === undefined) given[known.name] = true;
    else {
      at++;
      const value = line[at];
      // A value that may be left out, was forgotten, or looks like an option.
      if (preset !== undefined || isJoined || value === undefined || value.startsWith('-')) return undefined;
      given[known.name] = read(value, given[known.name]);
    }
  }
  if (!(isOfProgram ? readProgram(args, words, given) : readArguments(args, words, given))) return undefined;
  if (given.fields !== undefined) given.json = true;
  return { given: given as Record<string, unknown> & Always };
}

/** What follows its first word is the program's, as it is. @returns false where there is none */
function readProgram(
  [first, ...others]: readonly [string, Argument<unknown>][],
  words: readonly string[],
  given: Record<string, unknown>,
): boolean {
  const isVerbatim = words[0] === '--';
  const own = isVerbatim ? words.slice(1) : words;
  if (first === undefined || own.length === 0 || others.length > 0) return false;
  given[first[0]] = { words: own, isVerbatim };
  return true;
}

/** @returns false where there are too few or too many, or they are a program's */
function readArguments(
  args: readonly [string, Argument<unknown>][],
  words: readonly string[],
  given: Record<string, unknown>,
): boolean {
  let taken = 0;
  for (const [name, { read, isOptional, isRest }] of args) {
    if (read === undefined || (taken === words.length && !isOptional)) return false;
    if (isRest) {
      const rest = words.slice(taken);
      given[name] =
        rest.length === 0 ? [] : rest.reduce<unknown>((before, word) => read(word, before), undefined);
      taken = words.length;
    } else {
      given[name] = taken < words.length ? read(words[taken] as string, undefined) : undefined;
      taken++;
    }
  }
  return taken >= words.length;
}
