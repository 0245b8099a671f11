/**
 * `run --stdin`: a program without a terminal as a part of a pipeline. Its stdin is ours, and its streams are passed on
 * while it runs: the program waits where our reader does, and we read no further where the program does not.
 */
import { type Client, type Exit, MAX_DURATION_MS, type Params, RequestError } from '@pilotty/client';
import type { Io } from './io.ts';
import { printJson } from './output.ts';
import { collectOutput, lossOf, printOutput } from './retained-output.ts';
import { deadlinePassed, endAtDeadline, exitCodeOf, type RunOptions, runResult } from './run-result.ts';

/** What was passed on need not be kept: enough to see what it did last. */
const RETAIN_BYTES = 4 * 1024 * 1024;
/** Of a chunk of stdin, in one request. */
const CHUNK_BYTES = 256 * 1024;

/** @returns what `run` exits with */
export async function runPiped(
  request: Params<'session.spawn'>,
  { json, timeout, 'retain-bytes': retainBytes }: RunOptions & { 'retain-bytes': number | undefined },
  note: string | undefined,
  io: Io,
  client: Client,
): Promise<number> {
  const retain_bytes = retainBytes ?? RETAIN_BYTES;
  const created = await client.request('session.spawn', { ...request, pipe: true, retain_bytes });
  const session = created.session_id;
  const over = new AbortController();
  const signal = AbortSignal.any([io.signal, over.signal]);
  const deadline = timeout === undefined ? undefined : setTimeout(() => over.abort(DEADLINE), timeout);
  const stdin = new AbortController();
  const passing = passInput(session, io, client, stdin.signal);
  // Its failure is told with that of the output, which then ends as well.
  passing.catch(() => over.abort());
  try {
    const params = { session, since: 0, follow: true, hold_back: true } as const;
    const ours = { ...io, signal };
    const { exit, ...printed } = json
      ? await collected(client, params, ours)
      : { exit: (await printOutput(client, { ...params, format: 'ansi' }, ours)).exit, loss: {} };
    const ended = exit as Exit;
    if (json) await printJson(io.stdout, await runResult(client, created, ended, ended, printed, note));
    return await exitCodeOf(ended);
  } catch (error) {
    stdin.abort();
    const exit = await endAtDeadline(session, client);
    if (over.signal.reason !== DEADLINE) await passing;
    if (over.signal.reason !== DEADLINE) throw error;
    if (json) {
      const { content, result } = await collectOutput(client, { session }, io);
      const printed = { ...content, loss: lossOf(result) };
      await printJson(io.stdout, await runResult(client, created, undefined, exit, printed, note));
    }
    return await deadlinePassed(created.name, { json, timeout }, io);
  } finally {
    clearTimeout(deadline);
    // Nothing reads it any more, and it may never end.
    stdin.abort();
  }
}

const DEADLINE = 'deadline';

async function collected(client: Client, params: Params<'session.output'>, io: Io) {
  const { content, result } = await collectOutput(client, params, io);
  return { ...content, exit: result.exit, loss: lossOf(result) };
}

/** Until stdin ends, or the program reads no more of it. */
async function passInput(session: string, io: Io, client: Client, signal: AbortSignal): Promise<void> {
  try {
    for await (const chunk of io.stdin(signal)) {
      for (let at = 0; at < chunk.length; at += CHUNK_BYTES)
        await send(client, session, chunk.subarray(at, at + CHUNK_BYTES));
    }
    await client.request('session.type', { session, eof: true });
  } catch (error) {
    if (signal.aborted || isNotRead(error)) return;
    throw error;
  }
}

async function send(client: Client, session: string, bytes: Uint8Array): Promise<void> {
  const data_base64 = Buffer.from(bytes).toString('base64');
  await client.request('session.type', { session, data_base64, timeout_ms: MAX_DURATION_MS });
}

/** It has ended, or closed its stdin: as a shell's pipeline would, what is left is not passed on. */
function isNotRead(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    ['SESSION_EXITED', 'UNAVAILABLE', 'SESSION_NOT_FOUND'].includes(error.code)
  );
}
