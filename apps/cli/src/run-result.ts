/** How `run` answers, whether its program has a terminal or not. */
import { type Client, type Exit, RequestError } from '@pilotty/client';
import { signalExitCode } from '@pilotty/client/node';
import { DEADLINE_EXIT_CODE, OWN_FAILURE_EXIT_CODE } from './exit-codes.ts';
import type { Io } from './io.ts';
import { printError } from './output.ts';

export interface RunOptions {
  json: boolean;
  timeout: number | undefined;
}

/** What `--json` prints. @param ended undefined where the deadline passed first */
export async function runResult(
  client: Client,
  { name, session_id }: { name: string; session_id: string },
  ended: Exit | undefined,
  exit: Exit | undefined,
  { output = '', stderr, loss }: { output?: string; stderr?: string; loss: object },
  note: string | undefined,
): Promise<object> {
  return {
    type: 'run_result',
    session: name,
    session_id,
    outcome: ended === undefined ? 'deadline' : 'exited',
    exit_code: exit?.exit_code ?? null,
    signal: exit?.signal ?? null,
    output,
    ...(stderr !== undefined && { stderr }),
    duration_ms: await durationOf(session_id, client),
    ...loss,
    ...(note !== undefined && { note }),
  };
}

/** With --json the object has said so. */
export async function deadlinePassed(name: string, { json, timeout }: RunOptions, io: Io): Promise<number> {
  const message = `the deadline of ${timeout} ms has passed; ${name} was ended`;
  const passed = new RequestError('TIMEOUT', message, { suggestion: 'Give it longer with --timeout.' });
  if (!json) await printError(io.stderr, passed.toBody(), json);
  return DEADLINE_EXIT_CODE;
}

export async function exitCodeOf({ signal, exit_code }: Exit): Promise<number> {
  return signal === null ? (exit_code ?? OWN_FAILURE_EXIT_CODE) : await signalExitCode(signal);
}

export async function endAtDeadline(session: string, client: Client): Promise<Exit | undefined> {
  const killed = await client.request('session.kill', { session });
  return killed.results[0]?.exit;
}

async function durationOf(session: string, client: Client): Promise<number | null> {
  const { created_at, ended_at } = await client.request('session.status', { session });
  return ended_at === undefined ? null : Date.parse(ended_at) - Date.parse(created_at);
}
