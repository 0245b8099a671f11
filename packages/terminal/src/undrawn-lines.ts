/**
 * Lines that have been printed and need not be drawn before somebody looks. At the bottom of a screen that scrolls as a
 * whole, text of one column a character, CR, LF, tabs and simple SGR do nothing but make rows; and rows that have left
 * the scrollback by the time the others are drawn are never drawn at all. What shows later, the number of rows and the
 * style that follows, is as if they had been.
 *
 * The bytes are kept in the order they came. While there are any, the emulator stands still: its owner draws them before
 * it looks at it, and before anything else is parsed.
 */
import type { Core } from './emulator.ts';
import { drawsPlainly, isInNewLineMode, plainCharacterBytes } from './plain-output.ts';
import { SimpleSgr } from './simple-sgr.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;
const LEFT_BRACKET = 0x5b;

/** A shorter piece is no flood, and is drawn at once. */
const SHORTEST = 512;
/** Beyond this, what has left the scrollback is left out; where that is less than half, all is drawn. */
const MOST_BYTES = 256 * 1024;
/** Where more are kept above the screen, so many bytes hardly ever have any that can be left out. */
const MOST_ROWS = 4096;
const FIRST_BYTES = 16 * 1024;
/** To leave out fewer rows is not worth the trouble. */
const FEWEST_ROWS = 64;
/** A style begins anew here. */
const RESETS = ['\x1b[m', '\x1b[0m'];

const NONE = Buffer.alloc(0);
/** Of one that has drawn its lines, for the next that has some: mostly one session floods. */
let spare: Buffer | undefined;

export class UndrawnLines {
  readonly #core: Core;
  readonly #draw: (bytes: Uint8Array) => void;
  readonly #leftOut: (bytes: number) => void;
  readonly #sgr: SimpleSgr;
  #buffer: Buffer = NONE;
  #length = 0;
  /** Up to here they are known to be plain; behind it a character or a sequence begins. */
  #knownTo = 0;
  /** Where the cursor will be, and how far it will have come. */
  #x = 0;
  #rows = 0;

  /**
   * @param draw gets the bytes as they came, and keeps none of them
   * @param leftOut is called for so many bytes that came before those
   */
  constructor(core: Core, draw: (bytes: Uint8Array) => void, leftOut: (bytes: number) => void) {
    this.#core = core;
    this.#draw = draw;
    this.#leftOut = leftOut;
    this.#sgr = new SimpleSgr(core);
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** By how many the screen will have scrolled. */
  get rows(): number {
    return this.#rows;
  }

  /** @returns whether it has taken all of them; else they have to be drawn behind those that it has */
  take(bytes: Uint8Array): boolean {
    if (this.#length + bytes.length > MOST_BYTES) this.#makeRoom();
    if (this.#length === 0 && !this.#canBeginWith(bytes)) return false;
    this.#append(bytes);
    if (this.#follow(this.#knownTo)) return true;
    this.#length -= bytes.length;
    if (this.#length === 0) this.#release();
    return false;
  }

  /** What has left the scrollback by then is left out. */
  draw(): void {
    if (this.#length === 0) return;
    this.#leaveOutGone();
    const { buffer, byteOffset } = this.#buffer;
    const bytes = new Uint8Array(buffer, byteOffset, this.#length);
    this.#length = 0;
    this.#rows = 0;
    this.#draw(bytes);
    this.#release();
  }

  #canBeginWith({ length }: Uint8Array): boolean {
    const { buffers, rows, _inputHandler: handler } = this.#core;
    const { active, normal } = buffers;
    const { x, y, ybase, lines, scrollTop, scrollBottom } = active;
    if (length < SHORTEST || active !== normal || !lines.isFull || lines.length > MOST_ROWS) return false;
    if (y !== rows - 1 || scrollTop !== 0 || scrollBottom !== y || ybase + rows !== lines.length)
      return false;
    // Without a colour of the underline, whatever is simple stays so.
    if (!drawsPlainly(this.#core) || handler.getAttrData().extended._ext !== 0) return false;
    this.#x = x;
    this.#knownTo = 0;
    return true;
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = bufferOf(needed);
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  #release(): void {
    if (spare === undefined || spare.length < this.#buffer.length) spare = this.#buffer;
    this.#buffer = NONE;
  }

  #makeRoom(): void {
    this.#leaveOutGone();
    if (this.#length > MOST_BYTES / 2) this.draw();
  }

  /** Where the cursor comes to. @returns false where something is not plain, and then nothing has changed */
  #follow(start: number): boolean {
    const { cols, buffers } = this.#core;
    const { tabs } = buffers.active;
    const isNewLine = isInNewLineMode(this.#core);
    const bytes = this.#buffer.subarray(0, this.#length);
    const end = bytes.length;
    let x = this.#x;
    let rows = this.#rows;
    let at = start;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte >= SPACE && byte < DEL) {
        const begin = at;
        for (at++; at < end; at++) {
          const next = bytes[at] as number;
          if (next < SPACE || next >= DEL) break;
        }
        x += at - begin;
        if (x > cols) {
          const wraps = Math.floor((x - 1) / cols);
          rows += wraps;
          x -= wraps * cols;
        }
      } else if (byte === LF) {
        rows++;
        if (isNewLine) x = 0;
        else if (x >= cols) x = cols - 1;
        at++;
      } else if (byte === CR) {
        x = 0;
        at++;
      } else if (byte === TAB) {
        if (x < cols) {
          do x++;
          while (x < cols && !tabs[x]);
          if (x >= cols) x = cols - 1;
        }
        at++;
      } else if (byte === ESC) {
        const next = this.#sgr.read(bytes, at);
        if (next === at) {
          if (isBeginningOfSgr(bytes, at)) break;
          return false;
        }
        at = next;
      } else {
        if (at + lengthOfCharacter(byte) > end) break;
        const length = plainCharacterBytes(bytes, at);
        if (length === 0) return false;
        at += length;
        if (x >= cols) {
          x = 0;
          rows++;
        }
        x++;
      }
    }
    this.#x = x;
    this.#rows = rows;
    this.#knownTo = at;
    return true;
  }

  /** Rows that the others push out of the scrollback. */
  #leaveOutGone(): void {
    const { lines } = this.#core.buffers.normal;
    if (this.#rows < lines.maxLength + FEWEST_ROWS) return;
    const cut = this.#behindGone(lines.maxLength);
    if (cut === 0) return;
    const all = this.#rows;
    this.#passStyles(cut);
    this.#buffer.copyWithin(0, cut, this.#length);
    this.#length -= cut;
    // It begins with what makes the cursor stand in the first column.
    this.#rows = 0;
    this.#follow(0);
    lines.onTrimEmitter.fire(all - this.#rows);
    this.#leftOut(cut);
  }

  /** Where a line ends that so many rows follow, one of which the cursor stands on; 0 where there is none. */
  #behindGone(rows: number): number {
    const bytes = this.#buffer;
    const isNewLine = isInNewLineMode(this.#core);
    let left = rows;
    for (let at = this.#knownTo - 1; at > 0; at--) {
      if (bytes[at] !== LF) continue;
      left--;
      if (left > 0) continue;
      if (bytes[at - 1] === CR) return at - 1;
      if (isNewLine) return at;
    }
    return 0;
  }

  #passStyles(end: number): void {
    const bytes = this.#buffer.subarray(0, end);
    const start = Math.max(0, ...RESETS.map((reset) => bytes.lastIndexOf(reset)));
    for (let at = bytes.indexOf(ESC, start); at !== -1; ) at = bytes.indexOf(ESC, this.#sgr.apply(bytes, at));
  }
}

function bufferOf(length: number): Buffer {
  if (spare !== undefined && spare.length >= length) {
    const taken = spare;
    spare = undefined;
    return taken;
  }
  let size = FIRST_BYTES;
  while (size < length) size *= 2;
  return Buffer.allocUnsafeSlow(size);
}

/** Which the next bytes may go on with. */
function isBeginningOfSgr(bytes: Uint8Array, start: number): boolean {
  if (start + 1 === bytes.length) return true;
  if (bytes[start + 1] !== LEFT_BRACKET) return false;
  for (let at = start + 2; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if ((byte < 0x30 || byte > 0x39) && byte !== 0x3b) return false;
  }
  return true;
}

/** Of those that can be plain; what is none has one byte. */
function lengthOfCharacter(lead: number): number {
  if (lead < 0xc2 || lead > 0xe2) return 1;
  return lead < 0xe0 ? 2 : 3;
}
