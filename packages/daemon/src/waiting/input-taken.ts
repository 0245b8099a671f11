/**
 * Whether a program has taken an input, so that what its screen shows is its answer, or what it left as it was: it has
 * shown something that is no echo, or it waits for input again, which the kernel tells.
 *
 * What the kernel cannot tell (another system, another user's program) is taken for granted after a pause.
 */
import type { InputMark } from '../input/input-mark.ts';
import { hasAnswered } from '../input/since-input.ts';
import { foregroundAwaitsInput } from '../processes/awaits-input.ts';
import { screenOf } from '../search/line-search.ts';
import type { Session } from '../session/session.ts';
import type { Answer } from './wait.ts';

/** So soon a program may not have been woken up yet, and seem to wait for what has already come. */
const WAKE_UP_MS = 50;
/** An input without any answer is taken to have none after this. */
export const REACTION_MS = 250;
/** No event tells that a program has begun to read; to ask takes a millisecond. */
export const ASK_READER_EVERY_MS = 250;

export function inputTaken(session: Session, input: InputMark): Answer<true> {
  if (input.isTaken || input.seq === 0 || session.isExited || isAnswered(session, input)) return taken(input);
  const quietMs = session.times.inputIdleMs;
  const leftMs = (hasLeftLine(session, input) ? WAKE_UP_MS : REACTION_MS) - quietMs;
  if (leftMs > 0) return { askAgainInMs: leftMs };
  const awaitsInput = foregroundAwaitsInput(session.pid);
  if (awaitsInput === true) return taken(input);
  if (awaitsInput === false) return { askAgainInMs: ASK_READER_EVERY_MS };
  return quietMs < REACTION_MS ? { askAgainInMs: REACTION_MS - quietMs } : taken(input);
}

function taken(input: InputMark): Answer<true> {
  input.isTaken = true;
  return { holds: true };
}

/** Where a line was sent off on the main screen, the cursor leaves it: with the echo of Enter, before anything is printed. */
function hasLeftLine({ screen }: Session, { sentLine }: InputMark): boolean {
  if (sentLine === undefined || screen.alternateScreen || sentLine.erasures !== screen.erasures) return true;
  return screen.topLine + screen.cursor.row !== sentLine.line;
}

/** A full-screen program draws for nothing but an answer; on the main screen the terminal draws the echo. */
function isAnswered(session: Session, input: InputMark): boolean {
  if (input.before === undefined || session.drawnSeq <= input.latestSeq) return false;
  return session.screen.alternateScreen || hasAnswered(screenOf(session), input);
}
