/**
 * Rows on a ground of their own among rows that share another, with the rows that belong to them.
 */
import { type Box, boxAround } from './boxes.ts';
import {
  codeAt,
  type Grid,
  groundAt,
  groundRuns,
  inked,
  isBlankAt,
  isEdgeAt,
  mainGround,
  penAt,
  type Run,
  rawText,
  tidyText,
} from './grid.ts';
import { isTaken, type Scene } from './scene.ts';

export interface Highlight {
  row: number;
  left: number;
  right: number;
  /** As far as the text of its rows may reach. */
  clipRight: number;
  rows: readonly number[];
}

/** Marks and mnemonics on other grounds leave this much of a row on its own. */
const MAIN_SHARE = 0.7;
const ALIGNED_SHARE = 0.5;
/** Pieces of one highlight are no farther apart: a tag and its description. */
const PIECE_GAP = 8;
const POINTERS = '❯▸▶➤›»>→';
/** The rows a terminal program keeps for its status. */
const STATUS_ROWS = 2;

export function findHighlights(scene: Scene): Highlight[] {
  const found: Highlight[] = [];
  for (let row = 0; row < scene.grid.rows; row++) {
    for (const run of highlightedRuns(scene, row)) {
      const highlight = withRows(scene, row, run);
      if (highlight !== undefined) found.push(highlight);
    }
  }
  return found;
}

/** Runs of a row off the ground of their panel, with pieces of one highlight put together. */
function highlightedRuns(scene: Scene, row: number): Run[] {
  const { grid, boxes } = scene;
  const joined: Run[] = [];
  for (const run of groundRuns(grid, row)) {
    const box = boxAround(boxes, row, run.left);
    const base = box === undefined ? undefined : grid.grounds[row * grid.cols + box.left];
    if (run.ground === base) continue;
    const last = joined.at(-1);
    const isPiece =
      last !== undefined &&
      box !== undefined &&
      last.ground === run.ground &&
      run.left - last.right <= PIECE_GAP &&
      inked(grid, row, last.right + 1, run.left - 1) === undefined &&
      boxAround(boxes, row, last.left) === box;
    if (isPiece) last.right = run.right;
    else joined.push({ ...run });
  }
  return joined.filter(
    (run) => inked(grid, row, run.left, run.right) && !isTaken(scene, row, run.left, run.right),
  );
}

function withRows(scene: Scene, row: number, run: Run): Highlight | undefined {
  const { grid, boxes } = scene;
  const box = boxAround(boxes, row, run.left);
  if (box !== undefined && run.right >= box.right) return undefined;
  const base = baseGround(grid, row, run, box);
  if (base === undefined) return undefined;
  const clipRight = clipOf(grid, row, run, box);
  const isPanel = box === undefined && isWide(grid, row, run);
  const belongs = (other: number) => {
    const kind = belongsTo(scene, other, run, base, box);
    return kind === 'row' && isPanel && !isGapBeside(grid, other, run, base) ? 'end' : kind;
  };
  const rows = [row];
  for (const step of [-1, 1]) {
    for (let other = row + step; other >= 0 && other < grid.rows; other += step) {
      const kind = belongs(other);
      if (kind === 'end') break;
      if (kind === 'row') rows.push(other);
    }
  }
  rows.sort((a, b) => a - b);
  if (hasHeading(grid, rows, row, run.left, clipRight)) rows.shift();
  const highlight = { row, left: run.left, right: run.right, clipRight, rows };
  return isSelection(scene, highlight, base, box) ? highlight : undefined;
}

/** The ground of the rows above and below, if they agree and it is another. */
function baseGround(
  grid: Grid,
  row: number,
  { left, right, ground }: Run,
  box: Box | undefined,
): number | undefined {
  const neighbours = [row - 1, row + 1].filter((other) => {
    const isInside =
      box === undefined ? other >= 0 && other < grid.rows : other > box.top && other < box.bottom;
    return isInside && !isSeparator(grid, other, left, right);
  });
  const grounds = neighbours.map((other) => mainGround(grid, other, left, right));
  if (grounds.some((main) => main.ground === ground)) return undefined;
  const withText = grounds.filter((main, i) => {
    return main.share >= MAIN_SHARE && inked(grid, neighbours[i] as number, left, right) !== undefined;
  });
  const [first, second] = withText;
  if (first === undefined) return undefined;
  return second === undefined || second.ground === first.ground ? first.ground : second.ground;
}

/** A highlight as long as its words tells nothing about the width of its list: there the panel ends it. */
function clipOf(grid: Grid, row: number, run: Run, box: Box | undefined): number {
  if (isWide(grid, row, run)) return run.right;
  if (box !== undefined) return box.right - 1;
  let right = run.right;
  while (right + 1 < grid.cols && !isEdgeAt(grid, row, right + 1)) right++;
  return right;
}

function isSeparator(grid: Grid, row: number, left: number, right: number): boolean {
  return /^[\s│┃|+├┤]*[─-╿=-]{3,}[\s│┃|+├┤]*$/u.test(rawText(grid, row, left, right));
}

/** A highlight wider than its words shows how wide its panel is. */
function isWide(grid: Grid, row: number, { left, right }: Run): boolean {
  const ink = inked(grid, row, left, right);
  if (ink === undefined) return false;
  return right - ink.right >= 2 || right === grid.cols - 1 || (ink.left > left && right > ink.right);
}

function belongsTo(
  scene: Scene,
  row: number,
  run: Run,
  base: number,
  box: Box | undefined,
): 'row' | 'skip' | 'end' {
  const { grid } = scene;
  if (box !== undefined && (row <= box.top || row >= box.bottom)) return 'end';
  if (isSeparator(grid, row, run.left, run.right)) return box === undefined ? 'end' : 'skip';
  const main = mainGround(grid, row, run.left, run.right);
  if (main.ground !== base || main.share < MAIN_SHARE) return 'end';
  if (/[─━═]{5}|-{8}/u.test(rawText(grid, row, run.left, run.right))) return 'end';
  const ink = inked(grid, row, run.left, run.right);
  if (ink === undefined || isTaken(scene, row, run.left, run.right)) return 'end';
  return 'row';
}

/** Names of columns: no figures where the other rows have them, drawn with a pen of their own. */
function hasHeading(
  grid: Grid,
  rows: readonly number[],
  selected: number,
  left: number,
  right: number,
): boolean {
  const [first, ...others] = rows as [number, ...number[]];
  if (first === selected || others.length < 2) return false;
  const hasFigure = (row: number) => /\d/.test(tidyText(grid, row, left, right));
  const pen = (row: number) => penAt(grid, row, inked(grid, row, left, right)?.left ?? left);
  return (
    !hasFigure(first) &&
    others.filter(hasFigure).length >= others.length / 2 &&
    others.every((row) => row === selected || pen(row) !== pen(first))
  );
}

function isSelection(scene: Scene, highlight: Highlight, base: number, box: Box | undefined): boolean {
  const { grid } = scene;
  const { row, left, right, rows } = highlight;
  if (rows.length < 2 || isShouting(tidyText(grid, row, left, right), rows, grid, highlight)) return false;
  if (!areAligned(grid, highlight)) return false;
  if (box !== undefined) return holdsAllText(grid, row, left, right, box.left + 1, box.right - 1);
  const isFull = isEdgeAt(grid, row, left - 1) && isEdgeAt(grid, row, right + 1);
  const isElsewhere = grid.cursor.visible && grid.cursor.row !== row;
  // Under a heading on a ground of its own the first row is a row like others.
  const isHeaded = rows[0] === row && row > 0 && mainGround(grid, row - 1, left, right).ground !== base;
  const isAtEnd = (rows[0] === row && !isHeaded) || rows.at(-1) === row;
  if (isPopup(grid, highlight, base)) return true;
  if (isQuestion(grid, highlight)) return false;
  if (row >= grid.rows - STATUS_ROWS && !(row === grid.rows - STATUS_ROWS && isBarAt(scene, row + 1)))
    return false;
  if (isPointed(grid, highlight)) return true;
  // Where a cursor shows that one types elsewhere, a line across the screen is a title or a status.
  if (isFull) return !(isElsewhere && isAtEnd);
  if (isWide(grid, row, { left, right, ground: 0 })) {
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
  const start = (of: number) => inked(grid, of, left, clipRight)?.left ?? -1;
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
  const ink = inked(grid, row, from, to);
  return ink !== undefined && ink.left >= left && ink.right <= right;
}

/** The cursor waits behind its words. */
function isQuestion(grid: Grid, { row, left, right }: Highlight): boolean {
  const { cursor } = grid;
  const ink = inked(grid, row, left, right);
  return cursor.visible && cursor.row === row && ink !== undefined && cursor.col > ink.right;
}

/** A window without a frame: the rows beside it are one run from the same column to the same column. */
function isPopup(grid: Grid, { row, left, right, rows }: Highlight, base: number): boolean {
  if (base === 0 || (left === 0 && right === grid.cols - 1)) return false;
  return rows.some(
    (other) =>
      Math.abs(other - row) === 1 &&
      groundRuns(grid, other).some((run) => run.left === left && run.right === right && run.ground === base),
  );
}

/** The last row is a bar as well, so that the one above it may be the end of a list. */
function isBarAt(scene: Scene, row: number): boolean {
  const { grid } = scene;
  return isTaken(scene, row, 0, grid.cols - 1) || groundRuns(grid, row).some((run) => run.ground !== 0);
}

function isPointed(grid: Grid, { row, left, clipRight, rows }: Highlight): boolean {
  const ink = inked(grid, row, left, clipRight);
  if (ink === undefined || !isPointerAt(grid, row, ink.left)) return false;
  return rows.every((other) => other === row || isBlankAt(grid, other, ink.left));
}

/** A pointer with a blank behind it. */
export function isPointerAt(grid: Grid, row: number, col: number): boolean {
  return POINTERS.includes(String.fromCodePoint(codeAt(grid, row, col))) && isBlankAt(grid, row, col + 1);
}

/** Nothing stands beside this stretch of the row, and the panel does not end there. */
function isGapBeside(grid: Grid, row: number, { left, right }: Run, base: number): boolean {
  return [left - 1, right + 1].every((col) => {
    if (isEdgeAt(grid, row, col)) return true;
    return isBlankAt(grid, row, col) && groundAt(grid, row, col) === base;
  });
}

function isEdgeOrBlank(grid: Grid, row: number, col: number): boolean {
  return isEdgeAt(grid, row, col) || isBlankAt(grid, row, col);
}
