/**
 * A command in the session's own shell, as if it ran here: its streams on ours as they come, and its
 * exit code. 124 and 125 as for `run`.
 */
import { isUtf8 } from 'node:buffer';
import { type Client, type Params, RequestError, type Result } from '@pilotty/client';
import { signalExitCode } from '@pilotty/client/node';
import { command, deadline, flag, optional, sessionOf, sessionOption, text, value } from '../command.ts';
import { DEADLINE_EXIT_CODE, exitCodeOfOwnFailure, UNKNOWN_EXIT_CODE } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printError, printJson, printNotes } from '../output.ts';
import { readStdin } from '../read-input.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'exec',
  summary: "run a command in the session's shell: output and exit code",
  description: `The command runs in the live shell, as if it were sourced: directory, variables, functions, aliases, options
and jobs persist. Without COMMAND it is read from stdin, of any length, until the deadline. stdout and stderr are printed as they come, byte
by byte; its own stdin is empty. Exits with the command's code; 124 at the deadline: the command keeps running and
--wait waits for the rest; 125 when pilotty itself failed, or no shell waits at its prompt with an empty line: nothing
was sent then. In a python, node or sqlite3 that waits for input the same runs code: it exits with 0, or with 1 after
an error. At the prompt of a shell behind ssh or the like, and of any other program (gdb, psql), the command is typed
there. If the exit code is unknown (gdb, psql) it exits with 123, and says so on stderr.`,
  arguments: { command: optional("the command; '-' or nothing: stdin", text) },
  options: {
    session: sessionOption,
    timeout: value(
      'TIME',
      deadline,
      'time limit of the answer (default: 30s); the command keeps running',
      't',
    ),
    pty: flag('run on the terminal itself: one stream, colors, input from the terminal'),
    wait: flag('wait for the command that passed its deadline'),
  },
  examples: [
    ["pilotty exec 'cd src && git status --short'", 'and the next one starts in src'],
    ['pilotty exec -s build -t 10m < deploy.sh', 'a script of any length'],
    ['pilotty exec --wait -t 10m', 'the rest of a command that took longer'],
    ["pilotty exec --json 'make test' | jq .exit_code", 'output, exit code and directory as one object'],
    ["pilotty exec -s ssh 'uname -a'", 'in the remote shell: the command is typed there'],
    ["pilotty exec -s gdb 'info registers'", 'at the prompt of any other program'],
    ["pilotty exec --pty 'ls --color'", 'with colors'],
  ],
  startsDaemon: true,
  answer: { besides: 'stdout stderr stdout_base64 stderr_base64' },
  exitCodeOfError: exitCodeOfOwnFailure,
  async run(given, io, client) {
    const began = performance.now();
    const command = await commandOf(given, io);
    // Reading the command took some of the time that it has.
    const leftMs = (given.timeout ?? 0) - Math.round(performance.now() - began);
    const request = {
      session: sessionOf(given, io),
      command,
      pty: given.pty,
      wait: given.wait,
      timeout_ms: given.timeout && Math.max(0, leftMs),
    };
    return await (given.json ? collect : stream)(client, request, io);
  },
});

async function commandOf(
  given: { command: string | undefined; wait: boolean; timeout: number | undefined },
  io: Io,
): Promise<string | undefined> {
  if (given.wait) {
    if (given.command !== undefined) throw new UsageError('COMMAND cannot be combined with --wait');
    return undefined;
  }
  if (given.command !== undefined && given.command !== '-') return given.command;
  const bytes = await readStdin('COMMAND', given.command, given.timeout, io);
  if (!isUtf8(bytes))
    throw new UsageError(
      'the command on stdin is not UTF-8',
      "A shell can read it itself: pilotty exec '. ./FILE'.",
    );
  return Buffer.from(bytes).toString();
}

async function stream(client: Client, request: Params<'session.exec'>, io: Io): Promise<number> {
  const result = await client.request('session.exec', request, {
    signal: io.signal,
    onEvent: ({ stream, data_base64 }) => io[stream].write(Buffer.from(data_base64, 'base64')),
  });
  if (result.truncated) await io.stderr.write(`exec: missed_bytes=${result.missed_bytes}\n`);
  if (result.note !== undefined) {
    const error = new RequestError('TIMEOUT', result.note, { suggestion: 'Give it longer with --timeout.' });
    if (result.outcome === 'deadline') await printError(io.stderr, error.toBody(), false);
    else await printNotes(io.stderr, [result.note]);
  }
  if (isUnknown(result) && result.note === undefined)
    await printNotes(io.stderr, ['the exit code is unknown: the program that ran the command reports none']);
  return await exitCodeOf(result);
}

async function collect(client: Client, request: Params<'session.exec'>, io: Io): Promise<number> {
  const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const { type, ...result } = await client.request('session.exec', request, {
    signal: io.signal,
    onEvent: ({ stream, data_base64 }) => void parts[stream].push(Buffer.from(data_base64, 'base64')),
  });
  const { stdout, stderr } = parts;
  await printJson(io.stdout, { type, ...content('stdout', stdout), ...content('stderr', stderr), ...result });
  return await exitCodeOf({ type, ...result });
}

/** Text where it is text. */
function content(name: 'stdout' | 'stderr', parts: readonly Buffer[]): Record<string, string> {
  const bytes = Buffer.concat(parts);
  return isUtf8(bytes) ? { [name]: bytes.toString() } : { [`${name}_base64`]: bytes.toString('base64') };
}

async function exitCodeOf(result: Result<'session.exec'>): Promise<number> {
  const { outcome, exit_code, signal, error } = result;
  if (outcome === 'deadline') return DEADLINE_EXIT_CODE;
  if (signal) return await signalExitCode(signal);
  if (isUnknown(result)) return UNKNOWN_EXIT_CODE;
  // A REPL has no exit code, but it can have failed.
  return exit_code ?? (error ? 1 : 0);
}

/** A REPL that we know says whether there was an error; any other program says nothing. */
function isUnknown({ outcome, exit_code, signal, error }: Result<'session.exec'>): boolean {
  return outcome !== 'deadline' && exit_code === null && !signal && error === undefined;
}
