/**
 * A program of which we know nothing but that it marks its prompts and commands (OSC 133), as nushell does: each line is typed
 * at its prompt, and what the line printed, and how it ended, is what stands between its marks.
 */
import { encodePaste, Transcript } from '@pilotty/terminal';
import { NEVER } from '../call.ts';
import { foregroundOf } from '../processes/foreground.ts';
import type { ShellCommand } from '../session/command-log.ts';
import type { Session } from '../session/session.ts';
import type { Ending } from './execution.ts';
import { refuseUntypable } from './learned-repl.ts';
import { plainText } from './plain-text.ts';
import type { PromptDriver } from './typed-execution.ts';
import { promptIn, type TypedPrompt } from './typed-prompt.ts';

/** What has begun no command, and is at another prompt, wants the rest of one. */
const OTHER_PROMPT_MS = 500;
const READ_BYTES = 256 * 1024;
const ENTER = Buffer.from('\r');

export class MarkedShell implements PromptDriver {
  droppedBytes = 0;
  typedSeq = 0;
  readonly #session: Session;
  readonly #prompt: TypedPrompt;
  readonly #lines: string[];
  #typed = '';
  /** How many commands there had been when it was typed. */
  #before = 0;
  #command: ShellCommand | undefined;
  #transcript: Transcript | undefined;
  #offset = 0;
  #endsInLine = false;

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
    if (state === undefined) return { bytes: Buffer.from(printed), ending: undefined };
    const bytes = Buffer.from(printed + this.#lastLines());
    if (!isGone && this.#lines.length > 0) {
      this.#typeNext();
      return { bytes, ending: undefined };
    }
    const outcome = isGone ? 'exited' : 'matched';
    return { bytes, ending: { outcome, exitCode: null, signal: null, cwd: null, ...state } };
  }

  /** To be called where all that was printed is drawn. */
  #typeNext(): void {
    const { commands, screen } = this.#session;
    this.#typed = this.#lines.shift() ?? '';
    this.#before = commands.count;
    this.#command = undefined;
    const bytes = Buffer.concat([encodePaste(this.#typed, screen.modes), ENTER]);
    this.typedSeq = this.#session.send(bytes, NEVER, { isCaughtUp: true }).seq;
  }

  /** Lines that were printed since. */
  #read(): string {
    const command = this.#commandOf();
    if (command === undefined) return '';
    const { retention, parsedBytes } = this.#session;
    this.droppedBytes += Math.max(0, retention.start - this.#offset);
    this.#offset = Math.max(this.#offset, retention.start);
    // What is not drawn may have the mark of its end in it.
    const end = command.outputEnd ?? parsedBytes;
    let text = '';
    while (this.#offset < end) {
      const bytes = retention.read(this.#offset, Math.min(READ_BYTES, end - this.#offset));
      if (bytes.length === 0) break;
      text += this.#transcript?.write(bytes) ?? '';
      this.#offset += bytes.length;
      const plain = plainText(bytes);
      if (plain.length > 0) this.#endsInLine = plain.at(-1) !== 0x0a;
    }
    return text + (this.#transcript?.flush() ?? '');
  }

  #commandOf(): ShellCommand | undefined {
    // A line that says nothing may be marked, and draws a prompt alone.
    if (this.#command !== undefined || this.#typed.trim() === '') return this.#command;
    const { commands, screen } = this.#session;
    this.#command = commands.commands.find(({ number }) => number > this.#before);
    if (this.#command === undefined) return undefined;
    this.#transcript = new Transcript(screen.size);
    this.#offset = this.#command.outputStart;
    this.#endsInLine = false;
    return this.#command;
  }

  /** Of the lines that are still on its screen, the last may have no end. */
  #lastLines(): string {
    const text = this.#transcript?.end() ?? '';
    this.#transcript = undefined;
    return this.#endsInLine ? text.replace(/\n$/, '') : text;
  }

  /** undefined as long as it is busy. */
  #ready(): (Pick<Ending, 'note'> & { exitCode?: number | null }) | undefined {
    const { commands, parsedBytes, retention, screen, times } = this.#session;
    if (parsedBytes < retention.totalBytes || commands.isAtPrompt !== true || !this.#isReading())
      return undefined;
    if (this.#command !== undefined)
      return this.#command.isFinished ? { exitCode: this.#command.exitCode ?? null } : undefined;
    // It has not begun a command: of a line that says nothing, or as long as it wants the rest of one.
    if (Math.min(times.outputIdleMs, times.inputIdleMs) < OTHER_PROMPT_MS) return undefined;
    const before = screen.textBeforeCursor;
    const isSame = promptIn(before, this.#prompt.text) !== undefined;
    if (this.#typed.trim() === '') return isSame ? {} : undefined;
    // It may not have read the line by now.
    if (isSame || before.trimEnd().endsWith(this.#typed.trimEnd())) return undefined;
    if (this.#lines.length > 0) return {};
    return { note: `It is at another prompt now, '${before}' instead of '${this.#prompt.text}'.` };
  }

  #isReading(): boolean {
    return foregroundOf(this.#session.pid)?.reading !== false;
  }
}
