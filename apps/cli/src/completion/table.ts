/**
 * What can be completed, for every shell: read from the declarations of the commands. What stands for a value is a kind;
 * a shell's script says how it finds the words of one.
 */
import { choicesOf } from '../choices.ts';
import type { Argument, Command, CommandTable, Option } from '../command.ts';
import { ALWAYS } from '../declared.ts';
import { topics } from '../topics.ts';

export type Kind =
  | { kind: 'none' | 'sessions' | 'running' | 'tags' | 'keys' | 'files' | 'directories' | 'program' }
  | { kind: 'words'; words: readonly string[] };

export interface CompletedOption {
  long: string;
  short: string | undefined;
  /** Undefined on a switch. */
  value: (Kind & { label: string }) | undefined;
  isRepeatable: boolean;
  description: string;
}

export interface CompletedArgument {
  label: string;
  value: Kind;
  isRest: boolean;
}

export interface CompletedCommand {
  names: readonly string[];
  summary: string;
  options: readonly CompletedOption[];
  arguments: readonly CompletedArgument[];
}

export async function completionTable({ groups, aliases }: CommandTable): Promise<CompletedCommand[]> {
  const table: CompletedCommand[] = [];
  for (const commands of Object.values(groups))
    for (const load of Object.values(commands))
      table.push(completedCommand((await load()).declaration, aliases));
  const names = table.flatMap((command) => command.names);
  return [...table, helpCommand([...names, ...topics])];
}

/** It is no command of the table, because it is the help of the others. */
function helpCommand(words: readonly string[]): CompletedCommand {
  const value = { kind: 'words', words } as const;
  return {
    names: ['help'],
    summary: 'show the help of a command, or a topic',
    options: [],
    arguments: [{ label: 'COMMAND', value, isRest: false }],
  };
}

/** Besides those with --if-text: of a session that has ended, these can only be refused. */
const NEED_A_PROGRAM = new Set(['attach', 'exec', 'hand-over', 'release', 'take']);

function completedCommand(declaration: Command, aliases: CommandTable['aliases']): CompletedCommand {
  const { name, summary, options = {} } = declaration;
  const sessions = 'if-text' in options || NEED_A_PROGRAM.has(name) ? 'running' : 'sessions';
  return {
    names: [name, ...Object.keys(aliases).filter((alias) => aliases[alias] === name)],
    summary,
    options: [
      ...Object.entries<Option<unknown>>({ ...options, ...ALWAYS }).map(([option, declared]) =>
        completedOption(option, declared, sessions),
      ),
      { long: 'help', short: 'h', value: undefined, isRepeatable: false, description: 'show this help' },
    ],
    arguments: Object.entries(declaration.arguments ?? {}).map(completedArgument),
  };
}

/** Of values that their option says, whatever the command. */
const OPTION_KINDS: Readonly<Record<string, Kind>> = {
  tag: { kind: 'tags' },
  'keep-output-of': { kind: 'tags' },
  cwd: { kind: 'directories' },
};
const PLACEHOLDER_KINDS: Readonly<Record<string, Kind>> = {
  FILE: { kind: 'files' },
  PATH: { kind: 'files' },
  DIR: { kind: 'directories' },
  SIG: { kind: 'words', words: signals() },
};
const ARGUMENT_KINDS: Readonly<Record<string, Kind>> = {
  keys: { kind: 'keys' },
  words: { kind: 'keys' },
  file: { kind: 'files' },
  signal: { kind: 'words', words: signals() },
};

function completedOption(
  name: string,
  declared: Option<unknown>,
  sessions: 'running' | 'sessions',
): CompletedOption {
  const { short, placeholder, isRepeatable = false, description } = declared;
  const choices = choicesOf(declared);
  const kind: Kind = choices
    ? { kind: 'words', words: choices }
    : name === 'session'
      ? { kind: sessions }
      : (OPTION_KINDS[name] ?? PLACEHOLDER_KINDS[placeholder ?? ''] ?? { kind: 'none' });
  const value = placeholder === undefined ? undefined : { ...kind, label: placeholder };
  return { long: name, short, value, isRepeatable, description };
}

function completedArgument([name, argument]: [string, Argument<unknown>]): CompletedArgument {
  const { isRest = false, isProgram } = argument;
  const choices = choicesOf(argument);
  const value: Kind = isProgram
    ? { kind: 'program' }
    : choices
      ? { kind: 'words', words: choices }
      : (ARGUMENT_KINDS[name] ?? { kind: 'none' });
  return { label: name.toUpperCase(), value, isRest };
}

/** Those that are sent by hand. */
function signals(): string[] {
  return ['INT', 'TERM', 'KILL', 'HUP', 'QUIT', 'USR1', 'USR2', 'STOP', 'CONT', 'TSTP', 'WINCH'];
}
