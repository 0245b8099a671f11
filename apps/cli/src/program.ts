/**
 * From the words of a command line to an exit code: finds the command, reads its arguments, gives
 * it a client, and shows whatever goes wrong in one form.
 */
import { type Client, errors, VERSION } from '@pilotty/client';
import type { Command } from './command.ts';
import { aliases, groups } from './commands/index.ts';
import { Interruption, type Io } from './io.ts';
import { nearest } from './nearest.ts';
import { errorBodyOf, printError } from './output.ts';
import { parseArguments } from './parse-arguments.ts';
import { signalExitCode } from './signal-exit-code.ts';
import { UsageError } from './usage-error.ts';

const USAGE_EXIT_CODE = 2;

export type MakeClient = (options: { startsDaemon: boolean }) => Client;

export async function runProgram(line: readonly string[], io: Io, makeClient: MakeClient): Promise<number> {
  const [first = '--help', ...rest] = line;
  try {
    switch (first) {
      case '--version':
      case '-V':
        await io.stdout.write(`pilotty ${VERSION}\n`);
        return 0;
      case '--help':
      case '-h':
      case 'help':
        await io.stdout.write(await helpFor(rest));
        return 0;
      default:
        return await runCommand(await findCommand(first), rest, io, makeClient);
    }
  } catch (error) {
    return await fail(error, line, io);
  }
}

async function runCommand(
  command: Command,
  line: readonly string[],
  io: Io,
  makeClient: MakeClient,
): Promise<number> {
  const { given, wantsHelp } = parseArguments(command, line);
  if (wantsHelp) {
    await io.stdout.write(await helpFor([command.name]));
    return 0;
  }
  const client = makeClient(command);
  try {
    return await command.run(given, io, client);
  } finally {
    client.close();
  }
}

async function helpFor([name]: readonly string[]): Promise<string> {
  const { commandHelp, programHelp } = await import('./help.ts');
  return name === undefined ? await programHelp() : commandHelp(await findCommand(name));
}

async function findCommand(word: string): Promise<Command> {
  const name = aliases[word] ?? word;
  for (const commands of Object.values(groups)) {
    if (!Object.hasOwn(commands, name)) continue;
    const module = await commands[name]?.();
    if (module !== undefined) return module.declaration;
  }
  if (word.startsWith('-')) {
    throw new UsageError(`unknown option ${word}`, 'The command comes first, its options after it.');
  }
  const names = Object.values(groups).flatMap((commands) => Object.keys(commands));
  const meant = nearest(word, [...names, ...Object.keys(aliases)]);
  throw new UsageError(
    `unknown command '${word}'`,
    meant === undefined ? undefined : `Did you mean '${meant}'?`,
  );
}

async function fail(error: unknown, line: readonly string[], io: Io): Promise<number> {
  const interruption = io.signal.reason as unknown;
  if (interruption instanceof Interruption) return await signalExitCode(interruption.signal);
  const wantsJson = line.includes('--json');
  if (error instanceof UsageError) {
    const [command = ''] = line;
    const isKnown = Object.values(groups).some((commands) =>
      Object.hasOwn(commands, aliases[command] ?? command),
    );
    await printError(
      io.stderr,
      error.toBody(isKnown ? `pilotty ${command} --help` : 'pilotty --help'),
      wantsJson,
    );
    return USAGE_EXIT_CODE;
  }
  const body = errorBodyOf(error);
  await printError(io.stderr, body, wantsJson);
  return errors[body.code].exitCode;
}
