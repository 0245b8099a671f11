/**
 * Lines of which the text is known from their bytes: plain characters, each in a cell of its own, and SGR. Where the
 * screen scrolls with each of them, none has to be drawn to be read.
 */
import { plainCharacterBytes } from '../plain-output.ts';

const LF = 0x0a;
const CR = 0x0d;
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;
const LEFT_BRACKET = 0x5b;
const LETTER_M = 0x6d;
/** Without anything before them, what is drawn next looks the same. */
const RESETS = ['\x1b[m', '\x1b[0m'];

/** The text as it is put together; the same for all, because a buffer for each piece is much garbage. */
let output = Buffer.alloc(0);

export interface PassingLines {
  /** Without blanks at their ends, each with its newline. */
  text: string;
  /** The SGR among them, as far as it is still in force behind them. */
  styles: Uint8Array;
  /** Where the lines that follow them begin and end, which are as plain, and stay on the screen. */
  restStart: number;
  restEnd: number;
}

/**
 * @param start of a line
 * @param rest how many of the lines are left out at the end
 * @returns undefined where fewer lines than twice as many are plain: not worth the trouble
 */
export function passingLines(bytes: Uint8Array, start: number, rest: number): PassingLines | undefined {
  if (output.length < bytes.length) output = Buffer.allocUnsafeSlow(bytes.length);
  let written = 0;
  let lineStart = 0;
  let lines = 0;
  let restEnd = start;
  let hasStyles = false;
  for (let at = start; at < bytes.length; ) {
    const byte = bytes[at] as number;
    if (byte >= SPACE && byte < DEL) {
      output[written++] = byte;
      at++;
    } else if (byte === CR) {
      // It does nothing where a line feed follows, or another one.
      const next = bytes[at + 1];
      if (next !== LF && next !== CR) break;
      at++;
      if (next === CR) continue;
      while (written > lineStart && output[written - 1] === SPACE) written--;
      output[written++] = LF;
      lineStart = written;
      lines++;
      at++;
      restEnd = at;
    } else if (byte === ESC) {
      const end = endOfStyle(bytes, at);
      if (end === at) break;
      hasStyles = true;
      at = end;
    } else {
      const length = plainCharacterBytes(bytes, at);
      if (length === 0) break;
      for (const end = at + length; at < end; at++) output[written++] = bytes[at] as number;
    }
  }
  if (lines < rest * 2) return undefined;
  const restStart = startOfLastLines(bytes, restEnd, rest);
  return {
    text: output.toString('utf8', 0, startOfLastLines(output, lineStart, rest)),
    styles: hasStyles ? stylesIn(bytes.subarray(start, restStart)) : new Uint8Array(),
    restStart,
    restEnd,
  };
}

/** @param end behind a line feed */
function startOfLastLines(bytes: Uint8Array, end: number, count: number): number {
  let start = end;
  for (let left = count; left > 0; left--) start = bytes.lastIndexOf(LF, start - 2) + 1;
  return start;
}

/** @returns `start` where it is no SGR, or not the whole of it */
function endOfStyle(bytes: Uint8Array, start: number): number {
  if (bytes[start + 1] !== LEFT_BRACKET) return start;
  let at = start + 2;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    // Digits and semicolons.
    if ((byte < 0x30 || byte > 0x39) && byte !== 0x3b) break;
  }
  return bytes[at] === LETTER_M ? at + 1 : start;
}

function stylesIn(lines: Uint8Array): Uint8Array {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const styles: Uint8Array[] = [];
  let at = Math.max(0, ...RESETS.map((reset) => bytes.lastIndexOf(reset)));
  for (at = bytes.indexOf(ESC, at); at !== -1; ) {
    const end = endOfStyle(bytes, at);
    styles.push(bytes.subarray(at, end));
    at = bytes.indexOf(ESC, end);
  }
  return Buffer.concat(styles);
}
