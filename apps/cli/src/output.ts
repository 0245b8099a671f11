/** How results and errors are shown, the same for every command. */
import { ConnectionError, type ErrorBody, errors, RequestError } from '@pilotty/client';
import type { Output } from './io.ts';

export async function printJson(stdout: Output, result: unknown): Promise<void> {
  if (stdout.writeObject !== undefined) stdout.writeObject(result);
  else await stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

/** One line of JSON for programs, two of text for people. */
export async function printError(stderr: Output, body: ErrorBody, wantsJson: boolean): Promise<void> {
  if (stderr.writeObject !== undefined) return stderr.writeObject(body);
  await stderr.write(
    wantsJson || !stderr.isTty
      ? `${JSON.stringify(body)}\n`
      : `error: ${body.message}\nhint: ${body.suggestion}\n`,
  );
}

/** The error table knows no commands; whoever ran one is told of that one. */
export function withCommand(body: ErrorBody, name: string): ErrorBody {
  return { ...body, suggestion: body.suggestion.replace('pilotty COMMAND', () => `pilotty ${name}`) };
}

export function errorBodyOf(error: unknown): ErrorBody {
  if (error instanceof RequestError || error instanceof ConnectionError) return error.toBody();
  // A fault of ours: all there is, for the report.
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    code: 'INTERNAL_ERROR',
    message,
    suggestion: errors.INTERNAL_ERROR.suggestion,
    details: { stack },
  };
}
