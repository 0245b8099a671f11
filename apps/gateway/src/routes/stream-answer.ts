/** A streamed answer, at the pace of the client: lines of JSON, or server-sent events. */
import type { ErrorBody, MethodName, Params, StreamEvent } from '@pilotty/client';
import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import { errorBodyOf } from '../errors.ts';
import { KEEP_ALIVE_MS } from '../limits.ts';
import type { Bindings, DaemonRpc } from './route.ts';

export interface StreamForm<M extends MethodName = MethodName> {
  contentType: string;
  /** Sent first. */
  opening: string;
  part(event: StreamEvent<M>): string;
  result(result: unknown): string;
  error(error: ErrorBody): string;
  /** Sent while the stream is quiet, so that proxies keep it open and a lost client is detected. */
  keepAlive?: string;
}

/** `{"event":…}` for each part, at last `{"result":…}` or `{"error":…}`. */
export const jsonLines: StreamForm = {
  contentType: 'application/x-ndjson',
  opening: '',
  part: (event) => `${JSON.stringify({ event })}\n`,
  result: (result) => `${JSON.stringify({ result })}\n`,
  error: (error) => `${JSON.stringify({ error })}\n`,
};

/** The daemon is paused while the client does not read. Not streamSSE: one function serves both forms, and no field here needs escaping. */
export function streamAnswer<M extends MethodName>(
  http: Context<Bindings>,
  daemon: DaemonRpc,
  method: M,
  given: Params<M>,
  form: StreamForm<M>,
): Response {
  http.header('content-type', form.contentType);
  return stream(http, async (reader) => {
    let isTaken = true;
    const say = async (text: string) => {
      if (text === '') return;
      isTaken = false;
      await reader.write(text);
      isTaken = true;
    };
    const { keepAlive } = form;
    const timer = keepAlive && setInterval(() => isTaken && void say(keepAlive), KEEP_ALIVE_MS);
    // The client has disconnected; the rejection that follows is written to a closed stream, which drops it.
    reader.onAbort(() => daemon.close());
    try {
      await say(form.opening);
      const result = await daemon.request(method, given, (event) => say(form.part(event)));
      await say(form.result(result));
    } catch (error) {
      await say(form.error(errorBodyOf(error)));
    } finally {
      clearInterval(timer);
      daemon.close();
    }
  });
}
