/**
 * Draws what nearly all output is made of straight from its bytes: text of one column a character, CR, LF and tabs, and
 * SGR of the common kinds. It does what xterm.js does, to the bit, without decoding, without its state machine and
 * without a call for each of them; what is not that simple is left to xterm.js.
 */
import type { Core, OwnLine } from './emulator.ts';
import {
  BLINK,
  BOLD,
  CELL_WORDS,
  CODEPOINT_MASK,
  COLOR_MASK,
  COLOR_MODE_16,
  COLOR_MODE_256,
  COLOR_MODE_MASK,
  DIM,
  HAS_EXTENDED,
  INVERSE,
  INVISIBLE,
  IS_COMBINED,
  ITALIC,
  STRIKETHROUGH,
  WIDTH_SHIFT,
} from './lines/cells.ts';
import { clusterWidths } from './width.ts';
import { unwrapBehindFullRow } from './wraps.ts';

const NARROW = 1 << WIDTH_SHIFT;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;

/** Of the characters below U+3000: 0 not known yet, else one of these. */
const PLAIN = 1;
const OTHER = 2;
const kinds = new Uint8Array(0x3000).fill(PLAIN, SPACE, DEL).fill(OTHER, DEL, 0xa0);
/** One column wide, and joins nothing before it nor what comes after. */
const PLAIN_PROPERTIES = 2;

function isPlain(codepoint: number): boolean {
  const kind = kinds[codepoint];
  if (kind !== 0) return kind === PLAIN;
  const found = clusterWidths.charProperties(codepoint, 0) === PLAIN_PROPERTIES ? PLAIN : OTHER;
  kinds[codepoint] = found;
  return found === PLAIN;
}

/** Bytes of the last character that utf8At() has read. */
let characterBytes = 0;

/** A character of two or three bytes; -1 where there is none below U+3000. */
function utf8At(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  const second = (bytes[at + 1] ?? 0) ^ 0x80;
  if (second > 0x3f) return -1;
  if (lead >= 0xc2 && lead < 0xe0) {
    characterBytes = 2;
    return ((lead & 0x1f) << 6) | second;
  }
  const third = (bytes[at + 2] ?? 0) ^ 0x80;
  if (lead < 0xe0 || lead > 0xe2 || third > 0x3f) return -1;
  characterBytes = 3;
  const codepoint = ((lead & 0x0f) << 12) | (second << 6) | third;
  return codepoint < 0x800 ? -1 : codepoint;
}

/** How many bytes the character has that begins here; 0 where it is none below U+3000, or not plain. */
export function plainCharacterBytes(bytes: Uint8Array, at: number): number {
  const codepoint = utf8At(bytes, at);
  return codepoint !== -1 && isPlain(codepoint) ? characterBytes : 0;
}

/** In no other modes, with no other attributes, and outside of any sequence. */
export function drawsPlainly(core: Core): boolean {
  const { coreService, optionsService, _charsetService: charsets, _inputHandler: handler } = core;
  const { bg, extended } = handler.getAttrData();
  return (
    handler._parser.currentState === 0 &&
    !charsets.charset &&
    !coreService.modes.insertMode &&
    coreService.decPrivateModes.wraparound &&
    !optionsService.rawOptions.convertEol &&
    !(bg & HAS_EXTENDED) &&
    // A link goes on behind a restored cursor, without that flag.
    extended.urlId === 0
  );
}

/** @returns a function that draws bytes from `start` on, and answers where it stopped: before what it does not know */
export function plainOutput(core: Core): (bytes: Uint8Array, start: number) => number {
  const { buffers, _bufferService: service, _inputHandler: handler } = core;
  const parser = handler._parser;
  const sgr = new SimpleSgr(core);

  function cursorLine(): OwnLine | undefined {
    const { lines, ybase, y } = buffers.active;
    const line = lines.get(ybase + y);
    return line?.length === core.cols ? line : undefined;
  }

  /** As a line feed moves the cursor, and a character that does not fit into its row. */
  function nextRow(isWrapped: boolean): void {
    const { active } = buffers;
    active.y++;
    if (active.y === active.scrollBottom + 1) {
      active.y--;
      service.scroll(handler._eraseAttrData(), isWrapped);
      return;
    }
    const isBelowScreen = active.y >= core.rows;
    if (isBelowScreen) active.y = core.rows - 1;
    // xterm.js leaves the last row as it is for a line feed below a scroll region.

    if (isBelowScreen && !isWrapped) return;
    const line = active.lines.get(active.ybase + active.y);
    if (line !== undefined) line.isWrapped = isWrapped;
  }

  return (bytes, start) => {
    const end = bytes.length;
    if (start === end || !drawsPlainly(core)) return start;
    const { active } = buffers;
    const { cols } = core;
    const attributes = handler.getAttrData();
    let line = cursorLine();
    /** What stands last, if it is text: xterm.js has to know what the next character would join. */
    let last = -1;
    let at = start;
    while (at < end && line !== undefined) {
      const byte = bytes[at] as number;
      if (byte === LF) {
        nextRow(false);
        if (active.x >= cols) active.x--;
        line = cursorLine();
        last = -1;
        at++;
      } else if (byte === CR) {
        active.x = 0;
        last = -1;
        at++;
      } else if (byte === TAB) {
        parser._executeHandlers[TAB]?.();
        last = -1;
        at++;
      } else if (byte === ESC) {
        const next = sgr.apply(bytes, at);
        if (next === at) break;
        at = next;
        last = -1;
      } else {
        const first = byte < 0x80 ? byte : utf8At(bytes, at);
        if (first < SPACE || !isPlain(first)) break;
        if (active.x >= cols) {
          active.x = 0;
          nextRow(true);
          line = cursorLine();
          if (line === undefined) break;
        }
        const { _data: cells } = line;
        const { fg, bg } = attributes;
        const { x } = active;
        let cell = x * CELL_WORDS;
        // The second half of a wide character to the left has to be dealt with.
        if (x > 0 && (cells[cell - CELL_WORDS] as number) >>> WIDTH_SHIFT === 2) break;
        const rowEnd = cols * CELL_WORDS;
        while (at < end && cell < rowEnd) {
          const own = bytes[at] as number;
          if (own < 0x80) {
            if (own < SPACE || own === DEL) break;
            last = own;
            at++;
          } else {
            const codepoint = utf8At(bytes, at);
            if (codepoint === -1 || !isPlain(codepoint)) break;
            last = codepoint;
            at += characterBytes;
          }
          cells[cell] = last | NARROW;
          cells[cell + 1] = fg;
          cells[cell + 2] = bg;
          cell += CELL_WORDS;
        }
        active.x = cell / CELL_WORDS;
        if (cell < rowEnd) {
          // Half of a wide character that has been drawn over.
          const behind = cells[cell] as number;
          if (behind >>> WIDTH_SHIFT === 0 && (behind & (CODEPOINT_MASK | IS_COMBINED)) === 0) {
            cells[cell] = NARROW;
            cells[cell + 1] = fg;
            cells[cell + 2] = bg;
          }
        } else unwrapBehindFullRow(core);
      }
    }
    if (at > start) parser.precedingJoinState = last === -1 ? 0 : clusterWidths.charProperties(last, 0);
    return at;
  };
}

const PALETTE_INDEX = 0xff;
const PALETTE_MASK = COLOR_MODE_MASK | PALETTE_INDEX;
const BRIGHT = 8;
/** More parameters, or longer ones, are not common. */
const MAX_PARAMETERS = 16;
const MAX_DIGITS = 3;

/** CSI … m with numbers alone. Underlines, and what has colours of its own beside the two of a cell, are not simple. */
class SimpleSgr {
  readonly #handler: Core['_inputHandler'];
  readonly #parameters = new Uint16Array(MAX_PARAMETERS);
  #fg = 0;
  #bg = 0;

  constructor({ _inputHandler }: Core) {
    this.#handler = _inputHandler;
  }

  /** @returns where the sequence ends; `start` where it is another, and then nothing has changed */
  apply(bytes: Uint8Array, start: number): number {
    if (bytes[start + 1] !== 0x5b) return start;
    let count = 0;
    let value = 0;
    let digits = 0;
    for (let at = start + 2; ; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + byte - 0x30;
        digits++;
        if (digits > MAX_DIGITS) return start;
      } else if (byte === 0x3b || byte === 0x6d) {
        this.#parameters[count++] = value;
        if (byte === 0x6d) return this.#change(count) ? at + 1 : start;
        if (count === MAX_PARAMETERS) return start;
        value = 0;
        digits = 0;
      } else return start;
    }
  }

  #change(count: number): boolean {
    const attributes = this.#handler.getAttrData();
    this.#fg = attributes.fg;
    this.#bg = attributes.bg;
    for (let index = 0; index < count; ) {
      const taken = this.#take(index, count);
      if (taken === 0) return false;
      index += taken;
    }
    attributes.fg = this.#fg;
    attributes.bg = this.#bg;
    return true;
  }

  /** @returns how many parameters belong to the one at `index`; 0 where it is not simple */
  #take(index: number, count: number): number {
    const code = this.#parameters[index] as number;
    if (code >= 30 && code <= 37) this.#fg = palette(this.#fg, COLOR_MODE_16, code - 30);
    else if (code >= 40 && code <= 47) this.#bg = palette(this.#bg, COLOR_MODE_16, code - 40);
    else if (code >= 90 && code <= 97) this.#fg = palette(this.#fg, COLOR_MODE_16, BRIGHT | (code - 90));
    else if (code >= 100 && code <= 107) this.#bg = palette(this.#bg, COLOR_MODE_16, BRIGHT | (code - 100));
    else if (code === 38 || code === 48) return this.#takeColor(index, count);
    else if (code !== 0) return this.#style(code) ? 1 : 0;
    else {
      // The colour of an underline goes as well, also where nothing is underlined.
      if (this.#handler.getAttrData().extended._ext !== 0) return 0;
      this.#fg = 0;
      this.#bg = 0;
    }
    return 1;
  }

  #style(code: number): boolean {
    if (code === 1) this.#fg |= BOLD;
    else if (code === 2) this.#bg |= DIM;
    else if (code === 3) this.#bg |= ITALIC;
    else if (code === 5) this.#fg |= BLINK;
    else if (code === 7) this.#fg |= INVERSE;
    else if (code === 8) this.#fg |= INVISIBLE;
    else if (code === 9) this.#fg |= STRIKETHROUGH;
    else if (code === 22) {
      this.#fg &= ~BOLD;
      this.#bg &= ~DIM;
    } else if (code === 23) this.#bg &= ~ITALIC;
    else if (code === 25) this.#fg &= ~BLINK;
    else if (code === 27) this.#fg &= ~INVERSE;
    else if (code === 28) this.#fg &= ~INVISIBLE;
    else if (code === 29) this.#fg &= ~STRIKETHROUGH;
    else if (code === 39) this.#fg &= ~COLOR_MASK;
    else if (code === 49) this.#bg &= ~COLOR_MASK;
    else return false;
    return true;
  }

  /** 38;5;N and 38;2;R;G;B, and the same with 48. */
  #takeColor(index: number, count: number): number {
    const [code, mode, one, two, three] = this.#parameters.subarray(index, index + 5);
    const word = code === 38 ? this.#fg : this.#bg;
    let changed: number;
    if (mode === 5 && index + 3 <= count) changed = palette(word, COLOR_MODE_256, (one ?? 0) & PALETTE_INDEX);
    else if (mode === 2 && index + 5 <= count)
      changed = (word & ~COLOR_MASK) | COLOR_MODE_MASK | rgb(one ?? 0, two ?? 0, three ?? 0);
    else return 0;
    if (code === 38) this.#fg = changed;
    else this.#bg = changed;
    return mode === 5 ? 3 : 5;
  }
}

/** xterm.js leaves what a true colour had besides the index. */
function palette(word: number, mode: number, index: number): number {
  return (word & ~PALETTE_MASK) | mode | index;
}

function rgb(red: number, green: number, blue: number): number {
  return ((red & 0xff) << 16) | ((green & 0xff) << 8) | (blue & 0xff);
}
