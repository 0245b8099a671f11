/**
 * From the words of a command line to an exit code: finds the command, reads its arguments, gives
 * it a client, and shows whatever goes wrong in one form.
 */
import { type Client, type ConnectionError, type ErrorBody, errors } from '@pilotty/client';
import { type HostAddress, Interruption, requireDecoded, signalExitCode } from '@pilotty/client/node';
import type { MakeClient } from './asked.ts';
import type { ChosenFields } from './chosen-fields.ts';
import type { Always, Command, RunLine } from './command.ts';
import { aliases, groups } from './commands/index.ts';
import type { Line } from './declared.ts';
import { HeldResult } from './held-result.ts';
import type { Io, Output } from './io.ts';
import { errorBodyOf, printError, printJson, printNotes, printWarning } from './output.ts';
import { readPlainLine } from './plain-line.ts';
import { UnreadLineError } from './unread-line-error.ts';
import { USAGE_EXIT_CODE, UsageError } from './usage-error.ts';

/** What one process runs its command lines with. */
interface Run {
  /** @param make for another host */
  clientFor(command: Command, as: string | undefined, make?: MakeClient): Client;
  isInBatch: boolean;
}

export async function runProgram(line: readonly string[], io: Io, makeClient: MakeClient): Promise<number> {
  const asked = {
    startsDaemon: false,
    as: undefined as string | undefined,
    warn: (message: string) => void printWarning(io.stderr, message, line.includes('--json')),
  };
  let client: Client | undefined;
  const clientFor = ({ startsDaemon }: Command, as: string | undefined, make = makeClient) => {
    asked.startsDaemon = startsDaemon;
    asked.as ??= as;
    client ??= make(asked);
    return client;
  };
  try {
    return await runLine(line, io, { clientFor, isInBatch: false });
  } finally {
    client?.close();
  }
}

/**
 * Where a command line can run: in a process of its own alone, or in the daemon too; about another host, there only over
 * a connection that there is, because ssh may have to ask.
 */
export type RunsIn = 'own process' | 'daemon' | { overConnectionTo: HostAddress };

export async function runsIn(line: readonly string[], env: Io['env']): Promise<RunsIn> {
  if (asksForHelp(line)) return 'daemon';
  try {
    const [first = '--help', ...rest] = await commandFirst(line);
    const command = await findCommand(first);
    const read = command && (await readLine(command, rest));
    if (command === undefined || read === undefined || !('given' in read)) return 'daemon';
    if (command.needsProcess?.(read.given)) return 'own process';
    if (!isElsewhere(command, read.given, env)) return 'daemon';
    const host = await (await import('./other-host.ts')).sshHostOf(read.given, env);
    return host === undefined ? 'own process' : { overConnectionTo: host };
  } catch {
    // It says what is wrong with the line, and that is all it does.
    return 'daemon';
  }
}

/** What a command line exits with, and prints on stderr, when something is wrong with its connection to the daemon. */
export async function outcomeOf(
  error: ConnectionError,
  line: readonly string[],
  stderrIsTty: boolean,
): Promise<{ exitCode: number; stderr: string }> {
  let stderr = '';
  const write = async (text: string | Uint8Array) => {
    stderr += text;
  };
  const [first = '--help'] = await commandFirst(line).catch(() => []);
  const command = await findCommand(first);
  const exitCode = await failWith(error, command, line, { write, isTty: stderrIsTty });
  return { exitCode, stderr };
}

async function runLine(line: readonly string[], io: Io, run: Run): Promise<number> {
  let command: Command | undefined;
  try {
    // The words of a batch have been decoded by us.
    if (!run.isInBatch) await requireDecoded(io, { words: line, variables: VARIABLES });
    if (HOST_FIRST.test(line[0] ?? '')) return await runLine(await commandFirst(line), io, run);
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

/** What every command reads, and what reaches a daemon that it starts. */
const VARIABLES = [
  'PILOTTY_SESSION',
  'PILOTTY_SCOPE',
  'PILOTTY_SOCKET_DIR',
  'PILOTTY_REDACT',
  'PILOTTY_POLICY',
] as const;

/** `-H HOST` before the command, as it stands behind it. */
const HOST_FIRST = /^-(H|-(host|fleet|remote-path)\b)/;

/** @throws UsageError where there is no command */
async function commandFirst(line: readonly string[]): Promise<readonly string[]> {
  if (!HOST_FIRST.test(line[0] ?? '')) return line;
  return (await import('./other-host.ts')).commandFirst(line);
}

function isElsewhere({ isAboutThisHost }: Command, { host, fleet }: Always, env: Io['env']): boolean {
  return !isAboutThisHost && Boolean(host ?? fleet ?? (env.PILOTTY_HOST || env.PILOTTY_FLEET));
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
  const read = await readLine(command, line);
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
  const { quiet, fields } = read.given;
  const held = quiet ? new HeldResult() : undefined;
  const chosen = fields && (await chooseFields(fields, command));
  const result = held ?? io.stdout;
  const stdout = chosen ? chosen.into(result) : result;
  const there = isElsewhere(command, read.given, io.env)
    ? await (await import('./other-host.ts')).otherHost(command, read.given, io, run.isInBatch)
    : undefined;
  const client = run.clientFor(command, read.given.as, there?.makeClient);
  const ioThere = { ...io, ...there?.io, stdout };
  const exitCode = await command.run(
    read.given,
    ioThere,
    chosen ? chosen.before(client, ioThere.env) : client,
    runOther,
    calledAs,
    { groups, aliases },
  );
  if (held !== undefined) {
    if (exitCode !== 0 && held.object !== undefined) await printJson(io.stdout, held.object);
    else await printNotes(io.stderr, [held.note]);
  }
  return (await there?.exitCode?.(exitCode)) ?? exitCode;
}

/** Few commands are asked for some of their answer: the names of all members are loaded for those. */
async function chooseFields(fields: readonly string[], command: Command): Promise<ChosenFields> {
  const { ChosenFields } = await import('./chosen-fields.ts');
  return new ChosenFields(fields, command);
}

/** @throws UsageError, UnreadLineError */
async function readLine(command: Command, line: readonly string[]): Promise<Line> {
  return readPlainLine(command, line) ?? (await import('./command-line.ts')).readLine(command, line);
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

/** Neither the table of errors nor the daemon knows the words of the command. */
async function inWordsOf(command: Command | undefined, body: ErrorBody): Promise<ErrorBody> {
  return command === undefined ? body : (await import('./refused-parameters.ts')).inOurWords(body, command);
}

async function fail(
  thrown: unknown,
  command: Command | undefined,
  line: readonly string[],
  io: Io,
): Promise<number> {
  const interruption = io.signal.reason as unknown;
  if (interruption instanceof Interruption) return await signalExitCode(interruption.signal);
  return await failWith(thrown, command, line, io.stderr);
}

async function failWith(
  thrown: unknown,
  command: Command | undefined,
  line: readonly string[],
  stderr: Output,
): Promise<number> {
  const error =
    thrown instanceof UnreadLineError
      ? (await import('./explain-mistake.ts')).explainMistake(thrown)
      : thrown;
  const body =
    error instanceof UsageError
      ? error.toBody(command === undefined ? 'pilotty --help' : `pilotty ${line[0]} --help`)
      : await inWordsOf(command, errorBodyOf(error));
  await printError(stderr, body, line.includes('--json'));
  if (error instanceof UsageError) return USAGE_EXIT_CODE;
  const { exitCode } = errors[body.code];
  return command?.exitCodeOfError?.(exitCode) ?? exitCode;
}
