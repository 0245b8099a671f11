/**
 * The prompt of a program that is no shell or REPL we know: the screen shows it, and the terminal's settings and
 * the kernel tell whose it is. A program that relays another terminal has switched off all that this one does to
 * its output, and is known by its name or by the terminal it holds; others do that too (redis-cli), and are typed
 * to as what they are.
 */
import type { Foreground } from '@pilotty/protocol';
import { asksForCode, formOf, isShellPrompt, mayAskForCode } from '../input/prompt-text.ts';
import { relayOf } from '../processes/relays.ts';
import { isPasswordPrompt, type TerminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';
import { hasReadScript } from '../session/shell-integration.ts';
import { isTextBehind } from './text-behind.ts';

export interface TypedPrompt {
  /** Of the program in the foreground. */
  pid: number;
  argv: readonly string[];
  /** What stands before the cursor. */
  text: string;
  /** A shell behind a relay, rather than a program that is typed to line by line. */
  isRelayedShell: boolean;
}

/** Prompts are short, and what a program prints before one without a newline is not part of it. */
const LONGEST_PROMPT = 200;

/** Input may not have been answered yet, and what looks like a prompt may be a line that continues. */
const QUIET_MS = 100;

/** What the screen shows of a program that is typed to: its prompt, a prompt with text behind it, or neither. */
export type TypedStanding = 'prompt' | 'text' | 'other';

/**
 * @param last where the command before was typed; what a program prints without a newline is no part of its prompt
 * @param isOurs no input was sent since
 */
export function typedStandingOf(
  session: Session,
  foreground: Foreground,
  last: TypedPrompt | undefined,
  isOurs: boolean,
): TypedStanding {
  const { screen, times, acts, unsubmittedInput } = session;
  if (screen.alternateScreen || session.parsedBytes < session.retention.totalBytes) return 'other';
  const before = screen.textBeforeCursor;
  const isLast = isPromptOfBefore(session, foreground, last);
  const isQuiet = Math.min(times.outputIdleMs, times.inputIdleMs) >= QUIET_MS;
  if (!isQuiet && !(isLast && isOurs)) return 'other';
  if (runsCommand(session, foreground)) return 'other';
  if (isTextBehind(session)) return 'text';
  const isTypedHere = unsubmittedInput.typedTo === foreground.process_group;
  const isKnown = isBehindMark(session) || (acts.prompts.knows(before) && mayAskForCode(before));
  // Where something was typed, the line must be as it was before, or a prompt from end to end.
  if (isTypedHere && !isKnown) {
    const { lineStart } = acts.last;
    if (screen.lineBeforeCursor !== lineStart)
      return lineStart.trim() !== '' && screen.lineBeforeCursor.startsWith(lineStart) ? 'text' : 'other';
  }
  return isKnown || isLast || asksForCode(before) ? 'prompt' : 'other';
}

/** The cursor is where the prompt of a program that marks them ended, and nothing was sent off there. */
function isBehindMark({ screen, commands, unsubmittedInput }: Session): boolean {
  const { promptEnd: end } = screen;
  const { promptAt } = commands;
  if (!commands.isAtPrompt || end === undefined || promptAt === undefined) return false;
  const isOnLine = screen.topLine + screen.cursor.row === end.line;
  return isOnLine && screen.lineBeforeCursor === end.text && unsubmittedInput.submittedAt <= promptAt;
}

/** PowerShell asks questions itself (Read-Host), and its programs stay in its process group: only its marks tell them from its prompt. */
function runsCommand({ integratedShell, pid, commands }: Session, foreground: Foreground): boolean {
  if (integratedShell !== 'pwsh' || foreground.pid !== pid) return false;
  return commands.isAtPrompt === false && hasReadScript(pid);
}

function isPromptOfBefore(
  { screen }: Session,
  foreground: Foreground,
  last: TypedPrompt | undefined,
): last is TypedPrompt {
  return last?.pid === foreground.pid && promptIn(screen.textBeforeCursor, last.text) !== undefined;
}

/**
 * @param isElsewhere a shell that does not find our files
 * @returns undefined where the program asks for a secret, or does not read
 */
export function typedPromptOf(
  session: Session,
  foreground: Foreground,
  last: TypedPrompt | undefined,
  state: TerminalState,
  isElsewhere: boolean,
): TypedPrompt | undefined {
  if (isPasswordPrompt(state, foreground)) return undefined;
  const isRelay = isElsewhere || (!state.processesOutput && relayOf(foreground) === 'relay');
  if (!isRelay && foreground.reading === false) return undefined;
  const text = isPromptOfBefore(session, foreground, last) ? last.text : session.screen.textBeforeCursor;
  const { pid, argv } = foreground;
  // Themes end in anything, so what is no other program's prompt is a shell's.
  return { pid, argv, text, isRelayedShell: isRelay && (isShellPrompt(text) || !asksForCode(text)) };
}

/** Whether what stands before the cursor asks for code or a command, rather than for an answer. */
export function isReadyForCode({ screen, acts }: Session): boolean {
  const before = screen.textBeforeCursor;
  return asksForCode(before) || (acts.prompts.knows(before) && mayAskForCode(before));
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
