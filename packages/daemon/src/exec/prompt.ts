/**
 * Finds the prompt of a session's program, once it waits there with an empty line. Nothing is sent before that is
 * known; where it cannot be, the command is refused.
 */
import type { Foreground } from '@pilotty/protocol';
import type { Deadline } from '../call.ts';
import { foregroundOf } from '../processes/foreground.ts';
import { findProcess, isReadingInput, programImage } from '../processes/process-table.ts';
import { placeOfWait, type WaitingPlace } from '../processes/reads-terminal.ts';
import { relayOf } from '../processes/relays.ts';
import { findsFile } from '../processes/shared-files.ts';
import { type TerminalState, terminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';
import { nextChange } from '../until.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialectOf } from './dialects/programs.ts';
import type { ProvenPrompts } from './proven-prompts.ts';
import { hasTheKeyboard, isNoPrompt, leftBefore, notReading, textStands, unknownPrompt } from './refusals.ts';
import { isAsking, isEditing, type Reader, standingOf } from './standing.ts';
import { type TypedPrompt, typedPromptOf, typedStandingOf } from './typed-prompt.ts';

export interface Prompt {
  pid: number;
  /** Its program as it was started, where the kernel tells: see programImage(). */
  image: string | undefined;
  dialect: Dialect;
}

/** Where a command can be typed. */
export interface Ready {
  prompt: Prompt | TypedPrompt;
  /** What stands before the cursor. */
  line: string;
  /** Where in its program it waits. */
  place: WaitingPlace | undefined;
  /**
   * To be called right before the first byte.
   * @returns false when the prompt is not there just now, as while it is drawn again: to be looked for once more
   * @throws RequestError CONDITION_FAILED when other input came first
   */
  requireStill: () => boolean;
}

/** What is known of the commands before. */
export interface Before {
  /** No input was sent since, so what runs was started by the shell itself. */
  isOurs: boolean;
  /** The shell in which the last one ended, by its report. */
  endedIn: number | undefined;
  /** Where the last one was typed, if it was. */
  typedPrompt: TypedPrompt | undefined;
  proven: ProvenPrompts;
  /** Where the files are that a shell is to read. */
  directory: string;
}

/** The kernel does not report when a process begins to read: it is polled often at first, then less often. */
const LOOK_MS = 1;
const LATER_LOOK_MS = 10;
const SOON_MS = 100;
/** What a shell itself starts around its prompt (a directory's git branch) has ended by then. */
const PASSING_MS = 300;
/** A line that the far end of a connection has begun, and stops in, continues or is an unknown prompt. */
const STALLED_MS = 1000;
/** To ask for the terminal's settings takes a process. */
const ASK_TERMINAL_EVERY_MS = 100;

/**
 * Ctrl+H, which with the Escape before it is a key that erases in every line editor, and Enter: neither does
 * anything to an empty line, nor to the exit status, and the next line is begun in the mode for text.
 */
const LEAVE_ESCAPE = Buffer.from('\x08\r');

/** The shell that reads from the terminal now. */
export function promptOf(session: Session): Prompt | undefined {
  const foreground = foregroundOf(session.pid);
  // First: a program that takes its place meanwhile has another image.
  const image = foreground && programImage(foreground.pid);
  const dialect = foreground && dialectOf(foreground.pid);
  return dialect && isReadingInput(foreground.pid) ? { pid: foreground.pid, image, dialect } : undefined;
}

/** Whether the same program still reads from the terminal. */
export function isStillReading(session: Session, prompt: Prompt): boolean {
  const { pid, image } = prompt;
  if (image === undefined) {
    const now = promptOf(session);
    return now?.pid === pid && now.dialect === prompt.dialect;
  }
  const process = findProcess(pid);
  const isInForeground = process !== undefined && process.group === process.foregroundGroup;
  return isInForeground && programImage(pid) === image && isReadingInput(pid);
}

/** The shell that waits at its prompt with an empty line, as far as is known at this moment. */
export function emptyPromptOf(
  session: Session,
  { isOurs, proven }: Pick<Before, 'isOurs' | 'proven'>,
): Prompt | undefined {
  const foreground = foregroundOf(session.pid);
  const prompt = promptOf(session);
  if (!foreground || prompt?.pid !== foreground.pid) return undefined;
  const { pid, process_group: group } = foreground;
  const { name } = prompt.dialect;
  const standing = standingOf(session, { pid, group, name, isOurs, proven, isBack: false });
  return standing === 'text' || standing === 'other' ? undefined : prompt;
}

/**
 * Waits until there is a prompt: a shell that starts, or that has just been sent input, needs a moment.
 * @throws RequestError CONDITION_FAILED when something else has the keyboard, TIMEOUT at the deadline
 */
export function awaitPrompt(session: Session, before: Before, deadline: Deadline): Promise<Ready> {
  return new PromptSearch(session, before, deadline).run();
}

class PromptSearch {
  readonly #session: Session;
  readonly #before: Before;
  readonly #deadline: Deadline;
  /** What was seen at the last look, and since when it has been so without any output or input. */
  #seen: { what: string; seq: number; sinceMs: number } = { what: '', seq: -1, sinceMs: 0 };
  #inForeground: { pid: number; sinceMs: number } = { pid: 0, sinceMs: 0 };
  #asked: { state: TerminalState | undefined; atMs: number } | undefined;

  constructor(session: Session, before: Before, deadline: Deadline) {
    this.#session = session;
    this.#before = before;
    this.#deadline = deadline;
  }

  async run(): Promise<Ready> {
    const { signal } = this.#deadline;
    for (;;) {
      this.#session.requireRunning();
      const ready = this.#isOnItsWay ? undefined : await this.#look();
      if (ready) return ready;
      if (signal.aborted) throw notReading(this.#session, this.#deadline);
      // After the next output, or a moment.
      const withinMs = this.#deadline.elapsedMs < SOON_MS ? LOOK_MS : LATER_LOOK_MS;
      await nextChange(this.#session, { signal, withinMs });
    }
  }

  /**
   * The shell of the command before is not back at its prompt, and nothing is refused so soon: to find that out takes two
   * reads instead of a dozen, which a shell that draws its prompt on a busy machine would have to wait for.
   */
  get #isOnItsWay(): boolean {
    const { isOurs, endedIn } = this.#before;
    if (!isOurs || endedIn === undefined || this.#deadline.elapsedMs >= SOON_MS) return false;
    return !isReadingInput(endedIn) && findProcess(endedIn) !== undefined;
  }

  async #look(): Promise<Ready | undefined> {
    const foreground = foregroundOf(this.#session.pid);
    if (foreground?.pid !== this.#inForeground.pid)
      this.#inForeground = { pid: foreground?.pid ?? 0, sinceMs: this.#deadline.elapsedMs };
    if (!foreground) return undefined;
    const image = programImage(foreground.pid);
    const dialect = dialectOf(foreground.pid);
    // What runs in a container, or behind chroot(2), is typed to as what runs on another host is.
    if (dialect && !findsFile(foreground.pid, this.#before.directory))
      return this.#lookAtOther(foreground, true);
    return dialect
      ? this.#lookAtShell(foreground, { pid: foreground.pid, image, dialect })
      : this.#lookAtOther(foreground);
  }

  async #lookAtShell(foreground: Foreground, prompt: Prompt): Promise<Ready | undefined> {
    const session = this.#session;
    const { pid, dialect } = prompt;
    const { process_group: group } = foreground;
    const { isOurs, proven, endedIn } = this.#before;
    const reader: Reader = { pid, group, name: dialect.name, isOurs, proven, isBack: endedIn === pid };
    if (!isReadingInput(pid)) {
      this.#steadyMs('busy');
      return undefined;
    }
    const hasReadAll = session.arrived.readAndDraw();
    const standing = standingOf(session, reader);
    const steadyMs = this.#steadyMs(`${pid} ${standing}`);
    // What it printed before it began to read is on the screen: now where that is certain, else by the second look.
    const isWhole = hasReadAll && (standing === 'marked' || standing === 'placed' || standing === 'proven');
    if (steadyMs === undefined && !isWhole) return undefined;
    if (standing === 'text' || standing === 'other') {
      if (steadyMs === undefined || steadyMs < PASSING_MS) return undefined;
      const state = await this.#terminal();
      // On a busy machine what it printed may not be drawn until then.
      if (session.parsedBytes < session.retention.totalBytes || standingOf(session, reader) !== standing)
        return undefined;
      if (state && isAsking(session, reader, state))
        throw standing === 'text' ? textStands(session) : isNoPrompt(session, foreground);
      return undefined;
    }
    if (standing !== 'marked' && standing !== 'placed') {
      const { seq } = session;
      const state = await terminalState(session.terminalPath);
      if (!state || !isEditing(session, reader, state, standing === 'proven')) {
        if (steadyMs !== undefined && steadyMs >= PASSING_MS && state && isAsking(session, reader, state))
          throw isNoPrompt(session, foreground);
        return undefined;
      }
      if (seq !== session.seq) return undefined;
    }
    if (session.unsubmittedInput.hasEscaped) return this.#leaveEscape(reader);
    const line = session.screen.lineBeforeCursor;
    const isStill = () => isReadingInput(pid) && standingOf(session, reader) === standing;
    const place = placeOfWait(pid);
    return { prompt, line, place, requireStill: this.#stillUnless(isStill) };
  }

  async #lookAtOther(foreground: Foreground, isElsewhere = false): Promise<Ready | undefined> {
    const session = this.#session;
    const { isOurs, typedPrompt } = this.#before;
    const relay = isElsewhere ? 'relay' : relayOf(foreground);
    if (relay === 'multiplexer') throw hasTheKeyboard(session, foreground);
    const standing = typedStandingOf(session, foreground, typedPrompt, isOurs);
    const { seq } = session;
    const steadyMs = this.#steadyMs(`${foreground.pid} ${standing}`) ?? 0;
    if (standing === 'prompt') {
      const state = await terminalState(session.terminalPath);
      const prompt =
        state && seq === session.seq && typedPromptOf(session, foreground, typedPrompt, state, isElsewhere);
      if (prompt) {
        const isStill = () => typedStandingOf(session, foreground, typedPrompt, isOurs) === 'prompt';
        const line = session.screen.lineBeforeCursor;
        return { prompt, line, place: undefined, requireStill: this.#stillUnless(isStill) };
      }
    }
    if (standing === 'text' && steadyMs >= PASSING_MS) throw textStands(session);
    await this.#refuseOther(foreground, relay === 'relay', steadyMs);
    return undefined;
  }

  /** @throws RequestError where what has the keyboard is known to wait for something else than a command */
  async #refuseOther(foreground: Foreground, isRelay: boolean, steadyMs: number): Promise<void> {
    const session = this.#session;
    if (steadyMs >= PASSING_MS && foreground.reading !== false) {
      const state = await this.#terminal();
      if (state?.canonical && foreground.reading) throw hasTheKeyboard(session, foreground);
      const { times, screen } = session;
      const isStalled = Math.min(times.outputIdleMs, times.inputIdleMs, steadyMs) >= STALLED_MS;
      if (isStalled && screen.alternateScreen) throw hasTheKeyboard(session, foreground);
      if (isStalled && screen.textBeforeCursor !== '') throw unknownPrompt(session, foreground);
    }
    const isPassing = this.#deadline.elapsedMs - this.#inForeground.sinceMs <= PASSING_MS;
    if (!this.#before.isOurs && !isRelay && !isPassing) throw hasTheKeyboard(session, foreground);
  }

  /** Keys that are typed next would be taken for others: so the line, which is empty, is given up for a fresh one. */
  async #leaveEscape(reader: Reader): Promise<undefined> {
    const session = this.#session;
    await session.inputTurns.during(async () => {
      if (!isReadingInput(reader.pid) || !session.unsubmittedInput.hasEscaped) return;
      if (['text', 'other'].includes(standingOf(session, reader))) return;
      session.send(LEAVE_ESCAPE, this.#deadline);
    });
  }

  #stillUnless(isStill: () => boolean): () => boolean {
    const { seq, acts } = this.#session;
    const { lastSeq } = acts;
    return () => {
      // What was printed since the look may be a question.
      this.#session.arrived.readAndDraw();
      if (this.#session.seq === seq || isStill()) return true;
      if (acts.lastSeq !== lastSeq) throw leftBefore(this.#session);
      return false;
    };
  }

  /** For how long the same has been seen, with no output and no input; undefined the first time. */
  #steadyMs(what: string): number | undefined {
    const { seq } = this.#session;
    const { elapsedMs } = this.#deadline;
    if (this.#seen.what === what && this.#seen.seq === seq) return elapsedMs - this.#seen.sinceMs;
    this.#seen = { what, seq, sinceMs: elapsedMs };
    return undefined;
  }

  async #terminal(): Promise<TerminalState | undefined> {
    const { elapsedMs } = this.#deadline;
    if (!this.#asked || elapsedMs - this.#asked.atMs >= ASK_TERMINAL_EVERY_MS)
      this.#asked = { state: await terminalState(this.#session.terminalPath), atMs: elapsedMs };
    return this.#asked.state;
  }
}
