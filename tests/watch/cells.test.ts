/** What is drawn, as cells, and the bytes that draw it on a terminal: here one of ours. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CellGrid } from '../../apps/cli/src/watch/cell-grid.ts';
import { changedCells } from '../../apps/cli/src/watch/changed-cells.ts';
import { clustersOf, fitted, widthOf } from '../../apps/cli/src/watch/clusters.ts';
import { Screen, styledLines } from '../../packages/terminal/src/index.ts';

const COLS = 20;
const ROWS = 4;

describe('text', () => {
  test.each([
    ['plain', ['p', 'l', 'a', 'i', 'n'], 5],
    ['日本', ['日', '本'], 4],
    ['e\u0301x', ['e\u0301', 'x'], 2],
    ['👨‍👩‍👧!', ['👨‍👩‍👧', '!'], 3],
    ['🇫🇷', ['🇫🇷'], 2],
  ])('%s is taken character by character, as a person counts them', (text, clusters, width) => {
    expect(clustersOf(text).map((cluster) => cluster.text)).toEqual(clusters);
    expect(widthOf(text)).toBe(width);
  });

  test.each([
    ['an escape sequence', 'a\x1b[31mb', 'a\ufffd[31mb'],
    ['a C1 control', 'a\u009b31mb', 'a\ufffd31mb'],
    ['a line end', 'a\r\nb', 'a\ufffd\ufffdb'],
    ['what reorders it', 'a\u202eb\u2066c', 'abc'],
    ['a mark on nothing', '\u0301ab', 'ab'],
    ['half of a character', 'a\ud83db', 'a\ufffdb'],
  ])('%s in it does not reach the terminal', (_, text, shown) => {
    expect(
      clustersOf(text)
        .map((cluster) => cluster.text)
        .join(''),
    ).toBe(shown);
  });

  test('what does not fit ends in an ellipsis, and cuts no character in two', () => {
    expect(fitted('frontend', 8)).toBe('frontend');
    expect(fitted('frontend', 5)).toBe('fron…');
    expect(fitted('日本語', 4)).toBe('日…');
    expect(fitted('x', 0)).toBe('');
  });
});

describe('a grid', () => {
  test('a wide character that does not fit is left out', () => {
    const grid = new CellGrid(4, 1);
    expect(grid.write(0, 0, 'a日本', '')).toBe(3);
    expect(grid.texts).toEqual(['a', '日', '', ' ']);
  });

  test('what overwrites half of a wide character blanks the other half', () => {
    const grid = new CellGrid(6, 1);
    grid.write(0, 0, '日本語', '');
    grid.write(1, 0, 'x', '');
    grid.write(4, 0, 'y', '');
    expect(grid.texts.join('|')).toBe(' |x|本||y| ');
  });
});

/** Characters of one column, of two, and those that terminals see in different ways. */
const piece = fc.record({
  col: fc.integer({ min: 0, max: COLS - 1 }),
  row: fc.integer({ min: 0, max: ROWS - 1 }),
  text: fc
    .array(fc.constantFrom('a', 'b', ' ', '日', 'é', 'e\u0301', '👍', '👨‍👩‍👧', '🇫🇷', '│', '☀'), {
      maxLength: 12,
    })
    .map((characters) => characters.join('')),
  look: fc.constantFrom('', '1', '31', '7;48;5;52'),
});

function gridOf(pieces: readonly { col: number; row: number; text: string; look: string }[]): CellGrid {
  const grid = new CellGrid(COLS, ROWS);
  for (const { col, row, text, look } of pieces) grid.write(col, row, text, look);
  return grid;
}

function rowsOf({ texts }: CellGrid): string[] {
  return Array.from({ length: ROWS }, (_, row) =>
    texts
      .slice(row * COLS, (row + 1) * COLS)
      .join('')
      .trimEnd(),
  );
}

describe('the bytes', () => {
  test('turn one screen into the next, whatever was on it, and write no cell that is as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 6 }), { minLength: 1, maxLength: 4 }), (frames) => {
        const screen = new Screen({ cols: COLS, rows: ROWS, scrollback: 0 });
        const reference = new Screen({ cols: COLS, rows: ROWS, scrollback: 0 });
        screen.write(Buffer.from('left over\r\nfrom before\x1b[?7l'));
        reference.write(Buffer.from('\x1b[?7l'));
        let before: CellGrid | undefined;
        for (const pieces of frames) {
          const after = gridOf(pieces);
          screen.write(Buffer.from(changedCells(before, after)));
          before = after;
        }
        reference.write(Buffer.from(changedCells(undefined, before as CellGrid)));
        try {
          expect(screen.rowTexts()).toEqual(rowsOf(before as CellGrid));
          expect(styledLines(screen)).toEqual(styledLines(reference));
          expect(changedCells(before, before as CellGrid)).toBe('');
        } finally {
          screen.dispose();
          reference.dispose();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('are only those of what has changed', () => {
    const before = gridOf([{ col: 0, row: 0, text: 'running 1.0s', look: '1' }]);
    const after = gridOf([{ col: 0, row: 0, text: 'running 1.1s', look: '1' }]);
    expect(changedCells(before, after)).toBe('\x1b[1;11H\x1b[0;1m1\x1b[m');
  });

  test('of a character that terminals see in different ways place the cursor anew, and write its row to the end', () => {
    const before = gridOf([{ col: 0, row: 0, text: 'x    y', look: '' }]);
    const after = gridOf([{ col: 0, row: 0, text: '👍   y', look: '' }]);
    expect(changedCells(before, after)).toBe(`\x1b[1;1H\x1b[m  \x1b[1G👍\x1b[3G   y${' '.repeat(14)}`);
  });
});
