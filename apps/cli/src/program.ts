/**
 * From the words of a command line to an exit code: finds the command, reads its arguments, gives
 * it a client, and shows whatever goes wrong in one form.
 */
import { type Client, errors } from '@pilotty/client';
import { Interruption, signalExitCode } from '@pilotty/client/node';
import type { Command, RunLine } from './command.ts';
import { readLine } from './command-line.ts';
import { aliases, groups } from './commands/index.ts';
import type { Io } from './io.ts';
import { errorBodyOf, printError } from './output.ts';
import { USAGE_EXIT_CODE, UsageError } from './usage-error.ts';

/** `asked` says whether the command that runs just now starts a daemon: a batch runs many with one client. */
export type MakeClient = (asked: { readonly startsDaemon: boolean }) => Client;

/** What one process runs its command lines with. */
interface Run {
  clientFor(command: Command): Client;
  isInBatch: boolean;
}

export async function runProgram(line: readonly string[], io: Io, makeClient: MakeClient): Promise<number> {
  const asked = { startsDaemon: false };
  let client: Client | undefined;
  const clientFor = ({ startsDaemon }: Command) => {
    asked.startsDaemon = startsDaemon;
    client ??= makeClient(asked);
    return client;
  };
  try {
    return await runLine(line, io, { clientFor, isInBatch: false });
  } finally {
    client?.close();
  }
}

async function runLine(line: readonly string[], io: Io, run: Run): Promise<number> {
  let command: Command | undefined;
  try {
    const [first = '--help', ...rest] = asksForHelp(line) ? [...line.slice(1, 2), '--help'] : line;
    command = await findCommand(first);
    if (command !== undefined) return await runCommand(command, first, rest, io, run);
    const { readOverview } = await import('./overview.ts');
    await io.stdout.write(await readOverview(first));
    return 0;
  } catch (error) {
    return await fail(error, command, line, io);
  }
}

/** `help spawn`, and `-h spawn` as well. */
function asksForHelp([first = '', second]: readonly string[]): boolean {
  return first === 'help' || (second !== undefined && (first === '-h' || first === '--help'));
}

async function runCommand(
  command: Command,
  calledAs: string,
  line: readonly string[],
  io: Io,
  run: Run,
): Promise<number> {
  const read = readLine(command, line);
  if ('help' in read) {
    await io.stdout.write(read.help);
    return 0;
  }
  const reason = run.isInBatch ? command.batchUnsupportedReason?.(read.given) : undefined;
  if (reason !== undefined) {
    throw new UsageError(
      `${[command.name, ...line].join(' ')} cannot be a line of a batch: ${reason}`,
      'Run it on its own.',
    );
  }
  const runOther: RunLine = (itsLine, itsIo) => runLine(itsLine, itsIo, { ...run, isInBatch: true });
  return await command.run(read.given, io, run.clientFor(command), runOther, calledAs);
}

async function findCommand(word: string): Promise<Command | undefined> {
  const name = aliases[word] ?? word;
  for (const commands of Object.values(groups)) {
    if (!Object.hasOwn(commands, name)) continue;
    const module = await commands[name]?.();
    return module?.declaration;
  }
  return undefined;
}

async function fail(
  error: unknown,
  command: Command | undefined,
  line: readonly string[],
  io: Io,
): Promise<number> {
  const interruption = io.signal.reason as unknown;
  if (interruption instanceof Interruption) return await signalExitCode(interruption.signal);
  const body =
    error instanceof UsageError
      ? error.toBody(command === undefined ? 'pilotty --help' : `pilotty ${line[0]} --help`)
      : errorBodyOf(error, command);
  await printError(io.stderr, body, line.includes('--json'));
  if (error instanceof UsageError) return USAGE_EXIT_CODE;
  const { exitCode } = errors[body.code];
  return command?.exitCodeOfError?.(exitCode) ?? exitCode;
}
