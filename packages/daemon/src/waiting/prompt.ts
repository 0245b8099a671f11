/**
 * Whether a program stands at its prompt. A shell that marks its prompts (OSC 133) says so itself; of any
 * other program the screen shows it: the cursor behind something that ends as prompts do, or that was a prompt
 * before, and nothing more coming. What only looks so, as 'Progress: 45%' does, has no reader.
 */

import type { InputMark } from '../input/input-mark.ts';
import { AWAITED_PROMPT } from '../input/prompt-text.ts';
import { hasNoReader } from '../processes/foreground.ts';
import type { Session } from '../session/session.ts';
import { allInputRead } from './all-input-read.ts';
import { ASK_READER_EVERY_MS } from './input-taken.ts';
import type { Answer, Holding } from './wait.ts';

/** An unknown prompt may be the beginning of a line that continues. */
const QUIET_MS = 100;

/** At a prompt that follows all of the input: of several lines, each brings a prompt before the next is read. */
export function atPrompt(session: Session, input: InputMark): () => Answer<Holding> {
  const isTaken = allInputRead(session);
  const standsAtPrompt = promptShown(session, input);
  return () => {
    const prompt = standsAtPrompt();
    if (!('holds' in prompt)) return prompt;
    const taken = isTaken();
    return 'holds' in taken ? prompt : taken;
  };
}

function promptShown(session: Session, input: InputMark): () => Answer<Holding> {
  return () => {
    if (session.isExited) return {};
    const { isAtPrompt, promptAt: since = 0 } = session.commands;
    if (isAtPrompt) {
      // The prompt at which the line was sent off is not the one that follows it.
      return since < (input.submitted?.moment ?? 0) ? {} : { holds: { since } };
    }
    // A shell that runs something says no more; what runs may have a prompt of its own.
    return looksLikePrompt(session, input);
  };
}

function looksLikePrompt(session: Session, input: InputMark): Answer<Holding> {
  const { screen } = session;
  if (screen.alternateScreen) return {};
  const before = screen.textBeforeCursor;
  const isKnown = session.acts.prompts.knows(before);
  if (!isKnown && !AWAITED_PROMPT.test(before)) return {};
  // A line of exec's takes itself off the screen, so that the prompt behind it may look like the one before.
  if (input.isSubmitted && !input.hasReportedEnd && !isDrawnByCommand(session, input)) {
    const line = screen.topLine + screen.cursor.row;
    if (input.before === undefined || (line === input.origin.line && !hasCleared(session, input))) return {};
  }
  const leftMs = isKnown ? 0 : QUIET_MS - session.times.stillMs;
  if (leftMs > 0) return { askAgainInMs: leftMs };
  if (!isKnown && hasNoReader(session.pid)) return { askAgainInMs: ASK_READER_EVERY_MS };
  return { holds: { since: session.times.drawn } };
}

/** The shell has reported that it runs what was sent off, and the screen was drawn since: by that, not by the echo. */
function isDrawnByCommand({ commands, times }: Session, { submitted }: InputMark): boolean {
  const since = commands.runningSince;
  return since !== undefined && since > (submitted?.moment ?? 0) && times.drawn > since;
}

/** The cursor's line shows nothing of what it did: the same place, and another prompt. */
function hasCleared({ screen }: Session, { before }: InputMark): boolean {
  const { row } = screen.cursor;
  const text = screen.rowTexts()[row] ?? '';
  return before?.textBefore(screen, row, text) !== text;
}
