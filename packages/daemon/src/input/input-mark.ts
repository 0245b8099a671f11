/**
 * One act of a user, as those who wait for its effect need to know it: how the screen was before, and
 * what of the screen afterwards is only the echo of what was typed.
 */
import { PastLines, type PastLinesState, type Position, type Screen } from '@pilotty/terminal';
import { nextMoment } from '../moment.ts';

/** What is kept of typed text; the echo of more is not searched for. */
const MAX_TYPED = 16 * 1024;

/** Enter, and what abandons or ends a line: Ctrl+C, Ctrl+D. */
const LINE_ENDERS = [0x0d, 0x0a, 0x03, 0x04];
/** A key that is a sequence, a control character, or text. */
const PARTS = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g;
const PASTE_MARK = /^\x1b\[20[01]~$/;
/** Stands in `typed` for a key that edited the line. */
export const EDIT = '\x1b';

/** The place of a line that was sent off on the main screen: what stood before it was its prompt. */
export interface SentLine {
  /** See Screen.topLine. */
  line: number;
  col: number;
  /** The screen has not been cleared, nor folded anew, as long as these are the same. */
  erasures: number;
  cols: number;
  /** See InputMark.typed: a line that is typed ahead is shown again behind a prompt. */
  typed: string;
}

export interface InputMarkState {
  seq: number;
  latestSeq: number;
  moment: number;
  typed: string;
  isSubmitted: boolean;
  submitted: { seq: number; moment: number } | undefined;
  origin: { line: number; col: number };
  isOnMainScreen: boolean;
  lineStart: string;
  isEchoed: boolean | undefined;
  isTerminalEcho?: boolean | undefined;
  isTaken: boolean;
  hasReportedEnd: boolean;
  erasures: number;
  cols: number;
  before: PastLinesState | undefined;
  beforeLatest: PastLinesState | undefined;
  outputOffset: number | undefined;
  answeredFrom: number | undefined;
}

export class InputMark {
  /** Number of its first bytes in the session's sequence. */
  readonly seq: number;
  /** Number of its latest bytes. */
  latestSeq: number;
  readonly moment: number;
  /**
   * What stands on the line that is being typed and before, from its first character on, with an EDIT for
   * every key that need not leave it so: text that an earlier act began belongs to it, as in `type make` and
   * then `key Enter`.
   */
  typed = '';
  /** The line was sent off, so what is typed next begins another. */
  isSubmitted = false;
  /** Number and moment of the part that sent a line off last. */
  submitted: { seq: number; moment: number } | undefined;
  /** Where the first character was to appear: the line's number, see Screen.topLine, and the column. */
  readonly origin: { line: number; col: number };
  /** Which screen that is a place of; it says nothing of the other one. */
  readonly isOnMainScreen: boolean;
  /** What stood before the cursor, with its blanks, when the line that is being typed was begun. */
  readonly lineStart: string;
  /** Whether the terminal shows what is typed; undefined until it is first needed. */
  isEchoed: boolean | undefined;
  /** Known with isEchoed: the terminal shows it itself, as soon as it comes, and not the program that reads key by key. */
  isTerminalEcho: boolean | undefined;
  /** The program is known to have taken its latest bytes: see waiting/input-taken.ts. */
  isTaken = false;
  /** The shell has reported that the command it sent off has ended; known of those that exec typed. */
  hasReportedEnd = false;
  readonly #erasures: number;
  readonly #cols: number;
  #before: PastLines | undefined;
  #beforeLatest: PastLines | undefined;
  #outputOffset: number | undefined;
  #answeredFrom: number | undefined;

  constructor(seq: number, moment: number, from: Screen | InputMarkState, previous?: InputMark) {
    if ('latestSeq' in from) {
      this.seq = from.seq;
      this.latestSeq = from.latestSeq;
      this.moment = from.moment;
      this.typed = from.typed;
      this.isSubmitted = from.isSubmitted;
      this.submitted = from.submitted;
      this.origin = from.origin;
      this.isOnMainScreen = from.isOnMainScreen;
      this.lineStart = from.lineStart;
      this.isEchoed = from.isEchoed;
      this.isTerminalEcho = from.isTerminalEcho;
      this.isTaken = from.isTaken;
      this.hasReportedEnd = from.hasReportedEnd;
      this.#erasures = from.erasures;
      this.#cols = from.cols;
      this.#before = from.before && new PastLines(from.before);
      this.#beforeLatest = from.beforeLatest && new PastLines(from.beforeLatest);
      this.#outputOffset = from.outputOffset;
      this.#answeredFrom = from.answeredFrom;
      return;
    }
    const screen = from;
    this.seq = seq;
    this.latestSeq = seq;
    this.moment = moment;
    this.isOnMainScreen = !screen.alternateScreen;
    this.origin = placeOf(screen, screen.cursor);
    this.#erasures = screen.erasures;
    this.#cols = screen.size.cols;
    const isGoingOn = previous !== undefined && previous.seq !== 0 && !previous.isSubmitted;
    this.lineStart = isGoingOn ? previous.lineStart : screen.lineBeforeCursor;
    if (previous === undefined || previous.isSubmitted || previous.typed === '') return;
    if (screen.alternateScreen) {
      // Most keys are commands there, and only what was typed last may be a line that Enter sends off.
      this.typed = `${previous.typed.split(EDIT).at(-1)}${EDIT}`;
      return;
    }
    this.typed = previous.typed;
    if (!previous.isOnMainScreen) return;
    const hasMoved = previous.#erasures !== this.#erasures || previous.#cols !== this.#cols;
    this.origin = hasMoved ? { line: this.origin.line, col: previous.origin.col } : previous.origin;
  }

  /** The same act, in another process. */
  static of(state: InputMarkState): InputMark {
    return new InputMark(state.seq, state.moment, state);
  }

  get state(): InputMarkState {
    const { seq, latestSeq, moment, typed, isSubmitted, submitted, origin, isOnMainScreen } = this;
    return {
      ...{ seq, latestSeq, moment, typed, isSubmitted, submitted, origin, isOnMainScreen },
      lineStart: this.lineStart,
      isEchoed: this.isEchoed,
      isTerminalEcho: this.isTerminalEcho,
      isTaken: this.isTaken,
      hasReportedEnd: this.hasReportedEnd,
      erasures: this.#erasures,
      cols: this.#cols,
      before: this.#before?.state,
      beforeLatest: this.#beforeLatest?.state,
      outputOffset: this.#outputOffset,
      answeredFrom: this.#answeredFrom,
    };
  }

  /** The screen as it was; undefined as long as nothing has been drawn since. */
  get before(): PastLines | undefined {
    return this.#before;
  }

  /** Where in the session's output the answer to it begins; undefined as long as there is none. */
  get outputOffset(): number | undefined {
    return this.#outputOffset;
  }

  /** What was announced after this moment was printed after it; undefined as long as nothing was. */
  get answeredFrom(): number | undefined {
    return this.#answeredFrom;
  }

  /** Some of what was printed since may have been erased with the screen. */
  isErasedSince(screen: Screen): boolean {
    return screen.erasures !== this.#erasures;
  }

  /** The line it sent off, where it sent one off on the main screen. */
  get sentLine(): SentLine | undefined {
    if (!this.isSubmitted || !this.isOnMainScreen) return undefined;
    const { line, col } = this.origin;
    return { line, col, erasures: this.#erasures, cols: this.#cols, typed: flat(this.typed) };
  }

  /**
   * A full-screen program as it was before the last part of an act of several, such as the Enter after a text:
   * what stood there before the act may have gone in between and be new again.
   */
  get beforeLatest(): PastLines | undefined {
    return this.#beforeLatest;
  }

  /**
   * To be called before later output is drawn, and in a full-screen program after each further part of it.
   * @param outputOffset of the output that is drawn next
   */
  lookBack(look: PastLines, outputOffset: number): void {
    this.#outputOffset ??= outputOffset;
    this.#answeredFrom ??= nextMoment();
    if (this.#before === undefined) this.#before = look;
    else this.#beforeLatest = look;
  }

  /**
   * @param seq number of this part of the act
   * @param isSecret it is not kept, not even to know its echo
   */
  add(seq: number, bytes: Uint8Array, isSecret: boolean): void {
    this.latestSeq = seq;
    this.isTaken = false;
    if (LINE_ENDERS.some((ender) => bytes.includes(ender))) {
      this.isSubmitted = true;
      this.submitted = { seq, moment: nextMoment() };
    }
    if (isSecret) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_TYPED)).toString();
    const parts = text.match(PARTS) ?? [];
    for (const part of parts) {
      if (part === '\x7f' || part === '\b') this.#takeBack();
      else if (this.typed.length >= MAX_TYPED || PASTE_MARK.test(part)) continue;
      else if (part === '\r' || part === '\n') this.typed += '\n';
      else if ((part[0] ?? '') < ' ') this.typed += this.typed.endsWith(EDIT) ? '' : EDIT;
      else this.typed += part.slice(0, MAX_TYPED - this.typed.length);
    }
    if (parts.length > 1) this.typed = flat(this.typed);
  }

  #takeBack(): void {
    if (!this.typed.endsWith(EDIT)) this.typed = this.typed.slice(0, -1);
  }
}

/** V8 keeps the parts that a string was joined from, and what they were cut from: many times as much as its letters. */
function flat(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

function placeOf(screen: Screen, { row, col }: Position): { line: number; col: number } {
  return { line: (screen.alternateScreen ? 0 : screen.topLine) + row, col };
}
