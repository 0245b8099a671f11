/** When the program of a session is started again without a client's asking. */
import * as z from 'zod';
import { MAX_DURATION_MS } from './duration.ts';

/** Without a delay, a program that fails at its start would be started as fast as the machine can. */
const MIN_DELAY_MS = 10;

const delay = z.int().min(MIN_DELAY_MS).max(MAX_DURATION_MS);

export const restartRules = {
  mode: z
    .enum(['on-failure', 'always'])
    .describe('on-failure: it ended with a code other than 0, or by a signal; always: also with 0'),
  limit: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10)
    .describe('restarts in a row; the count begins anew once a program has run for 10 s'),
  delay_ms: delay
    .default(1000)
    .describe('before the first restart; it doubles with each further one in a row'),
  max_delay_ms: delay.default(60_000).describe('the longest delay'),
};

/** Of session.spawn. */
export const restartPolicyParam = z
  .strictObject(restartRules)
  .optional()
  .describe(
    'start the program again when it ends by itself: not after session.kill, a lifetime, or a stop of the daemon',
  );
