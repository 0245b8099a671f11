/**
 * Lists that show their selected row with a pointer and a pen instead of a ground: `❯ Basil`.
 */
import type { DetectedElement } from './element.ts';
import { codeAt, type Grid, inked, isBlankAt, isEdgeAt, penAt, segmentAt, tidyText } from './grid.ts';
import { focus, isTaken, type Scene } from './scene.ts';

/** A greater-than sign quotes and redirects far too often. */
const POINTERS = '❯▸▶➤›»→';

export function findPointedLists(scene: Scene): DetectedElement[] {
  const { grid } = scene;
  const found: DetectedElement[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (let col = 0; col < grid.cols; col++) {
      const isStart = isEdgeAt(grid, row, col - 1) || isBlankAt(grid, row, col - 1);
      const isPointer = POINTERS.includes(String.fromCodePoint(codeAt(grid, row, col)));
      if (isStart && isPointer) found.push(...listAt(scene, row, col));
    }
  }
  return found;
}

function listAt(scene: Scene, row: number, col: number): DetectedElement[] {
  const { grid } = scene;
  const segment = segmentAt(grid, row, col);
  const label = inked(grid, row, col + 1, segment.right);
  const isFirst = inked(grid, row, segment.left, col)?.left === col;
  // A prompt has the cursor behind it.
  const isPrompt = grid.cursor.visible && grid.cursor.row === row;
  if (!isFirst || isPrompt || label === undefined || label.left - col > 3) return [];
  if (isTaken(scene, row, label.left, label.right)) return [];
  const rows = [row];
  for (const step of [-1, 1]) {
    for (let other = row + step; isItem(grid, other, col, label.left); other += step) rows.push(other);
  }
  const pen = (of: number) => penAt(grid, of, label.left);
  if (rows.length < 2 || rows.some((other) => other !== row && pen(other) === pen(row))) return [];
  rows.sort((a, b) => a - b);
  return rows.map((other) => {
    const ink = inked(grid, other, label.left, segmentAt(grid, other, col).right) ?? label;
    return {
      kind: 'list_row',
      row: other,
      col: ink.left,
      width: ink.right - ink.left + 1,
      height: 1,
      text: tidyText(grid, other, ink.left, ink.right),
      ...focus(other === row),
    };
  });
}

/** Begins at the column of the selected label, with nothing where the pointer stands. */
function isItem(grid: Grid, row: number, pointer: number, start: number): boolean {
  if (row < 0 || row >= grid.rows) return false;
  for (let col = pointer; col < start; col++) {
    if (!isBlankAt(grid, row, col) || isEdgeAt(grid, row, col)) return false;
  }
  return !isBlankAt(grid, row, start) && !isEdgeAt(grid, row, start);
}
