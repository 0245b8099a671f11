/**
 * Whether what is typed now is not to be written down: the terminal reads a line without showing it, or something on
 * the screen asks for a secret. What is not known counts as hidden.
 */
import type { Screen } from '@pilotty/terminal';
import { isPasswordPrompt, terminalState } from '../processes/terminal-state.ts';

/** A program in raw mode shows what it likes: whether it asks for a secret, only its words say. */
const SECRET = /pass\s?(?:word|phrase|code|wort)|kennwort|\bPIN\b/i;
/** On a line that asks, and shows nothing of the answer but how long it is. */
const ASKS_FOR_SECRET =
  /(?:pass\s?(?:word|phrase|code|wort)|kennwort|\bPIN\b|secret|token|\bOTP\b|\bcode\b).{0,80}[:?]\s*[*•●]*\s*$/i;
/** A dialog asks above its field. */
const ROWS_ABOVE = 4;

interface Typed {
  readonly terminalPath: string;
  readonly screen: Screen;
}

/** @param session where it is typed */
export async function isHidden({ terminalPath, screen }: Typed): Promise<boolean> {
  const state = await terminalState(terminalPath);
  if (state === undefined || isPasswordPrompt(state, undefined)) return true;
  return asksForSecret(screen.rowTexts(), screen, state.canonical);
}

/** Where the terminal shows what is typed itself, only the cursor's own line counts: it asks, and has not hidden its input yet. */
export function asksForSecret(
  rows: readonly string[],
  { cursor, lineBeforeCursor }: { cursor: { row: number }; lineBeforeCursor: string },
  isCanonical: boolean,
): boolean {
  if (ASKS_FOR_SECRET.test(lineBeforeCursor)) return true;
  if (isCanonical) return false;
  const near = rows.slice(Math.max(0, cursor.row - ROWS_ABOVE), cursor.row + 1);
  return near.some((row) => SECRET.test(row));
}
