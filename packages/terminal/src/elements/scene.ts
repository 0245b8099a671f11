/**
 * What detectors share: the grid, its boxes, and which cells already belong to an element.
 *
 * They run one after the other, the surest first, and each leaves alone what an earlier one has taken.
 */
import type { Box } from './boxes.ts';
import type { DetectedElement } from './element.ts';
import type { Grid } from './grid.ts';

export interface Scene {
  grid: Grid;
  boxes: readonly Box[];
  found: DetectedElement[];
  /** 1 for cells of elements found so far, boxes aside. */
  taken: Uint8Array;
}

export function isTaken({ grid, taken }: Scene, row: number, left: number, right = left): boolean {
  for (let col = left; col <= right; col++) if (taken[row * grid.cols + col] === 1) return true;
  return false;
}

export function add(scene: Scene, elements: readonly DetectedElement[]): void {
  for (const element of elements) {
    scene.found.push(element);
    for (let row = element.row; row < element.row + element.height; row++) {
      const start = row * scene.grid.cols + element.col;
      scene.taken.fill(1, start, start + element.width);
    }
  }
}

/** Only an element that is focused says so. */
export function focus(isFocused: boolean): { focused?: true } {
  return isFocused ? { focused: true } : {};
}

/** The terminal's cursor stands where typing goes; a hidden one says nothing. */
export function isUnderCursor({ grid }: Scene, row: number, left: number, right: number): boolean {
  const { cursor } = grid;
  return cursor.visible && cursor.row === row && cursor.col >= left && cursor.col <= right;
}
