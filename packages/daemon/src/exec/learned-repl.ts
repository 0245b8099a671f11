/**
 * A program of which we know nothing but its prompt: each line of the code is typed once it has taken the
 * one before, and what it printed stands between the echo of the line and the prompt that follows.
 */
import { RequestError } from '@pilotty/protocol';
import { encodePaste, Transcript } from '@pilotty/terminal';
import { NEVER } from '../call.ts';
import { MAX_TYPED_LINE_BYTES } from '../limits.ts';
import { foregroundOf } from '../processes/foreground.ts';
import type { Session } from '../session/session.ts';
import type { Ending } from './execution.ts';
import type { PromptDriver } from './typed-execution.ts';
import { isReadyForCode, promptIn, type TypedPrompt } from './typed-prompt.ts';

/** A program that reads on at another prompt, or without one, has fallen silent for so long. */
const NEXT_PROMPT_MS = 50;
const NEXT_LINE_MS = 1000;
const OTHER_PROMPT_MS = 500;
const READ_BYTES = 256 * 1024;
const ENTER = Buffer.from('\r');

export class LearnedRepl implements PromptDriver {
  droppedBytes = 0;
  typedSeq = 0;
  readonly #session: Session;
  readonly #prompt: TypedPrompt;
  readonly #lines: string[];
  /** What the session prints from the line that was typed last on, beginning with the prompt before it. */
  #transcript: Transcript | undefined;
  #offset = 0;
  #before = '';
  #typed = '';
  /** The line that shows what was typed is over. */
  #isEchoOver = false;

  constructor(session: Session, prompt: TypedPrompt, code: string) {
    this.#session = session;
    this.#prompt = prompt;
    this.#lines = code.replace(/\r?\n$/, '').split(/\r?\n/);
  }

  async begin(): Promise<void> {
    for (const line of this.#lines) refuseUntypable(line);
    this.#typeNext();
  }

  listen(isGone: boolean): { bytes: Buffer; ending: Ending | undefined } {
    const printed = this.#read();
    const state = isGone ? {} : this.#ready();
    if (!state || (!isGone && this.#hasPrintedMore()))
      return { bytes: Buffer.from(printed), ending: undefined };
    const bytes = Buffer.from(printed + this.#lastLine());
    if (!isGone && this.#lines.length > 0) {
      this.#typeNext();
      return { bytes, ending: undefined };
    }
    this.#transcript?.end();
    const outcome = isGone ? 'exited' : 'matched';
    return { bytes, ending: { outcome, exitCode: null, signal: null, cwd: null, ...state } };
  }

  /** Since the output was read for the last time: it is heard again once that is drawn. */
  #hasPrintedMore(): boolean {
    this.#session.arrived.read();
    return this.#session.retention.totalBytes > this.#offset;
  }

  /** To be called where all that was printed is drawn. */
  #typeNext(): void {
    const { screen, retention } = this.#session;
    this.#typed = this.#lines.shift() ?? '';
    this.#transcript?.end();
    this.#transcript = new Transcript(screen.size);
    this.#before = screen.textBeforeCursor.padEnd(screen.cursor.col);
    this.#transcript.write(Buffer.from(this.#before));
    this.#isEchoOver = false;
    this.#offset = retention.totalBytes;
    const bytes = Buffer.concat([encodePaste(this.#typed, screen.modes), ENTER]);
    this.typedSeq = this.#session.send(bytes, NEVER, { isCaughtUp: true }).seq;
  }

  /** Lines that were printed since, without the echo. */
  #read(): string {
    const { retention } = this.#session;
    this.droppedBytes += Math.max(0, retention.start - this.#offset);
    this.#offset = Math.max(this.#offset, retention.start);
    let text = '';
    for (let bytes = retention.read(this.#offset, READ_BYTES); bytes.length > 0; ) {
      text += this.#transcript?.write(bytes) ?? '';
      this.#offset += bytes.length;
      bytes = retention.read(this.#offset, READ_BYTES);
    }
    text += this.#transcript?.flush() ?? '';
    if (this.#isEchoOver || text === '') return text;
    this.#isEchoOver = true;
    const end = text.indexOf('\n') + 1;
    const first = text.slice(0, end);
    if (withoutSpace(first).includes(withoutSpace(this.#typed))) return text.slice(end);
    // Nothing shows what was typed.
    return text.slice(first.startsWith(this.#before) ? this.#before.length : 0);
  }

  /** undefined as long as it is busy. */
  #ready(): { note?: string } | undefined {
    const { screen, times, parsedBytes, retention } = this.#session;
    if (parsedBytes < retention.totalBytes) return undefined;
    const before = screen.textBeforeCursor;
    const idleMs = Math.min(times.outputIdleMs, times.inputIdleMs);
    const isSame = promptIn(before, this.#prompt.text) !== undefined;
    if (isSame && (this.#isEchoOver || idleMs >= OTHER_PROMPT_MS)) return this.#isReading() ? {} : undefined;
    const isPrompted = isReadyForCode(this.#session);
    const silenceMs = this.#lines.length === 0 ? OTHER_PROMPT_MS : isPrompted ? NEXT_PROMPT_MS : NEXT_LINE_MS;
    if (idleMs < silenceMs || !this.#isReading()) return undefined;
    if (this.#lines.length > 0) return {};
    if (!isPrompted) return undefined;
    return { note: `It is at another prompt now, '${before}' instead of '${this.#prompt.text}'.` };
  }

  #isReading(): boolean {
    return foregroundOf(this.#session.pid)?.reading !== false;
  }

  /** What stands before the prompt without a newline. */
  #lastLine(): string {
    const before = this.#session.screen.textBeforeCursor;
    return this.#isEchoOver ? before.slice(0, promptIn(before, this.#prompt.text) ?? 0) : '';
  }
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** @throws RequestError INVALID_INPUT for what a terminal would cut, or take for keys */
export function refuseUntypable(line: string): void {
  const isLong = Buffer.byteLength(line) > MAX_TYPED_LINE_BYTES;
  if (!isLong && !/[\0-\x08\x0b-\x1f\x7f]/.test(line)) return;
  const what = isLong ? `a line of more than ${MAX_TYPED_LINE_BYTES} bytes` : 'a control character in it';
  throw new RequestError('INVALID_INPUT', `Code that is typed to a program cannot have ${what}`, {
    suggestion: 'Break it into more lines, or have the program read it from a file.',
  });
}
