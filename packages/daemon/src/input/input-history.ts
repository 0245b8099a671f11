/**
 * What users have sent a session, act by act: all that one request sends is one act, and before later output
 * is drawn, the act gets the screen as it was.
 */
import { PastLines, type Screen } from '@pilotty/terminal';
import { nextMoment } from '../moment.ts';
import type { Times } from '../times.ts';
import { InputMark, type InputMarkState, type SentLine } from './input-mark.ts';
import { LearnedPrompts } from './learned-prompts.ts';

/** Acts that a program has not answered; more of them share the screen they were sent to. */
const MAX_UNSEEN = 64;
/** What was printed sooner than this before input may be no prompt. */
const PROMPT_QUIET_MS = 30;
/** Lines that were sent off; older ones have mostly left the screen. */
const MAX_SENT_LINES = 64;
/** The letters of them. */
const MAX_SENT_LETTERS = 64 * 1024;

export interface ActsState {
  last: InputMarkState;
  lastSeq: number;
  sentLines: readonly SentLine[];
  prompts: string[];
  /** The last act waits for a look at the screen, before the output after this number. */
  unseenSeq: number | undefined;
}

export class Acts {
  readonly prompts = new LearnedPrompts();
  readonly #screen: Screen;
  readonly #times: Times;
  readonly #parsedBytes: () => number;
  readonly #sentLines: SentLine[] = [];
  #last: InputMark;
  #lastSeq = 0;
  /** An act holds the input lock, and perhaps has begun to send. */
  #isOpen = false;
  #isNew = true;
  /** Acts that wait for a look at the screen, by the number before which it must be taken, oldest first. */
  readonly #unseen: { seq: number; act: InputMark }[] = [];
  /** The screen as it is; undefined once something has been drawn since, or until it is first needed. */
  #look: PastLines | undefined;

  /** @param parsedBytes how much of the session's output the screen includes now */
  constructor(screen: Screen, times: Times, parsedBytes: () => number) {
    this.#screen = screen;
    this.#times = times;
    this.#parsedBytes = parsedBytes;
    this.#last = new InputMark(0, nextMoment(), screen);
    this.#last.lookBack(new PastLines(screen), 0);
  }

  /** While no act is open. */
  get state(): ActsState {
    return {
      last: this.#last.state,
      lastSeq: this.#lastSeq,
      sentLines: this.#sentLines,
      prompts: this.prompts.state,
      unseenSeq: this.#unseen.findLast(({ act }) => act === this.#last)?.seq,
    };
  }

  adopt({ last, lastSeq, sentLines, prompts, unseenSeq }: ActsState): void {
    this.#last = InputMark.of(last);
    this.#lastSeq = lastSeq;
    this.#sentLines.splice(0, this.#sentLines.length, ...sentLines);
    this.prompts.adopt(prompts);
    this.#unseen.length = 0;
    if (unseenSeq !== undefined) this.#awaitLook(unseenSeq, this.#last);
  }

  /** What was sent last; before any input, the session's beginning. */
  get last(): InputMark {
    return this.#last;
  }

  /** Lines that were sent off before the last act, oldest first. */
  get sentLines(): readonly SentLine[] {
    return this.#sentLines;
  }

  /** Number of the last input; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** What is sent from now on, until `close`, is one act. */
  open(): void {
    this.#isOpen = true;
    this.#isNew = true;
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Input of this number is about to be sent, as the beginning or a further part of an act. */
  add(seq: number, bytes: Uint8Array, isSecret: boolean): void {
    if (this.#isNew) this.#begin(seq);
    else if (this.#screen.alternateScreen) this.#awaitLook(seq, this.#last);
    this.#last.add(seq, bytes, isSecret);
    this.#lastSeq = seq;
  }

  #begin(seq: number): void {
    this.#isNew = false;
    this.#replaceLast(this.#newMark(seq));
  }

  /**
   * An act without input, such as a signal. It may come between the parts of another act, which goes on: then
   * that one stays the last input, because what is sent next still belongs to it.
   */
  mark(seq: number): InputMark {
    const mark = this.#newMark(seq);
    if (!this.#isOpen || this.#isNew) this.#replaceLast(mark);
    return mark;
  }

  #newMark(seq: number): InputMark {
    if (this.#last.isSubmitted || this.#last.seq === 0) this.#learnPrompt();
    const mark = new InputMark(seq, nextMoment(), this.#screen, this.#last);
    this.#awaitLook(seq, mark);
    return mark;
  }

  /**
   * What is drawn next was printed after the input of this number: the screen is still as it was before that.
   * @param rowsAbove rows above it that may come back, where its lines are folded anew next
   */
  lookBack(seq: number, rowsAbove = 0): void {
    if (rowsAbove > 0) this.#look = new PastLines(this.#screen, rowsAbove);
    while (this.#oldestUnseen <= seq)
      this.#unseen.shift()?.act.lookBack(this.#lookNow(), this.#parsedBytes());
    this.#look = undefined;
  }

  #lookNow(): PastLines {
    this.#look ??= new PastLines(this.#screen);
    return this.#look;
  }

  get #oldestUnseen(): number {
    return this.#unseen[0]?.seq ?? Number.POSITIVE_INFINITY;
  }

  /** The act is to know the screen as it was before what answers this. */
  #awaitLook(seq: number, act: InputMark): void {
    this.#unseen.push({ seq, act });
    // Nothing answers them, and the screen is as it was before each.
    if (this.#unseen.length > MAX_UNSEEN)
      this.#unseen.shift()?.act.lookBack(this.#lookNow(), this.#parsedBytes());
  }

  #replaceLast(mark: InputMark): void {
    const { sentLine } = this.#last;
    this.#last = mark;
    if (sentLine === undefined) return;
    const lines = this.#sentLines;
    lines.push(sentLine);
    let letters = lines.reduce((sum, { typed }) => sum + typed.length, 0);
    while (lines.length > MAX_SENT_LINES || letters > MAX_SENT_LETTERS)
      letters -= lines.shift()?.typed.length ?? letters;
  }

  /** Input that begins where the program has fallen silent stands behind a prompt. */
  #learnPrompt(): void {
    if (this.#times.outputIdleMs >= PROMPT_QUIET_MS && !this.#screen.alternateScreen)
      this.prompts.learn(this.#screen.textBeforeCursor);
  }
}
