/**
 * Keeps the cursor with its text when a resize folds the line it stands in anew.
 *
 * xterm.js moves the text and leaves the cursor in its column, so that the program would go on writing
 * in the middle of what it wrote.
 */
import type { Buffer, Core } from './emulator.ts';

export function resizeWithCursor(core: Core, resize: () => void): void {
  const { buffers, cols } = core;
  const { normal } = buffers;
  if (buffers.active !== normal) {
    // The alternate screen is cut, not folded.
    resize();
    return;
  }
  const row = normal.ybase + normal.y;
  let first = row;
  while (first > 0 && normal.lines.get(first)?.isWrapped) first--;
  let offset = normal.x;
  for (let y = first; y < row; y++) offset += usedColumns(normal, y, cols);
  const marker = normal.addMarker(first);
  resize();
  if (core.cols !== cols && buffers.normal === normal && marker.line >= 0) place(core, marker.line, offset);
  marker.dispose();
}

/** `offset` cells into the line that starts at `first`; behind its end, that far behind. */
function place({ buffers, cols, rows }: Core, first: number, offset: number): void {
  const { normal } = buffers;
  let row = first;
  let col = offset;
  // Behind the last row a full ring would go on with the oldest.
  const last = normal.lines.length - 1;
  while (row < last && normal.lines.get(row + 1)?.isWrapped) {
    const used = usedColumns(normal, row, cols);
    if (col < used) break;
    col -= used;
    row++;
  }
  const y = row - normal.ybase;
  if (y < 0 || y >= rows) return;
  normal.y = y;
  // Right behind a full row the next character wraps.
  normal.x = Math.min(col, cols);
}

/** All, but for the last where a wide character did not fit and went on to the next row. */
function usedColumns({ lines }: Buffer, y: number, cols: number): number {
  const line = lines.get(y);
  const isEmpty = line?.getWidth(cols - 1) === 1 && !line.hasContent(cols - 1);
  return isEmpty && lines.get(y + 1)?.getWidth(0) === 2 ? cols - 1 : cols;
}
