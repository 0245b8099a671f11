/** The words after a command, read by its declaration. */
import { type Argument, type Arguments, type Command, flag, type Options } from './command.ts';
import { nearest } from './nearest.ts';
import { UsageError } from './usage-error.ts';

/** Every command takes these besides its own. */
export const ALWAYS = {
  json: flag('answer, and fail, in JSON'),
  help: flag('show this help', 'h'),
} satisfies Options;

export interface ParsedArguments {
  given: Record<string, unknown> & { json: boolean };
  wantsHelp: boolean;
}

/** @throws UsageError */
export function parseArguments(command: Command, line: readonly string[]): ParsedArguments {
  const options: Options = { ...command.options, ...ALWAYS };
  const takesProgram = Object.values(command.arguments ?? {}).some((argument) => argument.isProgram);
  const given = new Map<string, string[]>();
  const words: string[] = [];
  const queue = [...line];
  let isVerbatim = false;

  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') {
      isVerbatim = true;
      words.push(...queue.splice(0));
    } else if (word.startsWith('--')) {
      readLong(word);
    } else if (/^-./.test(word) && !isDashWord(word)) {
      readShort(word);
    } else {
      words.push(word);
      if (takesProgram) words.push(...queue.splice(0));
    }
  }
  if (given.has('help')) return { given: { json: given.has('json') }, wantsHelp: true };
  const read: ParsedArguments['given'] = { json: given.has('json') };
  for (const [name, option] of Object.entries(options)) {
    read[name] = labelled(`--${name}`, () => option.read(given.get(name) ?? []));
  }
  Object.assign(read, readWords(command.arguments ?? {}, words, isVerbatim));
  return { given: read, wantsHelp: false };

  function readLong(word: string): void {
    const [, name = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) throw unknownOption(`--${name}`, options, takesProgram);
    if (option.placeholder === undefined) {
      if (inline !== undefined) throw new UsageError(`--${name} takes no value`);
      note(name, '');
    } else {
      note(name, inline ?? nextValue(`--${name}`, `--${name}=`));
    }
  }

  /** One or more letters, of which the last may have a value: `-s NAME`, `-sNAME`, `-rt 5s`. */
  function readShort(word: string): void {
    for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
      const letter = letters.charAt(0);
      const [name, option] = Object.entries(options).find(([, { short }]) => short === letter) ?? [];
      if (name === undefined || option === undefined)
        throw unknownOption(`-${letter}`, options, takesProgram);
      if (option.placeholder !== undefined) {
        note(name, letters.length > 1 ? letters.slice(1) : nextValue(`-${letter}`, `--${name}=`));
        return;
      }
      note(name, '');
    }
  }

  function isDashWord(word: string): boolean {
    if (command.takesDashWords !== true) return false;
    return !Object.values(options).some(({ short }) => short !== undefined && word === `-${short}`);
  }

  function nextValue(label: string, joined: string): string {
    const next = queue.shift();
    if (next === undefined) throw new UsageError(`${label} needs a value`);
    // Far more often a value was forgotten than meant to look like an option.
    if (/^-./.test(next)) {
      throw new UsageError(
        `${label} needs a value, and '${next}' looks like an option`,
        `Write ${joined}${next} if it is the value.`,
      );
    }
    return next;
  }

  function note(name: string, text: string): void {
    given.set(name, [...(given.get(name) ?? []), text]);
  }
}

function readWords(declared: Arguments, words: string[], isVerbatim: boolean): Record<string, unknown> {
  const left = [...words];
  const read: Record<string, unknown> = {};
  for (const [name, argument] of Object.entries(declared)) {
    const mine = argument.isRest ? left.splice(0) : left.splice(0, 1);
    if (mine.length === 0 && !argument.isOptional)
      throw new UsageError(`${usageOf(name, argument)} is missing`);
    read[name] = labelled(usageOf(name, argument), () => argument.read(mine, isVerbatim));
  }
  if (left.length > 0) {
    const [first = ''] = left;
    throw new UsageError(
      Object.keys(declared).length === 0
        ? `takes no argument, and got '${first}'`
        : `one argument too many: '${first}'`,
      'Put quotes around an argument that has spaces.',
    );
  }
  return read;
}

export function usageOf(name: string, { isOptional, isProgram, isRest }: Argument<unknown>): string {
  const word = isProgram ? 'PROGRAM ARGS…' : `${name.toUpperCase()}${isRest ? '…' : ''}`;
  return isOptional ? `[${word}]` : word;
}

function labelled<T>(label: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${label} ${error.message}`, error.suggestion);
    throw error;
  }
}

function unknownOption(option: string, options: Options, takesProgram: boolean): UsageError {
  const found = nearest(
    option,
    Object.keys(options).map((name) => `--${name}`),
  );
  const dashes = takesProgram
    ? "Put '--' before a program whose name begins with '-'."
    : "Put '--' before an argument that begins with '-'.";
  return new UsageError(`unknown option ${option}`, found === undefined ? dashes : `Did you mean ${found}?`);
}
