/** Every method of the protocol, with parameters that are valid, nearly so, or anything at all. */
import fc from 'fast-check';
import * as z from 'zod';
import type { JsonSchema } from '../../../apps/gateway/src/json-schema.ts';
import { RequestError } from '../../../packages/protocol/src/index.ts';
import { methods } from '../../../packages/protocol/src/schemas.ts';
import { runDaemon } from '../daemon.ts';
import { mutatedJson } from '../mutated.ts';
import type { Target } from '../target.ts';
import { objectsOf } from '../values.ts';

type Input = [method: string, params: unknown][];

/** It ends what the others are asked of. */
const LEFT_OUT = ['daemon.stop'];
/** What is open longer is cancelled, as by a client that leaves: a stream has no end. */
const LEAVES_AFTER_MS = 200;

const requests = Object.entries(methods)
  .filter(([name]) => !LEFT_OUT.includes(name))
  .map(([name, { params }]) => {
    const schema = z.toJSONSchema(params, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
    return fc.tuple(fc.constant(name), mutatedJson(objectsOf(schema)));
  });

export const params: Target<Input> = {
  name: 'params',
  promise: 'every request has an answer or a coded error, and the daemon goes on',
  runsInTest: 40,
  inputs: () => fc.array(fc.oneof(...requests), { minLength: 1, maxLength: 4 }),
  open: async () => {
    const daemon = await runDaemon();
    return {
      async check(asked) {
        await daemon.restore();
        const client = daemon.client();
        const leaves = AbortSignal.timeout(LEAVES_AFTER_MS);
        const answers = await Promise.allSettled(
          asked.map(([method, given]) =>
            client.request(method as 'daemon.info', given as object as Record<string, never>, {
              signal: leaves,
              onEvent: () => {},
            }),
          ),
        );
        client.close();
        for (const [index, answer] of answers.entries())
          if (answer.status === 'rejected') requireCoded(asked[index]?.[0], answer.reason);
      },
      close: () => daemon.close(),
    };
  },
};

function requireCoded(method: string | undefined, error: unknown): void {
  const isLeft = error instanceof DOMException;
  if (isLeft || (error instanceof RequestError && error.code !== 'INTERNAL_ERROR')) return;
  throw new Error(`${method}: ${error instanceof Error ? error.stack : error}`);
}
