/**
 * What cells hold beside their three words: the text of those with marks, and the attributes of underlines and links.
 *
 * A cell takes twelve bytes, and one with marks on it ten times as many. A program may put some on every cell, so
 * what a screen holds of them is counted and has a bound: past it the oldest rows lose them, and keep their letters.
 */
import type { Buffer, Core, OwnLine } from './emulator.ts';
import { flatCopy } from './flat-copy.ts';
import { CELL_WORDS, CODEPOINT_MASK, HAS_EXTENDED, IS_COMBINED } from './lines/cells.ts';

/** A screen of the default size can have marks on every cell; and twice what the cells themselves take. */
const ALLOWANCE_BYTES = 8 * 1024 * 1024;
const ALLOWANCE_PER_CELL = 24;
/** How far it is cut down, so that it is not cut again at once. */
const CUT_TO = 0.75;
/** Counted anew once so many characters may have brought some. */
const RECOUNT_AFTER = 1 << 16;

/** As measured in Node 20: an object with elements, a slot of those, a string of two-byte characters, an object of attributes. */
const TABLE_BYTES = 72;
const SLOT_BYTES = 11;
const TEXT_BYTES = 24;
const ATTRIBUTES_BYTES = 40;
/** V8 keeps each text of two characters once. */
const SHARED_LENGTH = 2;
/** V8 makes a rope of what is put together, from this length on. */
const ROPE_LENGTH = 13;

export class CellExtras {
  readonly #core: Core;
  #uncounted = 0;

  constructor(core: Core) {
    this.#core = core;
    const { _inputHandler: handler } = core;
    keepTextsFlat(core.buffers.normal.lines.get(0));
    const print = handler.print.bind(handler);
    handler.print = (data, start, end) => {
      print(data, start, end);
      this.#uncounted += end - start;
      if (this.#uncounted > RECOUNT_AFTER) this.#bound();
    };
  }

  /** What all rows hold now. */
  bytes(): number {
    return this.#rows().reduce((bytes, line) => bytes + extrasOf(line), 0);
  }

  #bound(): void {
    this.#uncounted = 0;
    const rows = this.#rows();
    const bound = ALLOWANCE_BYTES + ALLOWANCE_PER_CELL * rows.length * this.#core.cols;
    for (const line of rows) dropStale(line);
    let bytes = this.bytes();
    if (bytes <= bound) return;
    for (const line of rows) {
      if (bytes <= bound * CUT_TO) return;
      bytes -= extrasOf(line);
      strip(line);
    }
  }

  /** Oldest first; those of the alternate screen are younger than any above the main one. */
  #rows(): OwnLine[] {
    const { normal, alt } = this.#core.buffers;
    return [...linesOf(normal), ...linesOf(alt)];
  }
}

function linesOf({ lines }: Buffer): OwnLine[] {
  const found: OwnLine[] = [];
  for (let y = 0; y < lines.length; y++) {
    const line = lines.get(y);
    if (line !== undefined) found.push(line);
  }
  return found;
}

function extrasOf({ _combined: texts, _extendedAttrs: attributes }: OwnLine): number {
  let bytes = 0;
  let last = -1;
  for (const column in texts) {
    last = Number(column);
    const { length } = texts[last] ?? '';
    // Characters take two bytes each, and all of them a multiple of eight.
    if (length > SHARED_LENGTH) bytes += TEXT_BYTES + ((2 * length + 7) & ~7) - 8;
  }
  if (last !== -1) bytes += TABLE_BYTES + SLOT_BYTES * (last + 1);
  let previous: unknown;
  let lastAttributes = -1;
  for (const column in attributes) {
    lastAttributes = Number(column);
    const own = attributes[lastAttributes];
    // Cells drawn one after the other share them.
    if (own !== previous) bytes += ATTRIBUTES_BYTES;
    previous = own;
  }
  if (lastAttributes !== -1) bytes += TABLE_BYTES + SLOT_BYTES * (lastAttributes + 1);
  return bytes;
}

/** What cells had before they were drawn anew: xterm.js leaves it where it was. */
function dropStale(line: OwnLine): void {
  const { _data: data } = line;
  const has = (column: string, word: number, flag: number) =>
    ((data[Number(column) * CELL_WORDS + word] ?? 0) & flag) !== 0;
  line._combined = kept(line._combined, (column) => has(column, 0, IS_COMBINED));
  line._extendedAttrs = kept(line._extendedAttrs, (column) => has(column, 2, HAS_EXTENDED));
}

function kept<T>(table: Record<number, T>, isUsed: (column: string) => boolean): Record<number, T> {
  for (const column in table)
    if (!isUsed(column))
      return Object.fromEntries(Object.entries(table).filter(([each]) => isUsed(each))) as Record<number, T>;
  return table;
}

/** Leaves the letters and their colours. */
function strip(line: OwnLine): void {
  const { _data: data } = line;
  for (let at = 0; at < data.length; at += CELL_WORDS) {
    const content = data[at] as number;
    if (content & IS_COMBINED) {
      const letter = line._combined[at / CELL_WORDS]?.codePointAt(0) ?? 0;
      data[at] = (content & ~(IS_COMBINED | CODEPOINT_MASK)) | letter;
    }
    data[at + 2] = (data[at + 2] as number) & ~HAS_EXTENDED;
  }
  line._combined = {};
  line._extendedAttrs = {};
}

const isFlat = Symbol('keeps its texts flat');

/** Once, for all screens: rows share their methods. */
function keepTextsFlat(row: OwnLine | undefined): void {
  const methods: OwnLine & { [isFlat]?: true } = Object.getPrototypeOf(row);
  if (methods[isFlat]) return;
  methods[isFlat] = true;
  const add = methods.addCodepointToCell;
  methods.addCodepointToCell = function (this: OwnLine, column, codepoint, width) {
    add.call(this, column, codepoint, width);
    if (((this._data[column * CELL_WORDS] ?? 0) & IS_COMBINED) === 0) return;
    const text = this._combined[column] ?? '';
    if (text.length >= ROPE_LENGTH) this._combined[column] = flatCopy(text);
  };
}
