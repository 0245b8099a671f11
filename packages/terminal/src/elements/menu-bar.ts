/** The entries of a menu bar: capitalised words in the first row, on a ground that fills it. */
import type { DetectedElement } from './element.ts';
import { columnAt, type Grid, groundAt, groundRuns, mainGround } from './grid.ts';
import { focus, type Scene } from './scene.ts';

const FEWEST_ENTRIES = 3;
const ENTRY = /^\p{Lu}[\p{L}/&-]*(?: \p{L}+)?$/u;
const LONGEST_ENTRY = 16;

export function findMenuBar({ grid }: Scene): DetectedElement[] {
  const text = grid.texts[0] ?? '';
  const entries = [...text.matchAll(/\S+(?: \S+)*/gu)];
  // Two colours at most: the bar and the open entry.
  const grounds = new Set(groundRuns(grid, 0).map((run) => run.ground));
  const bar = mainGround(grid, 0, 0, grid.cols - 1);
  const isBar =
    entries.length >= FEWEST_ENTRIES &&
    grounds.size <= 2 &&
    (bar.ground !== 0 || grounds.size === 2) &&
    bar.ground !== screenGround(grid) &&
    entries.every(([entry]) => ENTRY.test(entry) && entry.length <= LONGEST_ENTRY) &&
    // Headings of tables shout.
    entries.some(([entry]) => /\p{Ll}/u.test(entry));
  if (!isBar) return [];
  return entries.map((match) => {
    const col = columnAt(grid, 0, match.index);
    const width = columnAt(grid, 0, match.index + match[0].length) - col;
    const isOpen = groundAt(grid, 0, col + width - 1) !== bar.ground;
    return { kind: 'menu_item', row: 0, col, width, height: 1, text: match[0], ...focus(isOpen) };
  });
}

/** The ground most cells have. */
function screenGround(grid: Grid): number {
  const counts = new Map<number, number>();
  for (const ground of grid.grounds) counts.set(ground, (counts.get(ground) ?? 0) + 1);
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), [0, 0])[0];
}
