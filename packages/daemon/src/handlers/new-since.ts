/** What of a screen is new since an act: format `new`. */
import type { Result } from '@pilotty/protocol';
import { commandLine } from '@pilotty/protocol';
import { newLineSteps } from '@pilotty/terminal';
import type { InputMark } from '../input/input-mark.ts';
import type { Steps } from '../pictures/renderings.ts';
import type { Session } from '../session/session.ts';

type Screen = NonNullable<Result<'session.key'>['screen']>;

/** Enough for what somebody reads, and a few milliseconds; `output` has the rest. */
const MAX_ROWS_ABOVE = 1000;

export function* newSince(session: Session, act: InputMark): Steps<Pick<Screen, 'new' | 'note'>> {
  const { before, outputOffset: offset = session.parsedBytes } = act;
  // Nothing has been drawn since.
  if (before === undefined) return { new: { lines: [], offset } };
  const { lines, missedRows, whole, hasLost } = yield* newLineSteps(before, session.screen, MAX_ROWS_ABOVE);
  const rest = commandLine(['pilotty', 'output', '-s', session.name, '--since', `${offset}`]);
  const reason = whole
    ? `The screen was ${whole} since the input: this is all of it`
    : `${missedRows} rows more were printed before these`;
  return {
    new: { lines, offset, ...(missedRows > 0 && { missed_rows: missedRows }), ...(whole && { whole }) },
    ...(hasLost && { note: `${reason}; '${rest}' has what was printed.` }),
  };
}
