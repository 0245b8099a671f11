/** An answer in parts, at the pace of its reader: lines of JSON, or server-sent events. */
import type { ErrorBody, MethodName, Params, StreamEvent } from '@pilotty/client';
import { errorBodyOf } from './errors.ts';
import { KEEP_ALIVE_MS } from './limits.ts';
import type { DaemonRpc } from './routes/route.ts';

export interface StreamForm<M extends MethodName = MethodName> {
  contentType: string;
  /** Sent at once. */
  opening: string;
  part(event: StreamEvent<M>): string;
  result(result: unknown): string;
  error(error: ErrorBody): string;
  /** Sent now and then, so that a reader who has gone is noticed. */
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

/** The daemon is held back as long as the reader takes nothing. */
export function streamAnswer<M extends MethodName>(
  daemon: DaemonRpc,
  method: M,
  given: Params<M>,
  form: StreamForm<M>,
): Response {
  let takeMore = () => {};
  let keepAliveTimer: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(keepAliveTimer);
    daemon.close();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const say = (text: string) => {
          if (text !== '') controller.enqueue(Buffer.from(text));
        };
        const isTaken = () => (controller.desiredSize ?? 0) > 0;
        const { keepAlive } = form;
        if (keepAlive !== undefined) {
          keepAliveTimer = setInterval(() => isTaken() && say(keepAlive), KEEP_ALIVE_MS);
        }
        say(form.opening);
        const onEvent = async (event: StreamEvent<M>) => {
          say(form.part(event));
          if (isTaken()) return;
          await new Promise<void>((resolve) => {
            takeMore = resolve;
          });
        };
        void daemon
          .request(method, given, onEvent)
          .then(
            (result) => say(form.result(result)),
            (error: unknown) => say(form.error(errorBodyOf(error))),
          )
          .then(
            () => controller.close(),
            () => {
              // The reader has gone, and the request with it.
            },
          )
          .finally(end);
      },
      pull: () => takeMore(),
      cancel: end,
    },
    { highWaterMark: 1 },
  );
  return new Response(body, { headers: { 'content-type': form.contentType } });
}
