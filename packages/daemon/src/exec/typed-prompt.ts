/**
 * The prompt of a program that is no shell or REPL we know: the screen shows it, and the terminal's
 * settings tell whose it is. A program that relays another terminal (ssh, script, docker exec) has
 * switched off all that this one does to its output, since that one has done it already; a REPL has not.
 */

import { formOf } from '../input/learned-prompts.ts';
import { foregroundOf } from '../processes/foreground.ts';
import { isPasswordPrompt, terminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';
import { dialectOf } from './dialects/programs.ts';

export interface TypedPrompt {
  /** Of the program in the foreground. */
  pid: number;
  argv: readonly string[];
  /** What stands before the cursor. */
  text: string;
  /** The program relays another terminal, so a shell may be behind it. */
  isRelay: boolean;
}

/** Prompts for code, not the `?`, `:` and `[y/N]` of questions; IPython's is `In [1]:`, for more it is often `...`. */
const TAKES_CODE = /[$#%>❯➜»›)]$|\[\d+\]:$|^\s*\.{3}$/;
const ASKS = /\?|\b(?:y|n|yes|no)\W*$/i;

/** Prompts are short, and what a program prints before one without a newline is not part of it. */
const LONGEST_PROMPT = 200;

/** Whoever typed may not have been answered yet, and what looks like a prompt may be a line that goes on. */
const QUIET_MS = 100;

/**
 * @param last where the command before was typed; what a program prints without a newline is no part of its prompt
 * @param isOurs nobody has typed since
 * @returns undefined where the screen shows nothing like a prompt, or a question
 */
export async function typedPromptOf(
  session: Session,
  last: TypedPrompt | undefined,
  isOurs: boolean,
): Promise<TypedPrompt | undefined> {
  const { screen, times } = session;
  if (screen.alternateScreen || session.drawnBytes < session.retention.totalBytes) return undefined;
  const before = screen.textBeforeCursor.trimEnd();
  const isLast = last !== undefined && promptIn(before, last.text) !== undefined;
  if (!isLast && !isReadyForCode(session)) return undefined;
  const isQuiet = Math.min(times.outputIdleMs, times.inputIdleMs) >= QUIET_MS;
  if (!isQuiet && !(isLast && isOurs)) return undefined;
  const foreground = foregroundOf(session.pid);
  if (!foreground || dialectOf(foreground.pid)) return undefined;
  const state = await terminalState(session.terminalPath);
  if (!state || isPasswordPrompt(state, foreground)) return undefined;
  const isRelay = !state.processesOutput;
  if (!isRelay && foreground.reading === false) return undefined;
  const text = isLast && last.pid === foreground.pid ? last.text : before;
  return { pid: foreground.pid, argv: foreground.argv, text, isRelay };
}

/** Whether what stands before the cursor asks for code or a command, rather than for an answer. */
export function isReadyForCode({ screen, acts }: Session): boolean {
  const before = screen.textBeforeCursor.trimEnd();
  if (ASKS.test(before)) return false;
  return TAKES_CODE.test(before) || (acts.prompts.knows(before) && !before.endsWith(':'));
}

/** Where a text's last characters are the prompt of before; some prompts count. @returns undefined where they are not */
export function promptIn(text: string, prompt: string): number | undefined {
  const trimmed = text.trimEnd();
  const form = formOf(prompt);
  for (let start = Math.max(0, trimmed.length - LONGEST_PROMPT); start < trimmed.length; start++) {
    if (formOf(trimmed.slice(start)) === form) return start;
  }
  return undefined;
}
