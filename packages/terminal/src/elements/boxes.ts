/**
 * Rectangles drawn with lines: light, heavy, double, rounded, mixed, or ASCII.
 *
 * Titles, scroll marks and percentages interrupt an edge, and another window may lie over a part of it;
 * the four corners have to be there, and most of both sides.
 */
import type { DetectedElement } from './element.ts';
import { codeAt, type Grid } from './grid.ts';

export interface Box {
  top: number;
  left: number;
  /** The number of rows of the screen, if the box goes on below it. */
  bottom: number;
  right: number;
  title: string;
}

const TOP_LEFT = codes('┌┍┎┏╒╓╔╭');
const TOP_RIGHT = codes('┐┑┒┓╕╖╗╮');
const BOTTOM_LEFT = codes('└┕┖┗╘╙╚╰');
const BOTTOM_RIGHT = codes('┘┙┚┛╛╜╝╯');
const HORIZONTAL = codes('─━═╌╍┄┅┈┉┬┴┼╦╩╬╤╧╪╥╨╫┳┻╋');
const LEFT_SIDE = codes('│┃║┆┇┊┋╎╏├┝┞┟┠┡┢┣╞╟╠┼');
const RIGHT_SIDE = codes('│┃║┆┇┊┋╎╏┤┥┦┧┨┩┪┫╡╢╣┼');
const PLUS = 0x2b;
const ASCII_HORIZONTAL = codes('-=');
const ASCII_SIDE = codes('|+');

/** A window over a corner of another hides more than this of its side; a scroll bar hides less. */
const SIDE_SHARE = 0.7;
/** No title has so many blanks: there something else covers the edge. */
const WIDEST_GAP = 6;
const BLANK = 0x20;
/** No program draws as many; a screen full of corners is none. */
const MAX_BOXES = 200;
/** Cells looked at in search of sides, per cell of the screen: what keeps a screen full of corners cheap. */
const LOOKS_PER_CELL = 16;

/** What is left to be spent on sides. */
interface Looks {
  left: number;
}

function codes(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.codePointAt(0) as number));
}

/** The titled ones, as elements. */
export function boxElements(boxes: readonly Box[], rows: number): DetectedElement[] {
  return boxes
    .filter((box) => box.title !== '')
    .map((box) => ({
      kind: 'box',
      row: box.top,
      col: box.left,
      width: box.right - box.left + 1,
      height: Math.min(box.bottom, rows - 1) - box.top + 1,
      text: box.title,
    }));
}

/** Finds all boxes and marks their sides in `grid.edges`. */
export function findBoxes(grid: Grid): Box[] {
  const boxes: Box[] = [];
  const looks: Looks = { left: grid.rows * grid.cols * LOOKS_PER_CELL };
  for (let row = 0; row < grid.rows - 2; row++) {
    for (let col = 0; col < grid.cols - 2; col++) {
      if (looks.left <= 0 || boxes.length === MAX_BOXES) return boxes;
      const code = codeAt(grid, row, col);
      const box = TOP_LEFT.has(code)
        ? drawnBox(grid, row, col, looks)
        : code === PLUS
          ? asciiBox(grid, row, col, looks)
          : undefined;
      if (box === undefined) continue;
      boxes.push(box);
      for (let y = box.top + 1; y < box.bottom; y++) {
        grid.edges[y * grid.cols + box.left] = 1;
        grid.edges[y * grid.cols + box.right] = 1;
      }
    }
  }
  return boxes;
}

function drawnBox(grid: Grid, top: number, left: number, looks: Looks): Box | undefined {
  let horizontals = 0;
  /** Corners of a window that lies over this edge come in pairs. */
  let depth = 0;
  let blanks = 0;
  for (let right = left + 1; right < grid.cols; right++) {
    const code = codeAt(grid, top, right);
    blanks = code === BLANK ? blanks + 1 : 0;
    if (blanks === WIDEST_GAP) return undefined;
    if (HORIZONTAL.has(code)) horizontals++;
    else if (TOP_LEFT.has(code)) depth++;
    else if (TOP_RIGHT.has(code)) {
      const bottom = horizontals > 0 ? closedAt(grid, top, left, right, looks) : undefined;
      if (bottom !== undefined) return { top, left, bottom, right, title: title(grid, top, left, right) };
      if (depth-- === 0) return undefined;
    } else if (right === left + 1 && LEFT_SIDE.has(code)) return undefined;
  }
  return undefined;
}

/** The row of the lower edge. */
function closedAt(grid: Grid, top: number, left: number, right: number, looks: Looks): number | undefined {
  if (right - left < 2) return undefined;
  let leftHits = 0;
  let rightHits = 0;
  for (let row = top + 1; row < grid.rows; row++) {
    if (looks.left-- <= 0) return undefined;
    const leftCode = codeAt(grid, row, left);
    const rightCode = codeAt(grid, row, right);
    const height = row - top - 1;
    if (BOTTOM_LEFT.has(leftCode) && BOTTOM_RIGHT.has(rightCode)) {
      const isClosed = height > 0 && leftHits >= height * SIDE_SHARE && rightHits >= height * SIDE_SHARE;
      return isClosed ? row : undefined;
    }
    if (LEFT_SIDE.has(leftCode)) leftHits++;
    if (RIGHT_SIDE.has(rightCode)) rightHits++;
    // Nothing like a side for three rows from the start: some other drawing.
    if (height === 2 && leftHits === 0) return undefined;
  }
  // A window too tall for the screen: all that is visible of both sides has to be there.
  const height = grid.rows - top - 1;
  const isCut = height > 2 && leftHits === height && rightHits === height;
  return isCut ? grid.rows : undefined;
}

/** Plus signs are everywhere: here every cell of the frame has to fit, but for a title. */
function asciiBox(grid: Grid, top: number, left: number, looks: Looks): Box | undefined {
  if (!ASCII_HORIZONTAL.has(codeAt(grid, top, left + 1))) return undefined;
  if (!ASCII_SIDE.has(codeAt(grid, top + 1, left))) return undefined;
  for (let right = left + 2; right < grid.cols; right++) {
    if (codeAt(grid, top, right) !== PLUS || !ASCII_HORIZONTAL.has(codeAt(grid, top, right - 1))) continue;
    let row = top + 1;
    const isSide = () => ASCII_SIDE.has(codeAt(grid, row, left)) && ASCII_SIDE.has(codeAt(grid, row, right));
    while (row < grid.rows && isSide() && looks.left-- > 0) {
      const isBottom =
        codeAt(grid, row, left) === PLUS &&
        codeAt(grid, row, right) === PLUS &&
        row > top + 1 &&
        (row === grid.rows - 1 || !ASCII_SIDE.has(codeAt(grid, row + 1, left)));
      if (isBottom) return { top, left, bottom: row, right, title: title(grid, top, left, right) };
      row++;
    }
  }
  return undefined;
}

/** The first words in the upper edge, without the marks that fasten them to it. */
function title(grid: Grid, row: number, left: number, right: number): string {
  let text = '';
  for (let col = left + 1; col < right; col++) {
    const code = codeAt(grid, row, col);
    text += code === 0 ? '' : String.fromCodePoint(code);
  }
  return (
    text
      .split(/[─-╿]+|[-=]{2,}|^[-=]|[-=]$/)
      .map((piece) => piece.replace(/^[\s[\]<>|^]+|[\s[\]<>|^]+$/g, ''))
      .find((piece) => /[\p{L}\p{N}~]/u.test(piece)) ?? ''
  );
}

/** The smallest box with this cell inside it. */
export function boxAround(boxes: readonly Box[], row: number, col: number): Box | undefined {
  let found: Box | undefined;
  for (const box of boxes) {
    if (row <= box.top || row >= box.bottom || col <= box.left || col >= box.right) continue;
    if (found === undefined || area(box) < area(found)) found = box;
  }
  return found;
}

function area(box: Box): number {
  return (box.right - box.left) * (box.bottom - box.top);
}
