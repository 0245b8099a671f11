/**
 * The pause between typed or pasted text and the Enter that submits it, whether both came in one request or not.
 *
 * A full-screen program that gets both in one read takes them for a paste, and Enter for a line
 * break in it. So Enter waits until the program has answered the text and been quiet for a moment.
 * Some also call it a paste when Enter merely comes soon (Codex: within 120 ms); programs of that
 * kind show themselves by the modes they set, and get the whole pause.
 */
import type { Session } from '../session/session.ts';
import { waitUntil } from './wait.ts';

/** No program that distinguishes pastes from typing by time waits longer than this. */
const LONGEST_MS = 150;
/** A line editor echoes in one or two writes, a few milliseconds apart at most. */
const QUIET_MS = 15;

/** Enter would have to wait for now. */
export function isSoonAfterText({ lastText }: Session): boolean {
  return lastText !== undefined && performance.now() - lastText.at < LONGEST_MS;
}

/** @returns nothing where there is nothing to wait for */
export function pauseBeforeEnter(
  session: Session,
  until: { readonly signal: AbortSignal },
): Promise<unknown> | undefined {
  const { lastText } = session;
  if (lastText === undefined || !isSoonAfterText(session)) return undefined;
  const { seq, at: began } = lastText;
  const isWary = () => {
    const { kittyFlags, focusEvents } = session.screen.modes;
    return kittyFlags > 0 || focusEvents || session.screen.alternateScreen;
  };
  return waitUntil(
    session,
    () => {
      const now = performance.now();
      const leftMs = began + LONGEST_MS - now;
      if (leftMs <= 0) return { holds: true };
      const hasAnswered = session.parsedSeq > seq;
      if (isWary() || !hasAnswered) return { askAgainInMs: leftMs };
      const quietLeftMs = QUIET_MS - session.times.stillMs;
      return quietLeftMs <= 0 ? { holds: true } : { askAgainInMs: Math.min(quietLeftMs, leftMs) };
    },
    until,
  );
}
