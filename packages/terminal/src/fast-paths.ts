/**
 * Short cuts for what nearly all output is made of: plain text that fits into its row, and line feeds at the
 * bottom of a full scrollback. Both do what xterm.js does, without looking up each character's width and
 * without making four objects for each line; whatever is not that simple goes its way.
 */
import type { Buffer, Core } from './emulator.ts';
import { CELL_WORDS, CODEPOINT_MASK, HAS_EXTENDED, IS_COMBINED, WIDTH_SHIFT } from './lines/cells.ts';
import { clusterWidths } from './width.ts';
import { unwrapBehindFullRow } from './wraps.ts';

const NARROW = 1 << WIDTH_SHIFT;
/** A shorter run between others is printed with them: each change of hands costs as much as it saves. */
const SHORTEST_RUN = 8;
/** Characters of one column that join nothing before them: ASCII, and what boxes and bars are drawn with. */
const PLAIN = new Uint8Array(0x2600).fill(1, 0x20, 0x7f).fill(1, 0x2500, 0x25a0);
export function takeShortCuts(core: Core): void {
  printPlainInPlace(core);
  reuseLeavingRows(core);
}

function printPlainInPlace(core: Core): void {
  const { buffers, coreService, _charsetService: charsets, _inputHandler: handler } = core;
  const parser = handler._parser;

  /** In no other modes, and with no other attributes. */
  function isPlain(): boolean {
    return !charsets.charset && !coreService.modes.insertMode && !(handler.getAttrData().bg & HAS_EXTENDED);
  }

  /** How many characters from `start` on could be drawn. */
  function drawPlain(data: Uint32Array, start: number, end: number): number {
    const { fg, bg } = handler.getAttrData();
    const buffer: Buffer = buffers.active;
    const line = buffer.lines.get(buffer.ybase + buffer.y);
    if (line === undefined) return 0;
    const { _data: cells, length: cols } = line;
    const { x } = buffer;
    // The second half of a wide character to the left, or behind the run, has to be dealt with.
    if (x > 0 && (cells[(x - 1) * CELL_WORDS] as number) >>> WIDTH_SHIFT === 2) return 0;
    const limit = Math.min(end, start + cols - x);
    let index = start;
    let cell = x * CELL_WORDS;
    while (index < limit) {
      const code = data[index] as number;
      if (PLAIN[code] !== 1) break;
      cells[cell] = code | NARROW;
      cells[cell + 1] = fg;
      cells[cell + 2] = bg;
      cell += CELL_WORDS;
      index++;
    }
    if (index === start) return 0;
    buffer.x = x + index - start;
    if (buffer.x < cols) {
      const behind = cells[cell] as number;
      if (behind >>> WIDTH_SHIFT === 0 && (behind & (CODEPOINT_MASK | IS_COMBINED)) === 0) {
        cells[cell] = NARROW;
        cells[cell + 1] = fg;
        cells[cell + 2] = bg;
      }
    } else unwrapBehindFullRow(core);
    parser.precedingJoinState = clusterWidths.charProperties(data[index - 1] as number, 0);
    return index - start;
  }

  parser.setPrintHandler((data, start, end) => {
    if (!isPlain()) {
      handler.print(data, start, end);
      return;
    }
    for (let at = start + drawPlain(data, start, end); at < end; at += drawPlain(data, at, end)) {
      const next = nextRun(data, at + 1, end);
      handler.print(data, at, next);
      at = next;
    }
  });
}

/** Where the next run of plain characters begins that is worth it. */
function nextRun(data: Uint32Array, start: number, end: number): number {
  let run = 0;
  for (let at = start; at < end; at++) {
    run = PLAIN[data[at] as number] === 1 ? run + 1 : 0;
    if (run === SHORTEST_RUN) return at + 1 - SHORTEST_RUN;
  }
  return end;
}

/** As BufferService.scroll(), for a row that leaves the scrollback and comes back at the bottom. */
function reuseLeavingRows(core: Core): void {
  const { buffers, _bufferService: service } = core;
  const scroll = service.scroll.bind(service);
  let blank = new Uint32Array(0);
  service.scroll = (attributes, isWrapped = false) => {
    const buffer = buffers.active;
    const { lines } = buffer;
    const isSimple =
      lines.isFull &&
      lines.length > 1 &&
      buffer.scrollTop === 0 &&
      buffer.ybase + buffer.scrollBottom === lines.length - 1;
    if (!isSimple) {
      scroll(attributes, isWrapped);
      return;
    }
    const line = lines.recycle();
    const { fg, bg } = attributes;
    const words = core.cols * CELL_WORDS;
    if (line._data.length !== words) {
      line.resize(core.cols, buffer.getNullCell());
    }
    if (blank.length !== words || blank[1] !== fg || blank[2] !== bg) {
      blank = Uint32Array.from({ length: words }, (_, i) => [NARROW, fg, bg][i % CELL_WORDS] as number);
    }
    line._data.set(blank);
    if (!isEmpty(line._combined)) line._combined = {};
    if (!isEmpty(line._extendedAttrs)) line._extendedAttrs = {};
    line.isWrapped = isWrapped;
  };
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
