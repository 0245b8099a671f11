/** What commands declare, as their lines are read by it. */
import {
  type Always,
  type Argument,
  type Command,
  flag,
  type Option,
  type Options,
  text,
  value,
} from './command.ts';
import { UsageError } from './usage-error.ts';

/** Every command takes these besides its own. */
export const ALWAYS = {
  json: flag('print results and errors as JSON'),
  quiet: flag('print no result, unless the exit code is not 0', 'q'),
  fields: value('NAMES', fieldNames, 'JSON, and of it only these members: session,wait.outcome'),
  as: value('NAME', label, 'who acts, for others to see (default: $PILOTTY_CLIENT, else your program)'),
  host: value(
    'HOST',
    text,
    'ssh://[USER@]HOST[:PORT], or nats://SERVER/FLEET/HOST (default: $PILOTTY_HOST)',
    'H',
  ),
  fleet: value('FLEET', text, 'all hosts of a fleet: nats://SERVER/FLEET (default: $PILOTTY_FLEET)'),
  'remote-path': value('PATH', text, 'of pilotty there (default: $PILOTTY_REMOTE_PATH)'),
} satisfies Options;

function label(given: string): string {
  if (given.trim() !== '') return given;
  throw new UsageError('is empty');
}

function fieldNames(given: string): string[] {
  const names = given.split(',').map((name) => name.trim());
  if (names.every((name) => /^\w+(?:\.\w+)*$/.test(name))) return names;
  throw new UsageError(`is '${given}', and must be names such as session,wait.outcome`);
}

export type Line = { given: Record<string, unknown> & Always } | { help: string };

export function hasLiterals(command: Command): boolean {
  return argumentsOf(command).some(([, argument]) => argument.hasLiterals);
}

export function takesProgram(command: Command): boolean {
  return argumentsOf(command).some(([, { isProgram }]) => isProgram);
}

export function optionsOf(command: Command): [string, Option<unknown>][] {
  return Object.entries<Option<unknown>>({ ...command.options, ...ALWAYS, ...command.options });
}

export function argumentsOf(command: Command): [string, Argument<unknown>][] {
  return Object.entries(command.arguments ?? {});
}
