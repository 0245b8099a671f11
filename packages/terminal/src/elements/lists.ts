/**
 * Lists and open menus, known by their selected row: one row on another ground than its neighbours, which
 * are on one ground and line up with it.
 *
 * Status lines, headings of tables, matches of a search and selected text are highlighted too. A selected
 * row has rows of its kind beside it, is alone on its ground, and holds all the text of its panel.
 */

import { boxAround } from './boxes.ts';
import type { DetectedElement } from './element.ts';
import { inked, isBlankAt, isEdgeAt, tidyText } from './grid.ts';
import { findHighlights, type Highlight } from './highlights.ts';
import { focus, isTaken, type Scene } from './scene.ts';
import { inkedRow, isSelection } from './selection.ts';

export function findLists(scene: Scene): DetectedElement[] {
  const lists = findHighlights(scene).filter((highlight) => isSelection(scene, highlight));
  const chosen: Highlight[] = [];
  for (const list of lists.sort((a, b) => weight(scene, b) - weight(scene, a))) {
    const isOverlapping = chosen.some(
      (other) =>
        list.rows.some((row) => other.rows.includes(row)) &&
        list.left <= other.clipRight &&
        other.left <= list.clipRight,
    );
    if (!isOverlapping) chosen.push(list);
  }
  return [...chosen, ...chosen.flatMap((list) => twins(scene, list))].flatMap((list) => rowsOf(scene, list));
}

/** More rows, the cursor in the selected one, rows on both sides of it; of two alike the lower. */
function weight({ grid }: Scene, { rows, row }: Highlight): number {
  const isInside = rows[0] !== row && rows.at(-1) !== row;
  return rows.length * 10 + (grid.cursor.row === row ? 15 : 0) + (isInside ? 5 : 0) + row / 1000;
}

function rowsOf(scene: Scene, list: Highlight): DetectedElement[] {
  const { grid } = scene;
  const kind = isPulledDown(scene, list) ? 'menu_item' : 'list_row';
  return list.rows.flatMap((row): DetectedElement[] => {
    const ink = inkedRow(grid, row, list.left, list.clipRight);
    if (ink === undefined || isTaken(scene, row, ink.left, ink.right)) return [];
    const text = tidyText(grid, row, ink.left, ink.right);
    const width = ink.right - ink.left + 1;
    return [{ kind, row, col: ink.left, width, height: 1, text, ...focus(row === list.row) }];
  });
}

/** In a box that hangs from a menu bar with an open entry. */
function isPulledDown({ boxes, found }: Scene, list: Highlight): boolean {
  const box = boxAround(boxes, list.row, list.left);
  return found.some(
    (element) => element.kind === 'menu_item' && element.focused && element.row + 1 === box?.top,
  );
}

/** The panel beside the one with the selection: as high, as wide, divided at the same columns. */
function twins(scene: Scene, list: Highlight): Highlight[] {
  const { grid, boxes } = scene;
  const box = boxAround(boxes, list.row, list.left);
  if (box === undefined || list.left !== box.left + 1 || list.clipRight !== box.right - 1) return [];
  return boxes.flatMap((other) => {
    const isTwin = other !== box && other.top === box.top && other.bottom === box.bottom;
    if (!isTwin || other.right - other.left !== box.right - box.left) return [];
    const first = list.rows[0] as number;
    const shift = other.left - box.left;
    let dividers = 0;
    for (let col = box.left + 1; col < box.right; col++) {
      // The selected row hides nothing: its dividers are drawn on its ground.
      if (isEdgeAt(grid, first, col) !== isEdgeAt(grid, first, col + shift)) return [];
      if (isEdgeAt(grid, first, col)) dividers++;
    }
    const rows: number[] = [];
    for (let row = first; row < other.bottom && hasText(row); row++) rows.push(row);
    function hasText(row: number): boolean {
      return (
        inked(grid, row, other.left + 1, other.right - 1) !== undefined && !isBlankAt(grid, row, other.left)
      );
    }
    if (dividers === 0 || rows.length === 0) return [];
    const { left, right } = { left: other.left + 1, right: other.right - 1 };
    return [{ ...list, row: -1, left, right, clipRight: right, rows }];
  });
}
