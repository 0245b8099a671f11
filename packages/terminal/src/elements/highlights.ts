/**
 * Rows on a ground of their own among rows that share another, with the rows that belong to them.
 */
import { type Box, boxAround } from './boxes.ts';
import {
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
  segmentAt,
  tidyText,
} from './grid.ts';
import { isTaken, type Scene } from './scene.ts';

interface Span {
  left: number;
  right: number;
}

export interface Highlight {
  row: number;
  left: number;
  right: number;
  /** As far as the text of its rows may reach. */
  clipRight: number;
  /** Rows with text, the highlighted one among them. */
  rows: readonly number[];
  /** The ground the other rows are on. */
  base: number;
  box: Box | undefined;
}

/** More of them is colour, not choice. */
const MAX_HIGHLIGHTS = 1000;
/** Marks and mnemonics on other grounds leave this much of a row on its own. */
const MAIN_SHARE = 0.7;
/** Pieces of one highlight are no farther apart: a tag and its description. */
const PIECE_GAP = 8;

export function findHighlights(scene: Scene): Highlight[] {
  const found: Highlight[] = [];
  for (let row = 0; row < scene.grid.rows; row++) {
    for (const run of highlightedRuns(scene, row)) {
      const highlight = withRows(scene, row, run);
      if (highlight !== undefined) found.push(highlight);
      if (found.length === MAX_HIGHLIGHTS) return found;
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
  // A shadow falls across the edges of panels.
  if (box === undefined && hasEdge(grid, row, run)) return undefined;
  const base = baseGround(grid, row, run, box);
  if (base === undefined) return undefined;
  const clipRight = clipOf(grid, row, run, box);
  const isPanel = box === undefined && isWide(grid, row, run, box) && !isPopup(grid, row, run, base);
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
  return { ...highlight, base, box };
}

function hasEdge(grid: Grid, row: number, { left, right }: Run): boolean {
  for (let col = left; col <= right; col++) if (isEdgeAt(grid, row, col)) return true;
  return false;
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

/** A highlight as long as its words does not show the width of its list: there the panel ends it. */
function clipOf(grid: Grid, row: number, run: Run, box: Box | undefined): number {
  if (isWide(grid, row, run, box)) return run.right;
  return segmentAt(grid, row, run.right).right;
}

function isSeparator(grid: Grid, row: number, left: number, right: number): boolean {
  return /^[\s│┃|+├┤]*[─-╿=-]{3,}[\s│┃|+├┤]*$/u.test(rawText(grid, row, left, right));
}

/**
 * A highlight wider than its words shows how wide its panel is. So do columns in it, but in a box, where
 * a tag and its description stand apart and the longest description decides.
 */
export function isWide(grid: Grid, row: number, { left, right }: Span, box: Box | undefined): boolean {
  const ink = inked(grid, row, left, right);
  if (ink === undefined) return false;
  const hasMargin = right - ink.right >= 2 || (ink.left > left && right > ink.right);
  const hasColumns = box === undefined && /\S\s{3,}\S/.test(rawText(grid, row, left, right));
  return hasMargin || hasColumns || right === grid.cols - 1;
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
  if (hasFigure(first) || others.filter(hasFigure).length < others.length / 2) return false;
  return others.every(hasFigure) || others.every((row) => row === selected || pen(row) !== pen(first));
}

/** A window without a frame: a row beside it is one run from the same column to the same column. */
export function isPopup(grid: Grid, row: number, { left, right }: Span, base: number): boolean {
  if (base === 0 || (left === 0 && right === grid.cols - 1)) return false;
  return [row - 1, row + 1].some(
    (other) =>
      other >= 0 &&
      other < grid.rows &&
      groundRuns(grid, other).some((run) => run.left === left && run.right === right && run.ground === base),
  );
}

/** Nothing stands beside this stretch of the row, and the panel does not end there. */
function isGapBeside(grid: Grid, row: number, { left, right }: Run, base: number): boolean {
  return [left - 1, right + 1].every((col) => {
    if (isEdgeAt(grid, row, col)) return true;
    return isBlankAt(grid, row, col) && groundAt(grid, row, col) === base;
  });
}
