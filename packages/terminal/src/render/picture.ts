/**
 * What a renderer draws: rows of runs, the cursor, the title. A copy, so that the screen may go on.
 */
import type { Cell, Run, Style } from '../lines/runs.ts';
import { type Rows, resultOf, runLineSteps } from '../read/spans.ts';
import type { Cursor, Screen } from '../screen.ts';
import { type Paint, paintOf, type Theme } from './theme.ts';

export interface Picture {
  cols: number;
  rows: readonly (readonly Run[])[];
  /** None if hidden, or not among the rows. */
  cursor: Omit<Cursor, 'visible'> | undefined;
  title: string;
}

/** Of the screen, or of the rows asked for. */
export function pictureOf(screen: Screen, rows?: Rows): Picture {
  return resultOf(pictureSteps(screen, rows));
}

/** As pictureOf(), a row a step. */
export function* pictureSteps(screen: Screen, asked?: Rows): Generator<number, Picture> {
  const { first, last } = asked ?? { first: 0, last: screen.size.rows - 1 };
  const { visible, ...cursor } = screen.cursor;
  const row = cursor.row - first;
  const isShown = visible && row >= 0 && row <= last - first;
  return {
    cols: screen.size.cols,
    rows: yield* runLineSteps(screen, { first, last }),
    cursor: isShown ? { ...cursor, row } : undefined,
    title: screen.title,
  };
}

/** Cells of one style with its colours looked up. */
export interface PaintedRun extends Paint {
  style: Style;
  cells: Cell[];
  isCursor: boolean;
}

/** The runs of a row; the cell under the cursor is one of its own, a block with its colours swapped. */
export function paintRow({ rows, cursor }: Picture, row: number, theme: Theme): PaintedRun[] {
  const runs = rows[row] ?? [];
  const col = cursor?.row === row ? cursor.col : undefined;
  const split = col === undefined ? runs : splitAt(runs, col);
  return split.map((run) => {
    const painted = { ...run, ...paintOf(run.style, theme), isCursor: false };
    if (col === undefined || !covers(run, col)) return painted;
    painted.isCursor = true;
    if (cursor?.shape !== 'block') return painted;
    return { ...painted, foreground: painted.background ?? theme.background, background: theme.cursor };
  });
}

function covers({ cells }: Run, col: number): boolean {
  return cells.some((cell) => cell.col <= col && col < cell.col + cell.width);
}

/** The runs with the cell at `col` in one of its own, appended if there is none. */
function splitAt(runs: readonly Run[], col: number): Run[] {
  const split: Run[] = [];
  for (const run of runs) {
    if (!covers(run, col)) {
      split.push(run);
      continue;
    }
    const { style, cells } = run;
    const at = cells.findIndex((cell) => col < cell.col + cell.width);
    for (const part of [cells.slice(0, at), cells.slice(at, at + 1), cells.slice(at + 1)]) {
      if (part.length > 0) split.push({ style, cells: part });
    }
  }
  if (!split.some((run) => covers(run, col)))
    split.push({ style: {}, cells: [{ text: ' ', col, width: 1 }] });
  return split;
}

const SAFE_LINK = /^(?:https?|mailto):/i;

/** An address that may be clicked; not those that run something or read files. */
export function safeLink(link: string | undefined): string | undefined {
  return link !== undefined && SAFE_LINK.test(link) ? link : undefined;
}

/** For text and quoted attributes; control characters, which XML does not allow, left out. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
