/**
 * Whether a shell or REPL that reads from the terminal stands at its prompt with an empty line, before anything is
 * typed to it. What it asks itself (`read`, `select`, `vared`, `input()`), the rest of a statement, a search of
 * its history and a line with text on it all look the same to the kernel.
 *
 * A shell that marks its prompts says when it is at one and where it ends: the cursor stands there, and nothing
 * behind it, or the line is not empty. Of any other the text of the line must be a prompt and nothing more, by
 * what was proven of this process before, or by the text itself; and the terminal must be set as its line editor
 * sets it. Where the kernel reports in which place of its program it waits, a question that looks like its prompt is
 * known to be none, and a prompt that looks like no prompt to be one.
 */
import type { PromptEnd } from '@pilotty/terminal';
import { isContinuation, isDefaultPrompt, withoutEditingMode } from '../input/prompt-text.ts';
import { findProcess } from '../processes/process-table.ts';
import { readsTerminal, sizeOfRead } from '../processes/reads-terminal.ts';
import type { TerminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';
import { hasReadScript } from '../session/shell-integration.ts';
import { isBackAfterEnter, type ProvenPrompts } from './proven-prompts.ts';
import { isTextBehind } from './text-behind.ts';
import { isSurelyEmpty, placeOf } from './waiting-place.ts';

export interface Reader {
  pid: number;
  /** Its process group. */
  group: number;
  /** Name of its dialect. */
  name: string;
  /** No input was sent since the last command of ours. */
  isOurs: boolean;
  /** Nor has it done anything since that ended, by its report. */
  isBack: boolean;
  proven: ProvenPrompts;
}

/**
 * By marks, by the place alone, by what was proven, or by the text alone: an empty line. Else a line with text, or no
 * prompt.
 */
export type Standing = 'marked' | 'placed' | 'proven' | 'likely' | 'text' | 'other';

/** What was typed is shown by then, or the reader is awake. */
const ECHOED_MS = 50;

export function standingOf(session: Session, reader: Reader): Standing {
  const { screen, commands } = session;
  if (screen.alternateScreen || session.parsedBytes < session.retention.totalBytes) return 'other';
  if (!reader.isOurs && session.times.inputIdleMs < ECHOED_MS) return 'other';
  if (commands.isAtPrompt && !REPLS.has(reader.name)) return standingByMarks(session, reader);
  const isMarking = session.integratedShell === reader.name && reader.pid === session.pid;
  // It has marked a prompt, and what it runs now is no prompt, whatever it looks like.
  if (isMarking && commands.promptAt !== undefined && hasReadScript(reader.pid)) return 'other';
  const place = placeOf(session, reader.pid, reader.name, reader.proven);
  // Behind an Escape it waits for the rest of a key.
  if (place === 'elsewhere' && !session.unsubmittedInput.hasEscaped) return 'other';
  if (!hasAnswered(session, reader)) return 'other';
  if (isTextBehind(session)) return 'text';
  if (hasLinesBelow(session)) return 'other';
  if (isSurelyEmpty(session, reader, place, reader.isOurs && reader.isBack))
    return place === 'prompt' && WITH_ANY_SETTINGS.has(reader.name) ? 'placed' : 'proven';
  // What was proven once may be what it asks for the rest of a command with.
  if (isContinuation(screen.lineBeforeCursor) && !isDefaultPrompt(reader.name, screen.lineBeforeCursor))
    return 'other';
  if (reader.proven.knows(reader.pid, screen.lineBeforeCursor) || isBackAfterEnter(session)) return 'proven';
  return standingByText(session, reader);
}

function standingByMarks(session: Session, reader: Reader): Standing {
  const { screen, commands, unsubmittedInput } = session;
  const { promptAt = 0 } = commands;
  const { submittedAt, wasInterrupted } = unsubmittedInput;
  const end = screen.promptEnd;
  // Enter was pressed at this prompt: it has brought no other yet, or asks for the rest of a command.
  if (submittedAt > promptAt && (end !== undefined || !wasInterrupted)) return 'other';
  if (isTextBehind(session)) return 'text';
  if (hasLinesBelow(session)) return 'other';
  return end === undefined ? standingWithoutEnd(session, reader) : standingBehind(end, session);
}

function standingBehind(end: PromptEnd, { screen, unsubmittedInput }: Session): Standing {
  const hasInput = unsubmittedInput.typedTo !== undefined;
  const line = withoutEditingMode(screen.lineBeforeCursor);
  const text = withoutEditingMode(end.text);
  const isOnLine = screen.topLine + screen.cursor.row === end.line;
  // A resize may have folded the lines above anew.
  if (line === text && (isOnLine || (!hasInput && text.trim() !== ''))) return 'marked';
  return line.startsWith(text) || !isOnLine ? 'text' : 'other';
}

/** At a prompt whose end is not marked, as those of fish: it is what stood there when typing began. */
function standingWithoutEnd({ screen, acts, unsubmittedInput, commands }: Session, reader: Reader): Standing {
  const line = screen.lineBeforeCursor;
  if (reader.proven.knows(reader.pid, line) || acts.prompts.knows(line)) return 'marked';
  if (commands.hasTextAtPrompt) return 'text';
  const { promptAt = 0 } = commands;
  const isDefault = isDefaultPrompt(reader.name, line);
  if (unsubmittedInput.wasInterrupted && unsubmittedInput.submittedAt > promptAt)
    return isDefault ? 'marked' : 'other';
  if (acts.last.isSubmitted || acts.last.seq === 0) return 'marked';
  const { lineStart } = acts.last;
  // Where typing began before the prompt was drawn, only the line itself shows it.
  if (acts.last.moment > promptAt && !(isDefault && lineStart.trim() === ''))
    return line === lineStart ? 'marked' : 'text';
  return endsAsTyped(line, acts.last.typed) ? 'text' : 'marked';
}

function standingByText({ screen, acts, unsubmittedInput }: Session, reader: Reader): Standing {
  const line = screen.lineBeforeCursor;
  if (reader.proven.isFollowed(reader.pid, line)) return 'text';
  const isPrompt = isDefaultPrompt(reader.name, line);
  const { typedTo } = unsubmittedInput;
  if (typedTo === undefined) return isPrompt ? 'likely' : 'other';
  // Of a REPL the whole line is known, so that nothing else stands on it.
  if (isPrompt && REPLS.has(reader.name)) return 'likely';
  const { lineStart, typed } = acts.last;
  if (typedTo === reader.group && line !== lineStart)
    return line.startsWith(lineStart) && lineStart.trim() !== '' ? 'text' : 'other';
  if (typedTo !== reader.group && endsAsTyped(line, typed)) return 'text';
  return isPrompt ? 'likely' : 'other';
}

const REPLS = new Set(['python', 'node', 'sqlite3']);

/** Typed before there was a prompt, and now behind it. */
function endsAsTyped(line: string, typed: string): boolean {
  const text = typed.trimEnd();
  return text !== '' && line.trimEnd().endsWith(text.slice(-1));
}

/** What was sent off last has had an effect on the screen. */
function hasAnswered({ screen, acts }: Session, { isOurs }: Reader): boolean {
  const { last } = acts;
  if (isOurs || !last.isSubmitted) return true;
  if (last.before === undefined) return false;
  const { row } = screen.cursor;
  if (screen.topLine + row !== last.origin.line) return true;
  const text = screen.rowTexts()[row] ?? '';
  return last.before.textBefore(screen, row, text) !== text;
}

/** Completions, or further lines of what was typed; nothing below a prompt at which nothing was typed is. */
function hasLinesBelow({ screen, unsubmittedInput, acts, commands }: Session): boolean {
  if (unsubmittedInput.typedTo === undefined || acts.last.moment < (commands.promptAt ?? 0)) return false;
  return screen
    .rowTexts()
    .slice(screen.cursor.row + 1)
    .some((text) => text !== '');
}

/**
 * Whether the terminal is set as the line editor of a program sets it. A question of its own is read with the
 * terminal's editing, or shown by the terminal (`read -n 1`); dash reads a question byte by byte.
 */
export function isEditing(
  session: Session,
  { pid, name }: Reader,
  state: TerminalState,
  isProven: boolean,
): boolean {
  const size = sizeOfRead(pid);
  if (state.canonical) return isProven || (!WITH_EDITOR.has(name) && size !== 1);
  if (state.echo) return false;
  if (isProven) return true;
  const { bracketedPaste } = session.screen.modes;
  // Both ask for pastes in brackets at their prompts, unless their user does not want it.
  if (name === 'zsh') return bracketedPaste;
  return name !== 'bash' || bracketedPaste || size === undefined;
}

/** Their lines end with a newline, which needs no setting of the terminal. */
const WITH_ANY_SETTINGS = new Set(['dash']);

const WITH_EDITOR = new Set(['bash', 'zsh', 'fish', 'python', 'node']);

/** Whether what reads, and is at no prompt, surely waits for an answer. */
export function isAsking(session: Session, { pid, name }: Reader, state: TerminalState): boolean {
  const process = findProcess(pid);
  if (process && readsTerminal(process) === true) return true;
  const isRaw = !state.canonical && !state.echo;
  // node never leaves that, also while it runs something.
  return isRaw && (name !== 'node' || session.screen.lineBeforeCursor.trim() !== '');
}
