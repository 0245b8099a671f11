/**
 * A shell behind a program that relays another terminal: the command goes to it in typed lines, and
 * what it prints is what stands between two control strings, the last of which has the status.
 *
 * A shell that comes back to its prompt without them, by an interrupt or a mistake that ends the line, is
 * asked; and so is the one outside, when the relay ends with the command.
 */
import { RequestError } from '@pilotty/protocol';
import { NEVER } from '../call.ts';
import { MAX_TYPED_COMMAND_BYTES } from '../limits.ts';
import { randomHex } from '../random-hex.ts';
import type { Session } from '../session/session.ts';
import { until } from '../until.ts';
import type { Ending } from './execution.ts';
import { askingLine, inlineLines, statusIn } from './inline-text.ts';
import { finishedLength, plainText } from './plain-text.ts';
import { emptyPromptOf, type Prompt } from './prompt.ts';
import type { ProvenPrompts } from './proven-prompts.ts';
import { TerminalCapture } from './terminal-capture.ts';
import type { PromptDriver } from './typed-execution.ts';
import { promptIn, type TypedPrompt } from './typed-prompt.ts';

/** A shell that is there answers within a round trip, which across the world takes a third of a second. */
const ANSWER_MS = 3000;
/** What looks like the prompt and stays so is it. */
const QUIET_MS = 100;
/** For the shell outside to come to its prompt. */
const OUTER_MS = 2000;
/** The echo of one line, however often a line editor draws it. */
const ANSWER_BYTES = 256 * 1024;
/** What an interrupt leaves before the prompt: its echo, and zsh's mark of a line without an end. */
const INTERRUPTED = /(?:\^C\r?\n?)?(?:[%#] {9,}(?:\r ?)?)?\r*$/;
/** The same before a prompt that has only begun. */
const BEFORE_PROMPT = /^(?:\^C)?(?:[%#] *(?:\r ?)?)?\r*/;
/** As wide as the widest screen, and a little. */
const LONGEST_LEFT = 1100;
const ENTER = '\r';

export class RelayedShell implements PromptDriver {
  readonly #session: Session;
  readonly #proven: ProvenPrompts;
  readonly #prompt: TypedPrompt;
  readonly #isPty: boolean;
  readonly #nonce = randomHex(8);
  readonly #capture: TerminalCapture;
  readonly #command: string;
  /** Printed, and perhaps the beginning of a control sequence. */
  #unfinished: Buffer = Buffer.alloc(0);
  /** Printed, and perhaps the prompt that ends it. */
  #held = '';
  /** The shell was asked for its status: when, and at which prompt. */
  #asked: { seq: number; offset: number; prompt: string } | undefined;
  #goneAt: number | undefined;
  /** Number of the input that was our last line. */
  #lastSeq = 0;

  constructor(session: Session, proven: ProvenPrompts, prompt: TypedPrompt, command: string, isPty: boolean) {
    this.#session = session;
    this.#proven = proven;
    this.#prompt = prompt;
    this.#command = command;
    this.#isPty = isPty;
    this.#capture = new TerminalCapture(session, this.#nonce);
  }

  get droppedBytes(): number {
    return this.#capture.droppedBytes;
  }

  get typedSeq(): number {
    return this.#asked?.seq ?? this.#lastSeq;
  }

  async begin(): Promise<void> {
    const session = this.#session;
    refuseLong(this.#command);
    const how = { nonce: this.#nonce, isPty: this.#isPty, rowsOf: (length: number) => this.#rowsOf(length) };
    const lines = inlineLines(this.#command, how);
    for (const [index, { typed, answer }] of lines.entries()) {
      const answered = this.#answered(answer);
      if (index === lines.length - 1) session.commands.expect(typed, this.#command, false);
      else session.commands.passOver(typed);
      this.#lastSeq = session.send(Buffer.from(typed + ENTER), NEVER).seq;
      if (await answered) {
        // A line typed before its prompt would be shown by the terminal, and again by the shell.
        if (answer !== lines.at(-1)?.answer) await this.#soon(() => this.#isBack());
        continue;
      }
      // Whatever it is, Ctrl+C may end it.
      throw noShell(session, this.#prompt, index);
    }
  }

  listen(isGone: boolean): { bytes: Buffer; ending: Ending | undefined } {
    this.#read();
    if (isGone) this.#goneAt ??= performance.now();
    const ending = this.#ending(isGone);
    if (!ending) this.#askIfBack(isGone);
    return { bytes: this.#release(ending !== undefined, isGone), ending };
  }

  #read(): void {
    let taken = this.#capture.take() ?? Buffer.alloc(0);
    // What follows our question is its echo.
    const ours = this.#asked ? this.#capture.offset - this.#asked.offset : 0;
    if (ours > 0) taken = taken.subarray(0, Math.max(0, taken.length - ours));
    const bytes = Buffer.concat([this.#unfinished, taken]);
    const isWhole = this.#isPty || this.#capture.isEnded;
    const length = isWhole ? bytes.length : finishedLength(bytes);
    this.#unfinished = bytes.subarray(length);
    const finished = bytes.subarray(0, length);
    this.#held += (this.#isPty ? finished : plainText(finished)).toString('latin1');
  }

  #ending(isGone: boolean): Ending | undefined {
    const outcome = isGone ? 'exited' : 'matched';
    if (this.#capture.isEnded) {
      const said = statusIn(this.#capture.afterEnd(), this.#nonce);
      return said && { outcome, exitCode: said.status, signal: null, cwd: said.cwd || null };
    }
    if (this.#goneAt === undefined || performance.now() - this.#goneAt < OUTER_MS) return undefined;
    const note = 'The shell ended, and what it was started from does not tell how.';
    return { outcome, exitCode: null, signal: null, cwd: null, note };
  }

  /** A shell at its prompt that has not reported the end was interrupted, or has dropped a line with a mistake in it. */
  #askIfBack(isGone: boolean): void {
    const { screen, times, acts, retention } = this.#session;
    if (acts.lastSeq === this.#asked?.seq) return;
    if (Math.min(times.outputIdleMs, times.stillMs, times.inputIdleMs) < QUIET_MS) return;
    if (!(isGone ? this.#isOuterAtPrompt() : this.#isBack())) return;
    // What was printed before the question is the command's, and no echo of it; and there may be no prompt any more.
    const { seq } = this.#session;
    this.#session.arrived.read();
    if (this.#session.seq !== seq) return;
    const asked = { offset: retention.totalBytes, prompt: screen.textBeforeCursor };
    const line = askingLine(this.#nonce, (length) => this.#rowsOf(length));
    this.#session.commands.passOver(line);
    const sent = this.#session.send(Buffer.from(line + ENTER), NEVER, { isCaughtUp: true });
    this.#asked = { ...asked, seq: sent.seq };
  }

  /** Whether the shell outside of the relay waits with an empty line. */
  #isOuterAtPrompt(): boolean {
    const isOurs = this.#session.acts.lastSeq === this.#lastSeq;
    return takesQuestions(emptyPromptOf(this.#session, { isOurs, proven: this.#proven }));
  }

  #release(isEnded: boolean, isGone: boolean): Buffer {
    const end = this.#releasable(isEnded, isGone);
    const bytes = Buffer.from(this.#held.slice(0, end), 'latin1');
    this.#held = this.#held.slice(end);
    return bytes;
  }

  #releasable(isEnded: boolean, isGone: boolean): number {
    if (this.#asked) return isEnded ? this.#promptStart(this.#asked.prompt) : 0;
    if (this.#capture.isEnded) return this.#held.length;
    return isGone ? this.#held.lastIndexOf('\n') + 1 : this.#promptStart(this.#prompt.text);
  }

  /** Where what is held ends in a prompt, and in what an interrupt leaves before it; or where it ends. */
  #promptStart(prompt: string): number {
    const form = Buffer.from(prompt).toString('latin1');
    const lastLine = this.#held.lastIndexOf('\n') + 1;
    const line = this.#held.slice(lastLine);
    // A prompt may arrive in parts.
    const begun = line.replace(BEFORE_PROMPT, '').length;
    const mayBeginPrompt = begun <= form.length && this.#session.times.outputIdleMs < QUIET_MS;
    const text = this.#held.slice(0, lastLine + (promptIn(line, form) ?? (mayBeginPrompt ? 0 : line.length)));
    return text.length - (INTERRUPTED.exec(text.slice(-LONGEST_LEFT))?.[0].length ?? 0);
  }

  #rowsOf(length: number): number {
    const { cursor, size } = this.#session.screen;
    return Math.floor((cursor.col + length) / size.cols) + 1;
  }

  #answered(answer: string): Promise<boolean> {
    const { retention } = this.#session;
    const offset = retention.totalBytes;
    return this.#soon(() => retention.read(offset, ANSWER_BYTES).includes(answer));
  }

  #isBack(): boolean {
    const { screen, retention, parsedBytes } = this.#session;
    return (
      parsedBytes === retention.totalBytes &&
      promptIn(screen.textBeforeCursor, this.#prompt.text) !== undefined
    );
  }

  async #soon(isSo: () => boolean): Promise<boolean> {
    const session = this.#session;
    const isDecided = await until(session, () => session.isExited || isSo(), { withinMs: ANSWER_MS });
    return isDecided && !session.isExited;
  }
}

/** fish spells its status otherwise. */
function takesQuestions(prompt: Prompt | undefined): boolean {
  return prompt?.dialect.askText !== undefined && prompt.dialect.name !== 'fish';
}

function refuseLong(command: string): void {
  if (Buffer.byteLength(command) <= MAX_TYPED_COMMAND_BYTES) return;
  throw new RequestError(
    'LIMIT_REACHED',
    `A command of more than ${MAX_TYPED_COMMAND_BYTES} bytes cannot be typed to a shell behind another program`,
    { suggestion: 'Copy it there as a file, with scp or the like, and source that.' },
  );
}

function noShell({ name }: Session, { argv, text }: TypedPrompt, answered: number): RequestError {
  const sent =
    answered === 0
      ? 'One line that runs nothing in a shell was typed there and entered'
      : `The command was typed there in parts, of which ${answered} were taken; it was not run`;
  return new RequestError(
    'CONDITION_FAILED',
    `What runs behind '${argv.join(' ')}' in session '${name}', at '${text}', is not a shell that exec can use: it did not answer in ${ANSWER_MS / 1000} s`,
    {
      suggestion: `${sent}: look with 'pilotty snapshot -s ${name} --format text'. Use 'pilotty type -s ${name} --enter' and 'pilotty wait -s ${name} --prompt' there.`,
    },
  );
}
