/**
 * Whether a program has taken an input, so that what its screen shows is its answer, or what it left as it was: it
 * waits for input again, which the kernel reports; a full-screen program also when it has drawn.
 *
 * On the main screen what is printed may still be the answer to earlier input, such as the prompt before a line that
 * was typed ahead: so the kernel decides. What it cannot tell (another system, another user's program) is taken for
 * granted once something is shown that is no echo, or after a pause.
 */

import type { InputMark } from '../input/input-mark.ts';
import { foregroundAwaitsInput } from '../processes/awaits-input.ts';
import { hasLeftLine } from '../search/echo.ts';
import { screenOf } from '../search/line-search.ts';
import { hasAnswered } from '../search/since-input.ts';
import type { Session } from '../session/session.ts';
import type { Answer } from './wait.ts';

/** The kernel hands input on to the program's side of a terminal in a task of its own. */
export const DELIVERED_MS = 5;
/** So soon a program may not have been woken up yet, and seem to wait for what has already come. */
const WAKE_UP_MS = 50;
/** An input without any answer is taken to have none after this. */
export const REACTION_MS = 250;
/** No event announces that a program has begun to read, and a look takes a millisecond: it is polled, often at first, then less often. */
const FIRST_ASK_MS = 10;
export const ASK_READER_EVERY_MS = 250;

/** To be asked whenever something happens, as often as that may be. */
export function inputTaken(session: Session, input: InputMark): () => Answer<true> {
  let askAt = 0;
  let pauseMs = FIRST_ASK_MS;
  let inputSeq = input.latestSeq;
  let isDrawn = printedIsDrawn(session);
  const isAnsweredNow = answerOnceLooked(session, input);
  return () => {
    if (input.isTaken || input.seq === 0 || session.isExited) return taken(input);
    if (input.latestSeq !== inputSeq) {
      inputSeq = input.latestSeq;
      askAt = 0;
      pauseMs = FIRST_ASK_MS;
      isDrawn = printedIsDrawn(session);
    }
    const now = performance.now();
    if (askAt > now) return { askAgainInMs: askAt - now };
    // Whatever is shown by then.
    const deliveredInMs = DELIVERED_MS - session.times.inputIdleMs;
    if (deliveredInMs > 0 && !session.screen.alternateScreen) return { askAgainInMs: deliveredInMs };
    const isAnswered = isAnsweredNow();
    if (isAnswered && session.screen.alternateScreen) return taken(input);
    const quietMs = session.times.inputIdleMs;
    const leftMs = wakeUpMs(session, input, isAnswered) - quietMs;
    if (leftMs > 0) return { askAgainInMs: leftMs };
    const awaitsInput = foregroundAwaitsInput(session.pid);
    if (awaitsInput === true) return isDrawn() ? taken(input) : { askAgainInMs: FIRST_ASK_MS };
    if (awaitsInput === null && (isAnswered || quietMs >= REACTION_MS)) return taken(input);
    askAt = now + pauseMs;
    const askAgainInMs = pauseMs;
    pauseMs = Math.min(ASK_READER_EVERY_MS, 2 * pauseMs);
    return { askAgainInMs };
  };
}

/**
 * Whether what was printed before the first call is drawn. It is read from the terminal, and drawn in its turn: piece by
 * piece, each of which is looked at by those who search what passes.
 */
export function printedIsDrawn(session: Session): () => boolean {
  let seq: number | undefined;
  return () => {
    if (seq === undefined) {
      session.arrived.read();
      seq = session.seq;
    }
    return session.parsedSeq >= seq;
  };
}

function taken(input: InputMark): Answer<true> {
  input.isTaken = true;
  return { holds: true };
}

/** How soon after the input a program that seems to wait for more does. */
function wakeUpMs({ screen }: Session, input: InputMark, isAnswered: boolean): number {
  if (isAnswered) return DELIVERED_MS;
  return hasLeftLine(screen, input) ? WAKE_UP_MS : REACTION_MS;
}

/** As hasShownAnswer(): to look takes longer than all else here, and some ask several times of the same screen. */
function answerOnceLooked(session: Session, input: InputMark): () => boolean {
  let looked: { seq: number; isEchoed: boolean | undefined; isAnswered: boolean } | undefined;
  return () => {
    const { parsedSeq: seq } = session;
    const { isEchoed } = input;
    if (looked?.seq !== seq || looked.isEchoed !== isEchoed)
      looked = { seq, isEchoed, isAnswered: hasShownAnswer(session, input) };
    return looked.isAnswered;
  };
}

/** A full-screen program draws for nothing but an answer; on the main screen the terminal draws the echo. */
function hasShownAnswer(session: Session, input: InputMark): boolean {
  if (input.before === undefined || session.parsedSeq <= input.latestSeq) return false;
  return session.screen.alternateScreen || hasAnswered(screenOf(session), input);
}
