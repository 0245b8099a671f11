/** `--restart`, as Docker has it: when, and how often in a row. */
import type { Params } from '@pilotty/client';
import { integerFrom } from './command.ts';
import { UsageError } from './usage-error.ts';

const most = integerFrom(1, 1_000_000);

/** @returns undefined for `no` */
export function restartPolicy(given: string): Params<'session.spawn'>['restart_policy'] {
  const [, mode, limit] = /^(no|on-failure|always)(?::(\d+))?$/.exec(given) ?? [];
  if (mode === undefined || (mode === 'no' && limit !== undefined)) {
    throw new UsageError(
      `is '${given}', and must be no, on-failure or always`,
      'With a number at most so many times in a row: on-failure:3.',
    );
  }
  if (mode === 'no') return undefined;
  return { mode: mode as 'on-failure' | 'always', ...(limit !== undefined && { limit: most(limit) }) };
}
