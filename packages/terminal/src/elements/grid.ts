/**
 * The screen as arrays, one entry a cell, read once for all detectors.
 *
 * The ground of a cell is the colour behind its character and the pen everything about the character
 * itself, both as seen: with inverse, foreground and background have changed places. Two cells with the
 * same number look the same in this respect; the numbers mean nothing else.
 */
import {
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
  type Line,
  UNDERLINE,
  WIDTH_SHIFT,
} from '../lines/cells.ts';
import { lineText } from '../lines/text.ts';
import type { Cursor, Screen } from '../screen.ts';

const SPACE = 0x20;
/** Drawn as a blank, and meant as one. */
const NO_BREAK_SPACE = 0xa0;
/** Any vertical line a panel may be divided by. */
const VERTICAL_LINES = '│┃║┆┇┊┋╎╏';

export interface Grid {
  rows: number;
  cols: number;
  cursor: Cursor;
  /** Code points; a blank where nothing was written, 0 behind a wide character. */
  codes: Uint32Array;
  grounds: Uint32Array;
  pens: Uint32Array;
  /** Numbers of OSC 8 links, 0 for none. */
  links: Uint32Array;
  /** 1 where a box or a panel has a vertical edge. */
  edges: Uint8Array;
  /** Rows without trailing blanks, and the column of each of their string indexes and all blanks after. */
  texts: string[];
  columns: number[][];
}

/** Inverse of the default colours: no colour word has this value. */
const DEFAULT_FOREGROUND = 1;

/** The sixteen colours have two ways to be asked for. */
function colorKey(word: number, otherwise: number): number {
  const mode = word & COLOR_MODE_MASK;
  if (mode === 0) return otherwise;
  if (mode === COLOR_MODE_16 || mode === COLOR_MODE_256) return COLOR_MODE_16 | (word & 0xff);
  return word & COLOR_MASK;
}

function readLine(line: Line, at: number, grid: Grid): void {
  const { _data: data } = line;
  for (let column = 0; column < grid.cols; column++) {
    const index = column * CELL_WORDS;
    const content = data[index] ?? 0;
    const fg = data[index + 1] ?? 0;
    const bg = data[index + 2] ?? 0;
    const isHidden = content >>> WIDTH_SHIFT === 0 && column > 0;
    const combined = line._combined[column]?.codePointAt(0);
    const code = combined || content & CODEPOINT_MASK || SPACE;
    grid.codes[at + column] = isHidden ? 0 : code === NO_BREAK_SPACE ? SPACE : code;
    const front = colorKey(fg, DEFAULT_FOREGROUND);
    const back = colorKey(bg, 0);
    const isInverse = (fg & INVERSE) !== 0;
    grid.grounds[at + column] = isInverse ? front : back;
    grid.pens[at + column] =
      (isInverse ? back : front) | (fg & (BOLD | UNDERLINE)) | (bg & DIM ? INVERSE : 0);
    if (bg & HAS_EXTENDED) grid.links[at + column] = line._extendedAttrs[column]?.urlId ?? 0;
  }
}

export function readGrid(screen: Screen): Grid {
  const { cols, rows } = screen.size;
  const size = rows * cols;
  const grid: Grid = {
    rows,
    cols,
    cursor: screen.cursor,
    codes: new Uint32Array(size).fill(SPACE),
    grounds: new Uint32Array(size),
    pens: new Uint32Array(size),
    links: new Uint32Array(size),
    edges: new Uint8Array(size),
    texts: [],
    columns: [],
  };
  screen.lines().forEach((line, row) => {
    readLine(line, row * cols, grid);
    const columns: number[] = [];
    grid.texts.push(lineText(line, columns).replaceAll('\u00a0', ' '));
    grid.columns.push(columns);
  });
  for (let i = 0; i < size; i++) {
    if (VERTICAL_LINES.includes(String.fromCodePoint(grid.codes[i] as number))) grid.edges[i] = 1;
  }
  return grid;
}

/** The column of a string index of a row; past its end, the column behind it. */
export function columnAt(grid: Grid, row: number, index: number): number {
  return grid.columns[row]?.[index] ?? grid.cols;
}

export function codeAt(grid: Grid, row: number, col: number): number {
  return grid.codes[row * grid.cols + col] ?? 0;
}

export function groundAt(grid: Grid, row: number, col: number): number {
  return grid.grounds[row * grid.cols + col] ?? 0;
}

export function penAt(grid: Grid, row: number, col: number): number {
  return grid.pens[row * grid.cols + col] ?? 0;
}

export function isBlankAt(grid: Grid, row: number, col: number): boolean {
  const code = grid.codes[row * grid.cols + col];
  return code === SPACE || code === undefined;
}

export function isEdgeAt(grid: Grid, row: number, col: number): boolean {
  return col < 0 || col >= grid.cols || grid.edges[row * grid.cols + col] === 1;
}

/** The characters from column `left` to column `right`, both included. */
export function rawText(grid: Grid, row: number, left: number, right: number): string {
  const text = grid.texts[row] ?? '';
  const columns = grid.columns[row] ?? [];
  return text.slice(indexOf(columns, left), indexOf(columns, right + 1));
}

/** The first index that stands at `column` or behind it. */
function indexOf(columns: readonly number[], column: number): number {
  if (columns[column] === column) {
    // No wide character and no mark before it: usual, and found at once.
    return columns[column - 1] === column ? columns.indexOf(column) : column;
  }
  let low = 0;
  let high = columns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((columns[middle] as number) < column) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The words from `left` to `right`, with lines between columns left out. */
export function tidyText(grid: Grid, row: number, left: number, right: number): string {
  return rawText(grid, row, left, right)
    .replace(/[│┃║┆┇┊┋╎╏]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** First and last column with something on it, or nothing. */
export function inked(
  grid: Grid,
  row: number,
  left: number,
  right: number,
): { left: number; right: number } | undefined {
  const isInk = (col: number) => !isBlankAt(grid, row, col) && grid.edges[row * grid.cols + col] !== 1;
  let first = left;
  while (first <= right && !isInk(first)) first++;
  if (first > right) return undefined;
  let last = right;
  while (!isInk(last)) last--;
  return { left: first, right: last };
}

/** What lies between the nearest vertical edges around a column. */
export function segmentAt(grid: Grid, row: number, col: number): { left: number; right: number } {
  let left = col;
  while (!isEdgeAt(grid, row, left - 1)) left--;
  let right = col;
  while (!isEdgeAt(grid, row, right + 1)) right++;
  return { left, right };
}

export interface Run {
  left: number;
  right: number;
  ground: number;
}

/** Stretches of a row on one ground. */
export function groundRuns(grid: Grid, row: number): Run[] {
  const runs: Run[] = [];
  let left = 0;
  for (let col = 1; col <= grid.cols; col++) {
    const ground = groundAt(grid, row, left);
    if (col < grid.cols && groundAt(grid, row, col) === ground) continue;
    runs.push({ left, right: col - 1, ground });
    left = col;
  }
  return runs;
}

/** The ground most cells of a stretch have, and the share of them that do. */
export function mainGround(
  grid: Grid,
  row: number,
  left: number,
  right: number,
): { ground: number; share: number } {
  const counts = new Map<number, number>();
  let best = groundAt(grid, row, left);
  for (let col = left; col <= right; col++) {
    const ground = groundAt(grid, row, col);
    const count = (counts.get(ground) ?? 0) + 1;
    counts.set(ground, count);
    if (count > (counts.get(best) ?? 0)) best = ground;
  }
  return { ground: best, share: (counts.get(best) ?? 0) / (right - left + 1) };
}
