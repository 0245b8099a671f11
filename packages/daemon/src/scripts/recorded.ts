/** What a script is made of: the program and its files, the steps, and how it ended. */
import path from 'node:path';
import type { Exit } from '@pilotty/protocol';
import type { InputJournal } from '../input/journal.ts';
import { type Look, lookAt } from '../input/look.ts';
import { contentOf } from '../input/named-files.ts';
import { msSince } from '../moment.ts';
import type { Session } from '../session/session.ts';
import { type Step, stepsOf } from './steps.ts';

export interface Recorded {
  /** As it was started. */
  readonly title: string;
  readonly argv: readonly [string, ...string[]];
  /** Where it has to be started; undefined: in a directory of its own, with `files` in it. */
  readonly cwd: string | undefined;
  /** As they were at the start. */
  readonly files: Readonly<Record<string, string>>;
  /** Those that it has written, as they are now. */
  readonly written: Readonly<Record<string, string>>;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly term: string;
  /** The screen that the first input found. */
  readonly first: Look;
  readonly steps: readonly Step[];
  readonly exit: Exit | undefined;
  readonly missed: number;
  /** How long one step may take: twice what the longest took, and the one who decided on the next. */
  readonly stepMs: number;
  readonly wholeMs: number;
}

/** What the kit allows an assertion unless it is told otherwise. */
export const LEAST_STEP_MS = 5_000;
const MOST_STEP_MS = 600_000;
const LEAST_WHOLE_MS = 60_000;

export async function recordedOf(session: Session, journal: InputJournal, title: string): Promise<Recorded> {
  const last = lookAt(session);
  const { exit, term } = session;
  const { size, missed, inputs } = journal;
  const place = await placeOf(session, journal);
  const steps = stepsOf(journal, last, exit !== undefined && !exit.killed_by_client);
  return {
    title,
    ...place,
    size,
    term,
    first: inputs[0]?.before ?? last,
    steps,
    exit,
    missed,
    ...timesOf(session, journal),
  };
}

function timesOf(
  { run: { began, ending } }: Session,
  { inputs }: InputJournal,
): { stepMs: number; wholeMs: number } {
  const ends = ending.moment === undefined ? [] : [msSince(began) - msSince(ending.moment)];
  const moments = [0, ...inputs.map(({ atMs }) => atMs), ...ends];
  const longest = Math.max(...moments.map((moment, index) => moment - (moments[index - 1] ?? 0)));
  const rounded = Math.ceil((2 * longest) / 1000) * 1000;
  return {
    stepMs: Math.min(Math.max(LEAST_STEP_MS, rounded), MOST_STEP_MS),
    wholeMs: Math.max(LEAST_WHOLE_MS, 2 * Math.ceil((moments.at(-1) ?? 0) / 1000) * 1000),
  };
}

/**
 * A program that writes a file which its arguments name is started in a directory of its own, where that file is as it
 * was; any other where it was started.
 */
async function placeOf(
  { argv, cwd }: Session,
  { files }: InputJournal,
): Promise<Pick<Recorded, 'argv' | 'cwd' | 'files' | 'written'>> {
  const now = await Promise.all(files.map(async (file) => ({ ...file, now: await contentOf(file.path) })));
  const written = now.filter(
    (file) => typeof file.now === 'string' && file.now !== file.content && file.content !== null,
  );
  if (written.length === 0) return { argv, cwd, files: {}, written: {} };
  const names = new Map<string, string>();
  for (const { word, path: place, content, now: after } of now) {
    if (written.some((file) => file.word === word)) names.set(word, path.basename(place));
    else if (content !== undefined || after !== undefined) names.set(word, place);
  }
  const [program, ...words] = argv;
  return {
    argv: [
      program.includes('/') ? path.resolve(cwd, program) : program,
      ...words.map((word) => names.get(word) ?? word),
    ],
    cwd: undefined,
    files: Object.fromEntries(
      written.flatMap(({ path: place, content }) =>
        typeof content === 'string' ? [[path.basename(place), content]] : [],
      ),
    ),
    written: Object.fromEntries(
      written.map(({ path: place, now: after }) => [path.basename(place), after ?? '']),
    ),
  };
}
