/**
 * Reads the words of a call. The dialect is older than any parser's: --sessions-dir stands anywhere,
 * also after a program whose own long options are left to it, and an empty word is one that a tool
 * definition had nothing for.
 */
import type { Command, Given } from './command.ts';
import { Refusal } from './refusal.ts';

export interface Line {
  /** Without it, what was asked for is help or the version, or nothing at all. */
  name: string | undefined;
  words: readonly string[];
  sessionsDir: string | undefined;
}

/** Takes what concerns every command out of the words. After a `--` nothing is ours. */
export function splitLine(line: readonly string[]): Line {
  const words: string[] = [];
  let sessionsDir: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const word = line[index] as string;
    if (word === '--' && isStillOurs(words)) {
      words.push(...line.slice(index));
      break;
    }
    const [, joined] = /^--sessions-dir(?:=(.*))?$/s.exec(word) ?? [null, null];
    if (joined === null) {
      words.push(word);
      continue;
    }
    sessionsDir = joined ?? line[++index];
    if (!sessionsDir) throw new Refusal('--sessions-dir requires a value');
  }
  const at = words.findIndex((word) => word !== '');
  return { name: words[at], words: words.slice(at + 1), sessionsDir };
}

/** `start --` and `exec ID --`: no program or command has begun yet, so the `--` is not part of one. */
function isStillOurs(words: readonly string[]): boolean {
  const given = words.filter((word) => word !== '' && !word.startsWith('-'));
  return given.length === (given[0] === 'start' ? 1 : 2);
}

/** Asked for the help of a command, not for that of the program it starts. */
export function wantsHelp(command: Command, words: readonly string[]): boolean {
  return words.slice(0, endOfOurs(command, words)).some((word) => word === '--help' || word === '-h');
}

/** @throws Refusal */
export function readArguments(name: string, command: Command, words: readonly string[]): Given {
  const end = endOfOurs(command, words);
  const given: string[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < end; index++) {
    const word = words[index] as string;
    const [, option, joined] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (option === undefined) {
      if (word !== '') given.push(word);
      continue;
    }
    const known = command.options?.[option];
    if (known === undefined) throw new Refusal(`Unknown option: --${option}`, helpOf(name));
    if (known.placeholder === undefined) {
      if (joined !== undefined) throw new Refusal(`--${option} takes no value`);
      options.set(option, '');
      continue;
    }
    const value = joined ?? words[++index];
    if (value === undefined || index >= end) throw new Refusal(`--${option} requires a value`, helpOf(name));
    options.set(option, value);
  }
  given.push(...words.slice(words[end] === '--' ? end + 1 : end));
  const surplus = command.most === undefined ? undefined : given[command.most];
  if (surplus !== undefined) throw new Refusal(`Unexpected argument: ${surplus}`, helpOf(name));
  return { arguments: given, options };
}

function helpOf(name: string): string {
  return `'${name} --help' shows what it takes.`;
}

/** Where the words of a program, or of a command for a shell, begin. */
function endOfOurs({ verbatimFrom, options = {} }: Command, words: readonly string[]): number {
  let seen = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (word === '--') return index;
    if (word.startsWith('--') || word === '-h') {
      const takesNext = options[word.slice(2)]?.placeholder !== undefined;
      if (takesNext) index++;
    } else if (word !== '' && seen++ === verbatimFrom) return index;
  }
  return words.length;
}
