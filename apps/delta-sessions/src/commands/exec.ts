/**
 * One command in the session's own shell, its whole output and its exit code. What it changes (directory,
 * variables, functions, in a REPL everything) is there for the next one.
 */
import { isUtf8 } from 'node:buffer';
import { MAX_DURATION_MS, type Result } from '@pilotty/client';
import { readAll, signalExitCode } from '@pilotty/client/node';
import { type Around, command, type Given, printJson } from '../command.ts';
import type { Io } from '../io.ts';
import { Refusal } from '../refusal.ts';
import { recordExecution } from '../sessions/activity-log.ts';
import { isExited, isGone, type Session } from '../sessions/session.ts';
import { wholeNumber } from '../whole-number.ts';

/** As with timeout(1). */
const DEADLINE_EXIT_CODE = 124;
/** The command ran, and its exit code is unknown: never 0. */
const UNKNOWN_EXIT_CODE = 123;
const USAGE = 'Usage: delta-sessions exec <session_id> < command';

type Answer = Result<'session.exec'> & { stdout: Buffer; stderr: Buffer };

export const exec = command({
  usage: 'ID [COMMAND...]',
  summary: 'run a command, from stdin unless it is given, and print what it printed',
  options: {
    json: { description: 'stdout, stderr, exit code and time as one object' },
    timeout: { placeholder: 'MS', description: 'answer after so long with what there is, and exit with 124' },
    wait: { description: 'go on with the command that was still running then' },
    pty: { description: 'on the terminal itself: colours, one stream, input by write' },
  },
  verbatimFrom: 1,
  examples: [
    ["printf '%s' 'cd /tmp && make' | delta-sessions exec ID", 'exits with the exit code of make'],
    ["delta-sessions exec ID --json 'ls nonexistent'", 'stdout and stderr apart'],
    ['delta-sessions exec --timeout 25000 ID < script.sh', 'sure to answer before a tool is given up on'],
    ['delta-sessions exec ID --wait', 'and then the rest'],
  ],
  async run(given, around) {
    const [id] = given.arguments;
    if (id === undefined) throw new Refusal(USAGE);
    const session = around.sessions.get(id);
    const text = await commandOf(given, around);
    await session.update();
    if (!session.isRunning) throw terminated(session);
    const { end } = session.output;
    await session.change(({ state }) => {
      state.input_offset = end;
    });
    const answer = await runIn(session, text, given, around);
    await remember(session, text, answer);
    if (given.options.has('json')) await printJson(around, jsonOf(answer));
    if (answer.outcome === 'deadline') await around.io.stderr.write(stillRunning(session, around));
    return await exitCodeOf(answer);
  },
});

/** undefined to wait for the one that runs. */
async function commandOf(
  { arguments: [, ...words], options }: Given,
  { io }: Around,
): Promise<string | undefined> {
  if (options.has('wait')) {
    if (words.length > 0) throw new Refusal('--wait takes no command: it goes on with the one that runs');
    return undefined;
  }
  const text = words.length > 0 ? words.join(' ') : await commandOnStdin(io);
  if (text.trim() === '') throw new Refusal('No command provided (stdin is empty)', USAGE);
  return text;
}

async function commandOnStdin(io: Io): Promise<string> {
  const bytes = await readAll(io.stdin(), 'stdin', io.signal);
  if (!isUtf8(bytes)) throw new Refusal('The command on stdin is not UTF-8', USAGE);
  return bytes.toString();
}

async function runIn(
  session: Session,
  text: string | undefined,
  { options }: Given,
  { io, sessions }: Around,
): Promise<Answer> {
  const timeoutMs = wholeNumber(options.get('timeout'), 'timeout') || undefined;
  const printed: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  const take = ({ stream, data_base64 }: { stream: 'stdout' | 'stderr'; data_base64: string }) => {
    const bytes = Buffer.from(data_base64, 'base64');
    if (!options.has('json')) return io[stream].write(bytes);
    printed[stream].push(bytes);
  };
  const ask = (asked: string | undefined) =>
    session.client.request(
      'session.exec',
      {
        session: session.target,
        ...(asked === undefined ? { wait: true } : { command: asked, pty: options.has('pty') }),
        timeout_ms: timeoutMs ?? MAX_DURATION_MS,
      },
      { signal: io.signal, onEvent: take },
    );
  try {
    let result = await ask(text);
    // No deadline was given; the daemon's timers are shorter than some commands.
    while (result.outcome === 'deadline' && timeoutMs === undefined) result = await ask(undefined);
    return { ...result, stdout: Buffer.concat(printed.stdout), stderr: Buffer.concat(printed.stderr) };
  } catch (error) {
    if (!isGone(error) && !isExited(error)) throw error;
    await session.update();
    throw session.isRunning ? error : sessions.dead(session);
  }
}

async function remember(session: Session, text: string | undefined, answer: Answer): Promise<void> {
  const { exit_code, duration_ms, outcome, cwd } = answer;
  recordExecution(session.directory, {
    command: text ?? null,
    exit_code,
    execution_time_ms: duration_ms,
    ...(outcome !== 'matched' && { outcome }),
  });
  await session.update();
  await session.change(({ metadata, state }) => {
    metadata.last_executed_at = metadata.last_accessed_at = new Date().toISOString();
    if (text !== undefined) metadata.execution_count += 1;
    state.work_dir = cwd ?? state.work_dir;
  });
}

/** In this interface's own names. */
function jsonOf({ stdout, stderr, exit_code, duration_ms, outcome, cwd, ...more }: Answer): object {
  return {
    stdout: stdout.toString(),
    stderr: stderr.toString(),
    exit_code,
    execution_time_ms: duration_ms,
    outcome: outcome === 'matched' ? 'done' : outcome,
    cwd,
    ...(more.truncated && { truncated: true, dropped_bytes: more.missed_bytes }),
    ...(more.error !== undefined && { error: more.error }),
  };
}

async function exitCodeOf({ outcome, exit_code, signal, error }: Answer): Promise<number> {
  if (outcome === 'deadline') return DEADLINE_EXIT_CODE;
  if (exit_code !== null) return exit_code;
  if (signal) return await signalExitCode(signal);
  // A program of which only the prompt is known reports no errors.
  if (error === undefined) return UNKNOWN_EXIT_CODE;
  return error ? 1 : 0;
}

function stillRunning({ id }: Session, { generation: { program } }: Around): string {
  const next = [
    `'${program} exec ${id} --wait' waits for the rest`,
    `'${program} write-key ${id} ctrl+c' interrupts it`,
  ];
  return `The command still runs: ${next.join(', ')}.\n`;
}

function terminated({ id }: Session): Refusal {
  return new Refusal(`Session ${id} is terminated`, "'delta-sessions start' starts another.");
}
