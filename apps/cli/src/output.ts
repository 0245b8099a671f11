/** How results and errors are shown, the same for every command. */
import {
  ConnectionError,
  type ErrorBody,
  errors,
  plainSentence,
  RequestError,
  safeJson,
  terminalSafe,
} from '@pilotty/client';
import type { Output } from './io.ts';

/** On one line, because programs and agents pay for every blank; indented on a terminal, where people read it. */
export async function printJson(stdout: Output, result: unknown): Promise<void> {
  if (stdout.writeObject !== undefined) await stdout.writeObject(result);
  else await stdout.write(`${safeJson(result, stdout.isTty ? 2 : undefined)}\n`);
}

/** One of many, each on a line of its own. */
export async function printJsonLine(stdout: Output, object: unknown): Promise<void> {
  if (stdout.writeLine !== undefined) await stdout.writeLine(object);
  else await stdout.write(`${safeJson(object)}\n`);
}

/** The same, of those that there are by now: written at once, as text. */
export async function printJsonLines(stdout: Output, objects: readonly unknown[]): Promise<void> {
  if (stdout.writeLine === undefined)
    return await stdout.write(objects.map((object) => `${safeJson(object)}\n`).join(''));
  for (const object of objects) await stdout.writeLine(object);
}

/** One line of JSON for programs, two of text for people. */
export async function printError(stderr: Output, body: ErrorBody, wantsJson: boolean): Promise<void> {
  if (stderr.writeObject !== undefined) return await stderr.writeObject(body);
  await stderr.write(
    wantsJson || !stderr.isTty
      ? `${safeJson(body)}\n`
      : `error: ${inParagraph(body.message)}\nhint: ${inParagraph(body.suggestion)}\n`,
  );
}

/** A line of what is quoted in it would look like a line of ours. */
function inParagraph(text: string): string {
  return plainSentence(text).replaceAll('\n', '\n  ');
}

/** A screen, in which escape sequences of ours are the colours; its text is that of a program. */
export async function writeDrawn(stdout: Output, drawn: string | Uint8Array): Promise<void> {
  const isShown = stdout.isTty && typeof drawn === 'string';
  await stdout.write(isShown ? Buffer.from(terminalSafe(drawn)) : drawn);
}

/** Besides a result that is not JSON, which has its notes in itself. */
export async function printNotes(stderr: Output, notes: readonly (string | undefined)[]): Promise<void> {
  for (const note of notes) {
    if (note !== undefined) await stderr.write(`note: ${note}\n`);
  }
}

/** What is wrong besides, which the answer does not depend on: with --json one more line of JSON on stderr. */
export async function printWarning(stderr: Output, message: string, wantsJson: boolean): Promise<void> {
  await stderr.write(wantsJson ? `${safeJson({ type: 'warning', message })}\n` : `warning: ${message}\n`);
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
