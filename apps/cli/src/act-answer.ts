/**
 * What a command that acts prints: the whole answer as JSON, or the screen alone, or nothing. Failures are then
 * reported on stderr; the exit code is the same in each form.
 */
import type { Result } from '@pilotty/client';
import { grouped, value } from './command.ts';
import type { Io } from './io.ts';
import { printJson, printNotes, writeDrawn } from './output.ts';
import { notesOn, printScreen, renderedScreen, requirePrintable } from './print-screen.ts';
import { screenFormat } from './screen-format.ts';
import { UsageError } from './usage-error.ts';
import { waitExitCode } from './wait-options.ts';

export const answerOptions = grouped('Then answer', {
  snapshot: {
    ...value(
      'FORMAT',
      screenFormat,
      'add the screen to the answer: full, compact, new, text, … (default: full)',
    ),
    preset: 'full',
  },
  format: value(
    'FORMAT',
    screenFormat,
    "print the screen alone, as 'pilotty snapshot -f FORMAT' does: text, ansi, …; new: only what is new since the input",
    'f',
  ),
});

type ScreenFormat = ReturnType<typeof screenFormat>;

export interface AnswerGiven {
  snapshot: ScreenFormat | undefined;
  format: ScreenFormat | undefined;
  quiet: boolean;
  json: boolean;
}

/** How the daemon is to tell the screen. @throws UsageError for options that do not go together */
export function snapshotAsked({
  snapshot,
  format,
  quiet,
}: AnswerGiven): { format: ScreenFormat } | undefined {
  const given = [snapshot && '--snapshot', format && '--format', quiet && '--quiet'].filter(Boolean);
  if (given.length > 1) {
    throw new UsageError(
      `${given[0]} does not go with ${given[1]}`,
      '--snapshot adds the screen to the answer, --format prints it alone, --quiet prints nothing.',
    );
  }
  const asked = format ?? snapshot;
  return asked === undefined ? undefined : { format: asked };
}

/** @throws UsageError where stdout cannot take the form asked for */
export function requireAnswerable({ format, json }: AnswerGiven, io: Io, isMany: boolean): void {
  if (json) return;
  requirePrintable(format, io);
  if (isMany && format !== undefined && !CONCATENATED.has(format)) {
    throw new UsageError(
      `--format ${format} goes with one session`,
      `Write --snapshot ${format} for an answer with all of them.`,
    );
  }
}

/** Screens of several sessions in one of these can stand below each other. */
const CONCATENATED: ReadonlySet<ScreenFormat> = new Set(['new', 'text', 'ansi']);

export type Acted = Pick<Result<'session.key'>, 'wait' | 'screen'>;

/** @param note what else there is to say: in the answer, or on stderr where that is not JSON. @returns the exit code */
export async function printActed(result: Acted, given: AnswerGiven, io: Io, note?: string): Promise<number> {
  const { wait, screen } = result;
  const exitCode = wait === undefined ? 0 : waitExitCode(wait);
  if (!printsScreen(given) || screen === undefined) {
    await printJson(io.stdout, { ...result, ...(note !== undefined && { note }) });
  } else {
    await printScreen(screen, io);
    await printNotes(io.stderr, [note, wait?.note, ...notesOn(screen)]);
  }
  return exitCode;
}

/** The same for several sessions. */
export async function printAllActed(
  answer: Result<'sessions.each'>,
  given: AnswerGiven,
  io: Io,
): Promise<void> {
  if (!printsScreen(given)) return await printJson(io.stdout, answer);
  for (const { session, result, error } of answer.results) {
    const { screen, wait } = (result ?? {}) as Acted;
    if (screen !== undefined) {
      await io.stdout.write(`==> ${session} <==\n`);
      await writeDrawn(io.stdout, renderedScreen(screen) ?? '');
    }
    const failure = error === undefined ? wait?.note : `${error.code}: ${error.message}`;
    const notes = [failure, ...(screen ? notesOn(screen) : [])].filter((text) => text !== undefined);
    await printNotes(
      io.stderr,
      notes.map((text) => `${session}: ${text}`),
    );
  }
}

function printsScreen({ format, json }: AnswerGiven): boolean {
  return format !== undefined && !json;
}
