/**
 * Output of a session, from its host; where that cannot be reached, or has no such session, from the stream of the fleet, which
 * the answer says.
 */
import {
  ConnectionError,
  type Params,
  RequestError,
  type RequestOptions,
  type Result,
} from '@pilotty/client';
import { listedName } from '@pilotty/protocol';
import { isSessionId } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { reasonOf } from '../nats/problems.ts';
import { answerOfStream } from '../output/answer-of-stream.ts';
import { AskedOutput } from '../output/asked-output.ts';

type OutputParams = Params<'session.output'>;
type Options = RequestOptions<'session.output'>;

export interface HostAsked {
  nats(): Promise<Nats>;
  fleet: string;
  host: string;
  /** In which the session's name counts; undefined: in none. */
  scope: string | undefined;
  ask(params: OutputParams, options: Options): Promise<Result<'session.output'>>;
}

/** @param params as the host is asked */
export async function outputOrKept(
  params: OutputParams,
  options: Options,
  asked: HostAsked,
): Promise<Result<'session.output'>> {
  const { onEvent, signal } = options;
  let read = params;
  try {
    return await asked.ask(params, {
      ...options,
      onEvent: async (part) => {
        // What has been read is not read of the stream as well.
        const { tail: _, ...rest } = params;
        read = { ...rest, since: part.next_offset };
        await onEvent?.(part);
      },
    });
  } catch (error) {
    if (signal?.aborted || !isGone(error) || !mayBeKept(params)) throw error;
    return await ofStream(read, error, options, asked);
  }
}

/** @throws the error of the host, which says what the stream has not */
async function ofStream(
  params: OutputParams,
  error: Error,
  { onEvent, signal }: Options,
  { nats, fleet, host, scope }: HostAsked,
): Promise<Result<'session.output'>> {
  const session = params.session as string;
  try {
    const stream = new AskedOutput(await nats(), fleet);
    const kept = await stream.find(host, isSessionId(session) ? session : listedName(session, scope));
    if (kept !== undefined)
      return await answerOfStream(params, { stream, host, kept, reason: error.message, onEvent, signal });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw withNote(error, `the output stream of the fleet cannot be read: ${reasonOf(cause)}`);
  }
  throw withNote(error, `the output stream of the fleet has no output of ${host}/${session}`);
}

/** Its host cannot be reached, or knows neither the session nor that it ever was. */
function isGone(error: unknown): error is Error {
  return (
    error instanceof ConnectionError || (error instanceof RequestError && error.code === 'SESSION_NOT_FOUND')
  );
}

/** Which session is used last, and where a command began, only a daemon knows. */
function mayBeKept({ session, command_number, hold_back, as_kept }: OutputParams): boolean {
  return (
    session !== undefined &&
    !/[*?]|\+$/.test(session) &&
    command_number === undefined &&
    !hold_back &&
    !as_kept
  );
}

function withNote<E extends Error>(error: E, note: string): E {
  error.message = `${error.message}; ${note}`;
  return error;
}
