/**
 * One act of a user, as those who wait for its effect need to know it: how the screen was before, and
 * what of the screen afterwards is only the echo of what was typed.
 */
import type { PastLines, Position, Screen } from '@pilotty/terminal';

/** What is kept of typed text; nobody searches for the echo of more. */
const MOST_TYPED = 16 * 1024;

/** Enter, and what abandons or ends a line: Ctrl+C, Ctrl+D. */
const LINE_ENDERS = [0x0d, 0x0a, 0x03, 0x04];
/** A key that is a sequence, a control character, or text. */
const PARTS = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g;
const PASTE_MARK = /^\x1b\[20[01]~$/;

export class InputMark {
  /** Number of its first bytes in the session's sequence. */
  readonly seq: number;
  readonly moment: number;
  /**
   * What stands on the line that is being typed and before, from its first character on: text that an
   * earlier act began belongs to it, as in `type make` and then `key Enter`.
   */
  typed = '';
  /** The line was sent off, so what is typed next begins another. */
  isSubmitted = false;
  /** Keys were pressed that edit the line, so that its echo need not be what was typed. */
  isEdited = false;
  /** Where the first character was to appear: the line's number, see Screen.topLine, and the column. */
  readonly origin: { line: number; col: number };
  /** Whether the terminal shows what is typed; undefined as long as nobody has had to know. */
  isEchoed: boolean | undefined;
  #before: PastLines | undefined;

  constructor(seq: number, moment: number, screen: Screen, previous?: InputMark) {
    this.seq = seq;
    this.moment = moment;
    this.origin = placeOf(screen, screen.cursor);
    if (previous === undefined || previous.isSubmitted) return;
    this.origin = previous.origin;
    this.typed = previous.typed;
    this.isEdited = previous.isEdited;
  }

  /** The screen as it was; undefined as long as nothing has been drawn since. */
  get before(): PastLines | undefined {
    return this.#before;
  }

  /** To be told before anything is drawn that came after the act. */
  lookBack(look: PastLines): void {
    this.#before = look;
  }

  /** @param isSecret it is not kept, not even to know its echo */
  add(bytes: Uint8Array, isSecret: boolean): void {
    this.isSubmitted ||= LINE_ENDERS.some((ender) => bytes.includes(ender));
    if (isSecret) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MOST_TYPED)).toString();
    for (const [part] of text.matchAll(PARTS)) {
      if (part === '\r' || part === '\n') this.typed += '\n';
      else if (part === '\x7f' || part === '\b') this.typed = this.typed.slice(0, -1);
      else if (part[0] !== undefined && part[0] < ' ') this.isEdited ||= !PASTE_MARK.test(part);
      else if (this.typed.length < MOST_TYPED) this.typed += part;
    }
  }
}

function placeOf(screen: Screen, { row, col }: Position): { line: number; col: number } {
  return { line: (screen.alternateScreen ? 0 : screen.topLine) + row, col };
}
