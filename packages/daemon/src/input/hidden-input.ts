/**
 * Whether what is typed now is not to be written down: the terminal reads a line without showing it, or something on
 * the screen asks for a secret. What is not known counts as hidden.
 */
import type { Screen } from '@pilotty/terminal';
import { isPasswordPrompt, type TerminalState, terminalState } from '../processes/terminal-state.ts';

/** A program in raw mode shows what it likes: whether it asks for a secret, only its words say. */
const SECRET = /pass\s?(?:word|phrase|code|wort)|kennwort|\bPIN\b/i;
/** On a line that asks, and shows nothing of the answer but how long it is. */
const ASKS_FOR_SECRET =
  /(?:pass\s?(?:word|phrase|code|wort)|kennwort|\bPIN\b|secret|token|\bOTP\b|\bcode\b).{0,80}[:?]\s*[*•●]*\s*$/i;
/** A line of a shell: what asked for a secret above it has got it. Not '>', which stands before the fields of forms too. */
const BEHIND_SHELL_PROMPT = /^.{0,200}?[$#%❯➜»›λ]\s/;
/** A dialog asks above its field. */
const ROWS_ABOVE = 4;

interface Typed {
  readonly terminalPath: string | undefined;
  readonly screen: Pick<Screen, 'cursor' | 'lineBeforeCursor' | 'promptEnd' | 'rowTexts'>;
}

/** What the words on a screen ask for. */
export interface Asked {
  /** The cursor's own line asks for a secret. */
  onLine: boolean;
  /** Something near the cursor does. */
  near: boolean;
}

/** @param session where it is typed */
export async function isHidden({ terminalPath, screen }: Typed): Promise<boolean> {
  const state = await terminalState(terminalPath);
  return hides(state, secretAskedOn(screen));
}

/**
 * Whether what is typed is hidden where the terminal is set so, undefined where that is not known. Where it shows what is
 * typed itself, only the cursor's own line counts: it asks, and has not hidden its input yet.
 */
export function hides(state: TerminalState | undefined, { onLine, near }: Asked): boolean {
  if (onLine || state === undefined || isPasswordPrompt(state, undefined)) return true;
  return near && !state.canonical;
}

export function secretAskedOn(screen: Typed['screen']): Asked {
  const { row } = screen.cursor;
  const rows = screen.rowTexts().slice(Math.max(0, row - ROWS_ABOVE), row + 1);
  const line = screen.lineBeforeCursor;
  const isOfShell = screen.promptEnd !== undefined || BEHIND_SHELL_PROMPT.test(line);
  return { onLine: ASKS_FOR_SECRET.test(line), near: !isOfShell && rows.some((text) => SECRET.test(text)) };
}
