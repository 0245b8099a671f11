/** Where sessions are shown, and which part of each. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Area } from '../../apps/cli/src/watch/cell-grid.ts';
import { type Look, lastLine, shownRows } from '../../apps/cli/src/watch/shown-rows.ts';
import { tiling } from '../../apps/cli/src/watch/tiles.ts';

describe('tiles', () => {
  const room = (cols: number, rows: number) => ({ left: 0, top: 1, cols, rows });

  test.each([
    [1, 80, 22, '80x22'],
    [2, 80, 22, '80x11 80x11'],
    [6, 80, 22, '40x8 39x8 40x7 39x7 40x7 39x7'],
    [12, 250, 68, Array.from({ length: 12 }, (_, index) => (index % 3 < 2 ? '83x17' : '82x17')).join(' ')],
  ])('%d sessions on %dx%d have room for long lines first, then for many', (count, cols, rows, sizes) => {
    const { tiles } = tiling(room(cols, rows), count, 0, 0);
    expect(tiles.map((tile) => `${tile.cols}x${tile.rows}`).join(' ')).toBe(sizes);
  });

  test('are scrolled only as far as the focus needs', () => {
    const small = room(80, 9);
    const at = (focus: number, first: number) => tiling(small, 30, focus, first).first;
    expect(tiling(small, 30, 0, 0)).toMatchObject({ first: 0, columns: 3 });
    expect(at(8, 0)).toBe(0);
    expect(at(9, 0)).toBe(3);
    expect(at(29, 0)).toBe(21);
    expect(at(22, 21)).toBe(21);
    expect(at(20, 21)).toBe(18);
  });

  test('never overlap, lie in the room, and the focused session has one, however many there are', () => {
    const size = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(size, size, fc.nat(200), fc.nat(200), fc.nat(400), (cols, rows, count, focused, before) => {
        const focus = Math.min(focused, Math.max(0, count - 1));
        const { tiles, first } = tiling(room(cols, rows), count, focus, before);
        const end = { cols: 0, rows: 0 };
        for (const [index, tile] of tiles.entries()) {
          end.cols = Math.max(end.cols, tile.left + tile.cols);
          end.rows = Math.max(end.rows, tile.top + tile.rows);
          const overlapping = tiles.slice(0, index).filter((other) => overlap(tile, other));
          if (overlapping.length > 0) throw new Error(JSON.stringify([tile, overlapping]));
        }
        expect(end.cols).toBeLessThanOrEqual(cols);
        expect(end.rows).toBeLessThanOrEqual(1 + rows);
        if (count === 0) return tiles.length === 0;
        expect(focus).toBeGreaterThanOrEqual(first);
        return focus < first + tiles.length;
      }),
      { numRuns: 50 },
    );
  });
});

function overlap(one: Area, other: Area): boolean {
  return (
    one.left < other.left + other.cols &&
    other.left < one.left + one.cols &&
    one.top < other.top + other.rows &&
    other.top < one.top + one.rows
  );
}

describe('of a screen', () => {
  const look = (texts: string[], more: Partial<Look> = {}): Look => ({
    size: { cols: 80, rows: texts.length },
    cursor: { row: texts.findLastIndex((text) => text !== ''), col: 0, visible: true, shape: 'block' },
    lines: texts.map((text) => (text === '' ? [] : [{ text }])),
    content_hash: 0,
    ...more,
  });

  test('all rows are shown where there is room', () => {
    expect(shownRows(look(['a', '', 'b']), 3)).toEqual([0, 1, 2]);
    expect(shownRows(look(['a', 'b', '', '', '']), 3)).toEqual([0, 1, 2]);
  });

  test('of what prints, the last rows that say something, and the one with the cursor', () => {
    expect(shownRows(look(['a', 'b', '', 'c', '', 'd']), 3)).toEqual([1, 3, 5]);
    const below = { row: 4, col: 0, visible: true, shape: 'block' } as const;
    expect(shownRows(look(['a', 'b', 'c', 'd', ''], { cursor: below }), 3)).toEqual([2, 3, 4]);
  });

  test('of what fills the screen, the rows down to its cursor, or the top', () => {
    const texts = ['a', 'b', 'c', 'd', 'e'];
    const at = (row: number, visible: boolean) => ({ row, col: 0, visible, shape: 'block' }) as const;
    const full = (row: number, visible: boolean) =>
      look(texts, { alternate_screen: true, cursor: at(row, visible) });
    expect(shownRows(full(3, true), 2)).toEqual([2, 3]);
    expect(shownRows(full(0, true), 2)).toEqual([0, 1]);
    expect(shownRows(full(4, false), 2)).toEqual([0, 1]);
    // As top does, on the main screen.
    expect(shownRows(look(texts, { cursor: at(2, true) }), 2)).toEqual([1, 2]);
  });

  test('the last line is that which says something', () => {
    expect(lastLine(look(['a', '  b', '', ' ']))).toBe('b');
    expect(lastLine(look(['', '']))).toBe('');
  });
});
