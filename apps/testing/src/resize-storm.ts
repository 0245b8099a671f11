/** Sizes that a terminal has in turn while a person drags its corner, and the one it has in the end. */
import type { Size } from '@pilotty/sdk';

export function stormSizes({ cols, rows }: Size, times: number): Size[] {
  const shapes: Size[] = [
    { cols: Math.max(2, cols >> 1), rows },
    { cols, rows: Math.max(2, rows >> 1) },
    { cols: 2, rows: 2 },
    { cols: 2 * cols, rows: 2 * rows },
    { cols: cols + 1, rows: Math.max(2, rows - 1) },
  ];
  const before = Array.from(
    { length: Math.max(0, times - 1) },
    (_, at) => shapes[at % shapes.length] as Size,
  );
  return [...before, { cols, rows }];
}
