/** The sign with which a program points at the row that is chosen. */
import { codeAt, type Grid } from './grid.ts';

const POINTERS = '❯▸▶➤›»>→';

export function isPointer(grid: Grid, row: number, col: number): boolean {
  return POINTERS.includes(String.fromCodePoint(codeAt(grid, row, col)));
}
