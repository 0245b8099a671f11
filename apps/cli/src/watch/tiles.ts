/** Where each of many sessions is shown: as few columns of tiles as make the most of the room, and a scroll where not all fit. */
import type { Area } from './cell-grid.ts';

export interface Tiling {
  /** For each session that has room, in its order. */
  tiles: Area[];
  /** Index of the session in the first tile. */
  first: number;
  /** Of tiles, side by side. */
  columns: number;
}

/** Less shows no word of a line whole. */
const MIN_COLS = 24;
/** A header and two lines. */
const MIN_ROWS = 3;
/** More of a tile than a usual screen is empty. */
const SCREEN_COLS = 80;
const SCREEN_ROWS = 24;

/** @param first index of the session that was in the first tile before: it moves only as far as the focus needs */
export function tiling(room: Area, count: number, focus: number, first: number): Tiling {
  if (count === 0 || room.cols < 1 || room.rows < 1) return { tiles: [], first: 0, columns: 1 };
  const columns = columnsFor(room, count);
  const allRows = Math.ceil(count / columns);
  const rows = Math.min(allRows, Math.max(1, Math.floor(room.rows / MIN_ROWS)));
  const firstRow = scrolled(Math.floor(first / columns), Math.floor(focus / columns), rows, allRows);
  const heights = shares(room.rows, rows, 0);
  const widths = shares(room.cols, columns, 1);
  const tiles: Area[] = [];
  let top = room.top;
  for (const height of heights) {
    let left = room.left;
    for (const width of widths) {
      if (firstRow * columns + tiles.length >= count) break;
      tiles.push({ left, top, cols: width, rows: height });
      left += width + 1;
    }
    top += height;
  }
  return { tiles, first: firstRow * columns, columns };
}

function columnsFor({ cols, rows }: Area, count: number): number {
  const most = Math.max(1, Math.floor((cols + 1) / (MIN_COLS + 1)));
  let best = 1;
  let bestWorth = -1;
  for (let columns = 1; columns <= Math.min(most, count); columns++) {
    const needed = Math.ceil(count / columns);
    const shown = Math.min(needed, Math.max(1, Math.floor(rows / MIN_ROWS)));
    const width = Math.min(SCREEN_COLS, Math.floor((cols + 1) / columns) - 1);
    const lines = Math.min(SCREEN_ROWS, Math.floor(rows / shown) - 1);
    // First that all are shown; then lines, but not at the price of their ends.
    const worth = Math.min(count, shown * columns) * 1e6 + width ** 1.5 * lines;
    if (worth > bestWorth) [best, bestWorth] = [columns, worth];
  }
  return best;
}

/** A length in so many parts, the first ones longer by what is left over. */
function shares(length: number, parts: number, gap: number): number[] {
  const whole = length - gap * (parts - 1);
  const share = Math.floor(whole / parts);
  return Array.from({ length: parts }, (_, index) => share + (index < whole % parts ? 1 : 0));
}

/** The first of `shown` rows out of `all`, such that the focus is among them. */
export function scrolled(first: number, focus: number, shown: number, all: number): number {
  const near = Math.min(Math.max(first, focus - shown + 1), focus);
  return Math.max(0, Math.min(near, all - shown));
}
