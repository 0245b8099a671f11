/**
 * Draws what nearly all output is made of straight from its bytes: text of one column a character, CR, LF and tabs, and
 * SGR of the common kinds. It does what xterm.js does, to the bit, without decoding, without its state machine and
 * without a call for each of them; what is not that simple is left to xterm.js.
 */
import type { Core, OwnLine } from './emulator.ts';
import { CELL_WORDS, CODEPOINT_MASK, HAS_EXTENDED, IS_COMBINED, WIDTH_SHIFT } from './lines/cells.ts';
import { SimpleSgr } from './simple-sgr.ts';
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

/** How many bytes the character has that begins here, one column wide; 0 where it is none below U+3000, or not plain. */
export function plainCharacterBytes(bytes: Uint8Array, at: number): number {
  const codepoint = utf8At(bytes, at);
  return codepoint !== -1 && isPlain(codepoint) ? characterBytes : 0;
}

/** LNM: a line feed is a carriage return as well. */
export function isInNewLineMode({ optionsService }: Core): boolean {
  return optionsService.rawOptions.convertEol;
}

/** In no other modes, with no other attributes, and outside of any sequence. */
export function drawsPlainly(core: Core): boolean {
  const { coreService, _charsetService: charsets, _inputHandler: handler } = core;
  const { bg, extended } = handler.getAttrData();
  return (
    handler._parser.currentState === 0 &&
    !charsets.charset &&
    !coreService.modes.insertMode &&
    coreService.decPrivateModes.wraparound &&
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
        if (isInNewLineMode(core)) active.x = 0;
        else if (active.x >= cols) active.x--;
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
