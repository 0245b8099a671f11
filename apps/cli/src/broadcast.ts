/** The same request to each of many sessions, and the exit code that follows from what became of them. */
import { type Client, errors, type Params, type Result } from '@pilotty/client';
import type { Io } from './io.ts';
import { printJson } from './output.ts';
import type { Many } from './selector.ts';
import { waitExitCode } from './wait-options.ts';

/** Prints the answer, as JSON or by `print`. @returns the exit code of the first that failed, or did not end as it was waited for */
export async function broadcast(
  method: Params<'sessions.each'>['method'],
  many: Many,
  params: Record<string, unknown>,
  io: Io,
  client: Client,
  print: (answer: Result<'sessions.each'>) => Promise<void> = (answer) => printJson(io.stdout, answer),
): Promise<number> {
  const answer = await client.request('sessions.each', { ...many, method, params }, { signal: io.signal });
  const exitCode = answer.results.map(exitCodeOf).find((code) => code !== 0) ?? 0;
  await print(answer);
  return exitCode;
}

/** Of one of many. */
export function exitCodeOf({ error, result }: Outcome): number {
  if (error !== undefined) {
    return Object.hasOwn(errors, error.code) ? errors[error.code as keyof typeof errors].exitCode : 1;
  }
  const { wait } = (result ?? {}) as Pick<Result<'session.key'>, 'wait'>;
  return wait === undefined ? 0 : waitExitCode(wait);
}

type Outcome = Pick<Result<'sessions.each'>['results'][number], 'error' | 'result'>;
