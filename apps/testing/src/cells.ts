/** A screen cell by cell, from the spans that a look at it answers. */
import type { Bounds, ScreenState, StyledSpan } from '@pilotty/sdk';
import { columnsOf } from '@pilotty/terminal/columns';

export type CellStyle = Omit<StyledSpan, 'text'>;

export interface Cell {
  text: string;
  col: number;
  width: 1 | 2;
  style: CellStyle;
}

/** A row for each of the screen; a row ends with the last cell that shows anything. */
export function gridOf({ size, lines = [] }: ScreenState): Cell[][] {
  return Array.from({ length: size.rows }, (_, row) => cellsOf(lines[row] ?? []));
}

function cellsOf(spans: readonly StyledSpan[]): Cell[] {
  const columns = columnsOf(spans.map(({ text }) => text).join(''));
  const cells: Cell[] = [];
  let at = 0;
  for (const { text, ...style } of spans) {
    for (const unit of text.split('')) {
      const col = columns[at] as number;
      const last = cells.at(-1);
      if (last?.col === col) last.text += unit;
      else cells.push({ text: unit, col, width: 1, style });
      at += 1;
      // The column of what comes next, or the end.
      const cell = cells.at(-1) as Cell;
      cell.width = (columns[at] as number) - cell.col === 2 ? 2 : cell.width;
    }
  }
  return cells;
}

/** Blanks to the right left out. */
export function textOf(cells: readonly Cell[]): string {
  return cells
    .map(({ text }) => text)
    .join('')
    .trimEnd();
}

const MASK = '░';

/** The grid with what a region covers replaced: its text and its styles are not compared. */
export function masked(grid: readonly Cell[][], regions: readonly Bounds[]): Cell[][] {
  return grid.map((cells, row) => {
    const covering = regions.filter((region) => row >= region.row && row < region.row + region.height);
    return covering.reduce(withRowMasked, cells);
  });
}

function withRowMasked(cells: Cell[], { col, width }: Bounds): Cell[] {
  const end = col + width;
  const isCovered = (cell: Cell) => cell.col + cell.width > col && cell.col < end;
  const covered = cells.filter(isCovered);
  const first = Math.min(col, covered[0]?.col ?? col);
  const last = covered.at(-1);
  const behind = Math.max(end, last ? last.col + last.width : end);
  const before = cells.filter((cell) => cell.col + cell.width <= first);
  const gapFrom = before.at(-1) ? (before.at(-1) as Cell).col + (before.at(-1) as Cell).width : 0;
  return [
    ...before,
    ...blanks(gapFrom, first, ' '),
    ...blanks(first, behind, MASK),
    ...cells.filter((cell) => cell.col >= behind),
  ];
}

function blanks(from: number, to: number, text: string): Cell[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => ({
    text,
    col: from + index,
    width: 1,
    style: {},
  }));
}

/** Neighbours of one style. */
export function runsOf(cells: readonly Cell[]): { style: CellStyle; cells: Cell[] }[] {
  const runs: { style: CellStyle; cells: Cell[] }[] = [];
  let previous: string | undefined;
  for (const cell of cells) {
    const key = JSON.stringify(cell.style);
    if (key === previous) runs.at(-1)?.cells.push(cell);
    else runs.push({ style: cell.style, cells: [cell] });
    previous = key;
  }
  return runs;
}
