import { linesOf, wordsOf } from '../batch-line.ts';
import { CapturedOutput } from '../captured-output.ts';
import { command, flag, optional, type RunLine, text } from '../command.ts';
import type { Io } from '../io.ts';
import { printJsonLine } from '../output.ts';
import { streamFile } from '../read-file.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'batch',
  summary: 'run many commands, one a line, over one connection',
  description: `A line is a command as it would stand after 'pilotty', with quotes as in a shell, or a JSON array of its
arguments. Nothing is expanded: no variables, no globs, no ~, no pipes. Empty lines are skipped, and comments:
# at the beginning of a word, and what follows it. A command begins as soon as its line is there and the one before
has ended; when it ends, one line of JSON reports: line, command, exit_code, duration_ms, then what it printed as result (an
object), output (text) or output_base64 (not UTF-8), and error and stderr (or stderr_base64) if there are any. Exits
with the code of the first command that failed; a line that cannot be understood fails with 2. A command that reads
stdin is refused when the lines come from there; otherwise the first one has it.`,
  arguments: { file: optional("the file with the lines; '-' or nothing: stdin", text) },
  options: { bail: flag('stop after the first command that fails') },
  examples: [
    ['pilotty batch setup.txt --bail', 'the commands of a file, up to the first that fails'],
    ["printf '%s\\n' 'key Down' 'snapshot --format text' | pilotty batch", 'act and look, in one process'],
    ["pilotty batch < steps | jq -r 'select(.error).error.message'", 'what went wrong'],
  ],
  startsDaemon: false,
  answer: {
    only: 'line command exit_code duration_ms result{*} output output_base64 stderr stderr_base64 error{code message suggestion details{*}}',
  },
  batchUnsupportedReason: () => 'put its lines into the batch itself',
  needsProcess: () => true,
  async run(given, io, _client, runLine) {
    const { file = '-', bail } = given;
    if (given.file === undefined && io.stdinIsTty)
      throw new UsageError(
        'FILE is missing, and stdin is a terminal',
        "Give FILE, or '-' to enter the lines here up to Ctrl+D.",
      );
    const chunks = file === '-' ? io.stdin() : streamFile(file, io);
    const ioOfLines = { ...io, ...stdinOfLines(file === '-', io) };
    let exitCode = 0;
    let line = 0;
    for await (const bytes of linesOf(chunks)) {
      line += 1;
      const outcome = await runOne(bytes, ioOfLines, runLine);
      io.signal.throwIfAborted();
      if (outcome === undefined) continue;
      await printJsonLine(io.stdout, { line, ...outcome });
      exitCode ||= outcome.exit_code;
      if (bail && exitCode !== 0) break;
    }
    return exitCode;
  },
});

/** One line of the answer, without its number. */
interface Outcome {
  command?: string[];
  exit_code: number;
  duration_ms?: number;
  result?: unknown;
  output?: string;
  output_base64?: string;
  error?: unknown;
  stderr?: string;
  stderr_base64?: string;
}

/** Undefined where there is no command on the line. */
async function runOne(line: Buffer, io: Io, runLine: RunLine): Promise<Outcome | undefined> {
  let command: string[];
  try {
    command = wordsOf(line);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { exit_code: USAGE_EXIT_CODE, error: error.toBody('pilotty batch --help') };
  }
  if (command.length === 0) return undefined;
  const stdout = new CapturedOutput();
  const stderr = new CapturedOutput();
  const began = performance.now();
  const exitCode = await runLine(command, { ...io, stdout, stderr });
  const duration_ms = Math.round(performance.now() - began);
  return {
    command,
    exit_code: exitCode,
    duration_ms,
    ...(stdout.object !== undefined && { result: stdout.object }),
    ...printed('output', stdout.content),
    ...(stderr.object !== undefined && { error: stderr.object }),
    ...printed('stderr', stderr.content),
  };
}

/** Text where it is text. */
function printed(name: 'output' | 'stderr', content: string | Buffer | undefined): Partial<Outcome> {
  if (content === undefined) return {};
  return typeof content === 'string'
    ? { [name]: content }
    : { [`${name}_base64`]: content.toString('base64') };
}

/** A second reader would find nothing, and take that for an empty text. */
function stdinOfLines(isBatch: boolean, io: Io): Pick<Io, 'stdin'> {
  let taken = isBatch ? 'stdin holds the lines of the batch' : undefined;
  const take = () => {
    if (taken !== undefined) throw new UsageError(taken, 'Give the text itself, or a file.');
    taken = 'an earlier line has read stdin';
    return io;
  };
  return { stdin: (until) => take().stdin(until) };
}
