/**
 * Whether a highlight is the selected row of a list, and not a status line, a heading, a match of a
 * search, or text that was selected.
 */
import {
  codeAt,
  type Grid,
  groundRuns,
  inked,
  isBlankAt,
  isEdgeAt,
  mainGround,
  segmentAt,
  tidyText,
} from './grid.ts';
import { type Highlight, isPopup, isWide } from './highlights.ts';
import { isPointer } from './pointer.ts';
import { isTaken, type Scene } from './scene.ts';

const ALIGNED_SHARE = 0.5;
/** Across the whole screen, a highlight with one neighbour could be anything. */
const FEWEST_ROWS = 3;
/** The rows a terminal program keeps for its status. */
const STATUS_ROWS = 2;

export function isSelection(scene: Scene, highlight: Highlight): boolean {
  const { grid } = scene;
  const { row, left, right, rows, base, box } = highlight;
  if (rows.length < 2 || isShouting(tidyText(grid, row, left, right), rows, grid, highlight)) return false;
  if (!areAligned(grid, highlight)) return false;
  if (box !== undefined) {
    const [from, to] = [segmentAt(grid, row, left).left, segmentAt(grid, row, right).right];
    return holdsAllText(grid, row, left, right, from, to);
  }
  const isFull = isEdgeAt(grid, row, left - 1) && isEdgeAt(grid, row, right + 1);
  const isElsewhere = grid.cursor.visible && grid.cursor.row !== row;
  // Under a heading on a ground of its own the first row is a row like others.
  const isHeaded = rows[0] === row && row > 0 && mainGround(grid, row - 1, left, right).ground !== base;
  const isAtEnd = (rows[0] === row && !isHeaded) || rows.at(-1) === row;
  if (isPopup(grid, row, highlight, base)) return true;
  if (isQuestion(grid, highlight)) return false;
  if (row >= grid.rows - STATUS_ROWS && !(row === grid.rows - STATUS_ROWS && isBarAt(scene, row + 1, base)))
    return false;
  if (isPointed(grid, highlight)) return true;
  // Where a cursor shows that one types elsewhere, a line across the screen is a title or a status.
  if (isFull) return rows.length >= FEWEST_ROWS && !(isElsewhere && isAtEnd);
  if (isWide(grid, row, highlight, box)) {
    return isEdgeOrBlank(grid, row, left - 1) && isEdgeOrBlank(grid, row, right + 1);
  }
  return !grid.cursor.visible && holdsAllText(grid, row, left, right + 1, 0, grid.cols - 1);
}

/** `PID USER PRI NI`: the heading of a table, if what it heads has figures or small letters. */
function isShouting(
  text: string,
  rows: readonly number[],
  grid: Grid,
  { row, left, clipRight }: Highlight,
): boolean {
  if (
    rows[0] !== row ||
    /\p{Ll}{2}/u.test(text.replace(/\S+$/u, '')) ||
    !/\p{Lu}{2}.* .*\p{Lu}/u.test(text)
  ) {
    return false;
  }
  return rows.some((other) => other !== row && /\d|\p{Ll}/u.test(tidyText(grid, other, left, clipRight)));
}

/** The text of a list begins in one column; a pointer or a mark may stand before it. */
function areAligned(grid: Grid, { row, rows, left, clipRight }: Highlight): boolean {
  const start = (of: number) => inkedRow(grid, of, left, clipRight)?.left ?? -1;
  const own = start(row);
  const others = rows.filter((other) => other !== row);
  const aligned = others.filter((other) => Math.abs(start(other) - own) <= 2);
  return aligned.length >= others.length * ALIGNED_SHARE;
}

function holdsAllText(
  grid: Grid,
  row: number,
  left: number,
  right: number,
  from: number,
  to: number,
): boolean {
  const ink = inkedRow(grid, row, from, to);
  return ink !== undefined && ink.left >= left && ink.right <= right;
}

/** The cursor waits behind its words. */
function isQuestion(grid: Grid, { row, left, right }: Highlight): boolean {
  const { cursor } = grid;
  const ink = inked(grid, row, left, right);
  return cursor.visible && cursor.row === row && ink !== undefined && cursor.col > ink.right;
}

/** The last row is a bar as well, so that the one above it may be the end of a list. */
function isBarAt(scene: Scene, row: number, base: number): boolean {
  const { grid } = scene;
  if (isTaken(scene, row, 0, grid.cols - 1)) return true;
  const hasText = inked(grid, row, 0, grid.cols - 1) !== undefined;
  return hasText && groundRuns(grid, row).some((run) => run.ground !== base);
}

function isPointed(grid: Grid, { row, left, clipRight, rows }: Highlight): boolean {
  const ink = inked(grid, row, left, clipRight);
  const words = inkedRow(grid, row, left, clipRight);
  if (
    ink === undefined ||
    words === undefined ||
    words.left === ink.left ||
    !isPointer(grid, row, ink.left)
  ) {
    return false;
  }
  return rows.every((other) => other === row || isBlankAt(grid, other, ink.left));
}

/** What a row says: without the pointer that selects it and the lines of a tree before it. */
export function inkedRow(
  grid: Grid,
  row: number,
  left: number,
  right: number,
): { left: number; right: number } | undefined {
  const ink = inked(grid, row, left, right);
  if (ink === undefined) return undefined;
  let start = ink.left;
  while (isPointer(grid, row, start) && start < ink.right) start++;
  if (start === ink.left || !isBlankAt(grid, row, start)) start = ink.left;
  while (start < ink.right && (isTreeLine(codeAt(grid, row, start)) || isBlankAt(grid, row, start))) start++;
  return { left: start, right: ink.right };
}

/** Box drawing, U+2500 to U+257F. */
function isTreeLine(code: number): boolean {
  return code >= 0x2500 && code <= 0x257f;
}

function isEdgeOrBlank(grid: Grid, row: number, col: number): boolean {
  return isEdgeAt(grid, row, col) || isBlankAt(grid, row, col);
}
