/** An answer that comes in parts, as lines of JSON: `{"event":…}` for each, at last `{"result":…}` or `{"error":…}`. */
import type { MethodName, Params } from '@pilotty/client';
import { errorBodyOf } from './errors.ts';
import type { Asking } from './routes/route.ts';

/** The daemon is held back as long as the reader takes nothing. */
export function streamAnswer(daemon: Asking, method: MethodName, given: unknown): Response {
  let takeMore = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const say = (line: object) => controller.enqueue(Buffer.from(`${JSON.stringify(line)}\n`));
        const onEvent = async (event: unknown) => {
          say({ event });
          if ((controller.desiredSize ?? 0) > 0) return;
          await new Promise<void>((resolve) => {
            takeMore = resolve;
          });
        };
        void daemon
          .request(method, given as Params<MethodName>, onEvent)
          .then(
            (result) => say({ result }),
            (error: unknown) => say({ error: errorBodyOf(error) }),
          )
          .then(
            () => controller.close(),
            () => {
              // The reader has gone, and the request with it.
            },
          )
          .finally(() => daemon.close());
      },
      pull: () => takeMore(),
      cancel: () => daemon.close(),
    },
    { highWaterMark: 1 },
  );
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}
