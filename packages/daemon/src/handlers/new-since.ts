/** What of a screen is new since an act: format `new`. */
import type { Result } from '@pilotty/protocol';
import { newLines } from '@pilotty/terminal';
import type { InputMark } from '../input/input-mark.ts';
import { commandLine } from '../session/command-line.ts';
import type { Session } from '../session/session.ts';

type Screen = NonNullable<Result<'session.key'>['screen']>;

/** Enough for what somebody reads, and a few milliseconds; `output` has the rest. */
const MAX_ROWS_ABOVE = 1000;

export function newSince(session: Session, act: InputMark): Pick<Screen, 'new' | 'note'> {
  const { before, outputOffset: offset = session.parsedBytes } = act;
  // Nothing has been drawn since.
  if (before === undefined) return { new: { lines: [], offset } };
  const { lines, missedRows, whole } = newLines(before, session.screen, MAX_ROWS_ABOVE);
  const note = noteOn(missedRows, whole, ['pilotty', 'output', '-s', session.name, '--since', `${offset}`]);
  return {
    new: { lines, offset, ...(missedRows > 0 && { missed_rows: missedRows }), ...(whole && { whole }) },
    ...(note && { note }),
  };
}

function noteOn(
  missedRows: number,
  whole: NonNullable<Screen['new']>['whole'],
  command: string[],
): string | undefined {
  const rest = `'${commandLine(command)}' has all that was printed since`;
  if (missedRows > 0) return `${missedRows} rows more were printed before these; ${rest}.`;
  return whole && `The screen was ${whole} after the input, so this is the whole of it; ${rest}.`;
}
