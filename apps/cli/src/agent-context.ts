/** Everything that there is to know of the command, for programs: the tables that the parser and the help are made from. */
import { errors, MAX_DURATION_MS, MAX_MESSAGE_BYTES, PROTOCOL, VERSION } from '@pilotty/client';
import { actOptions } from './act-options.ts';
import { AGENTS } from './agents-topic.ts';
import { choicesOf } from './choices.ts';
import type { Argument, Command, CommandTable, Option } from './command.ts';
import { ALWAYS } from './declared.ts';
import { environmentTable } from './environment-table.ts';
import { exitCodeTable } from './exit-code-table.ts';
import { keyNames, modifierNames } from './key-names.ts';
import { conditions, WAIT_TOPIC } from './wait-options.ts';

export async function agentContext(table: CommandTable): Promise<object> {
  return {
    type: 'agent_context',
    version: VERSION,
    protocol: PROTOCOL,
    guide: AGENTS,
    commands: await describedCommands(table),
    options_of_every_command: describedOptions(ALWAYS),
    shared_options: { [WAIT_TOPIC]: describedOptions(sharedOptions()) },
    conditions: describedOptions(conditions, 'wait-'),
    exit_codes: exitCodeTable.map(([code, meaning]) => ({ code, meaning })),
    errors: Object.entries(errors).map(([code, { exitCode, httpStatus, meaning, suggestion }]) => ({
      code,
      exit_code: exitCode,
      http_status: httpStatus,
      meaning,
      suggestion,
    })),
    keys: { modifiers: modifierNames, names: keyNames },
    environment: environmentTable.map(([name, meaning]) => ({ name, meaning })),
    limits: LIMITS,
  };
}

/** What a caller may run into; the daemon's own bounds are in docs/limits.md. */
const LIMITS = {
  timeout_ms: { default: 30_000, max: MAX_DURATION_MS },
  message_bytes: { max: MAX_MESSAGE_BYTES },
  cols: { min: 2, max: 1000, default: 80 },
  rows: { min: 1, max: 1000, default: 24 },
  name_characters: { min: 1, max: 64 },
  input_line_bytes: { max: 4095 },
};

async function describedCommands({ groups, aliases }: CommandTable): Promise<object[]> {
  const described: object[] = [];
  for (const [group, commands] of Object.entries(groups)) {
    for (const load of Object.values(commands))
      described.push(describedCommand(group, (await load()).declaration, aliases));
  }
  return described;
}

function describedCommand(group: string, declaration: Command, aliases: CommandTable['aliases']): object {
  const { name, summary, description, examples, startsDaemon } = declaration;
  const own = Object.entries(declaration.options ?? {}).filter(([, { topic }]) => topic === undefined);
  const shared = Object.entries(declaration.options ?? {}).filter(([, { topic }]) => topic !== undefined);
  return {
    name,
    aliases: Object.keys(aliases).filter((alias) => aliases[alias] === name),
    group,
    summary,
    ...(description !== undefined && { description: description.replaceAll('\n', ' ') }),
    starts_daemon: startsDaemon,
    arguments: Object.entries(declaration.arguments ?? {}).map(([argument, described]) =>
      describedArgument(argument, described),
    ),
    options: describedOptions(Object.fromEntries(own)),
    ...(shared.length > 0 && { shared_options: shared.map(([option]) => `--${option}`) }),
    examples: examples.map(([line, purpose]) => ({ line, purpose })),
  };
}

function describedArgument(name: string, argument: Argument<unknown>): object {
  const { description, isOptional, isRest, isProgram } = argument;
  const choices = choicesOf(argument);
  return {
    name,
    description,
    required: !isOptional,
    ...(isRest && { repeatable: true }),
    ...(isProgram && { ends_options: true }),
    ...(choices && { choices }),
  };
}

function describedOptions(options: Readonly<Record<string, Option<unknown>>>, prefix = ''): object[] {
  return Object.entries(options).map(([name, option]) => {
    const { short, placeholder, isRepeatable, preset, description } = option;
    const choices = choicesOf(option);
    return {
      name: `--${prefix}${name}`,
      ...(short !== undefined && { short: `-${short}` }),
      ...(placeholder !== undefined && { value: placeholder }),
      ...(preset !== undefined && { value_if_left_out: preset }),
      ...(isRepeatable && { repeatable: true }),
      ...(choices && { choices }),
      description,
    };
  });
}

function sharedOptions(): Record<string, Option<unknown>> {
  const shared = Object.entries<Option<unknown>>(actOptions).filter(([, { topic }]) => topic !== undefined);
  return Object.fromEntries(shared);
}
