/** A screen on its own, in the form that was asked for: text and pictures as they are, everything else as JSON. */
import type { Result } from '@pilotty/client';
import type { Io } from './io.ts';
import { printJson, printNotes, writeDrawn } from './output.ts';
import { UsageError } from './usage-error.ts';

type Screen = NonNullable<Result<'session.key'>['screen']>;

export async function printScreen(screen: Screen, io: Io): Promise<void> {
  const rendered = renderedScreen(screen);
  if (rendered === undefined) await printJson(io.stdout, screen);
  else await writeDrawn(io.stdout, rendered);
}

/** The answer to a look: the screen, and on stderr what a reader must know of it; or all of it as JSON. */
export async function printLooked(
  screen: Result<'session.snapshot'>,
  asJson: boolean,
  io: Io,
): Promise<void> {
  if (asJson) return await printJson(io.stdout, screen);
  await printScreen(screen, io);
  if (renderedScreen(screen) !== undefined) await printNotes(io.stderr, notesOn(screen));
}

/** Undefined where the screen is an object: printed as JSON. */
export function renderedScreen({
  format,
  text,
  data_base64: picture,
  new: since,
}: Screen): string | Uint8Array | undefined {
  if (since !== undefined) return since.lines.map((line) => `${line.text}\n`).join('');
  if (picture !== undefined) return Buffer.from(picture, 'base64');
  // In the format full the text is one fact of many.
  return format === undefined ? undefined : text?.replace(/\n?$/, '\n');
}

/** What a reader of the text must know besides, for stderr; in JSON it stands in the answer. */
export function notesOn({ note, new: since, cursor }: Screen): string[] {
  if (note !== undefined) return [note];
  if (since === undefined || since.lines.length > 0) return [];
  return [`no line is new since the input; the cursor is at row ${cursor.row}, column ${cursor.col}`];
}

/** @throws UsageError */
export function requirePrintable(format: string | undefined, io: Io): void {
  if (format === 'png' && io.stdout.isTty)
    throw new UsageError('a terminal cannot show a PNG', 'Redirect it: > screen.png.');
}
