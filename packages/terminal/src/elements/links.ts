/** Links: text the program linked with OSC 8, and addresses anybody can read on the screen. */
import type { DetectedElement } from './element.ts';
import { columnAt, type Grid, tidyText } from './grid.ts';
import { isTaken, type Scene } from './scene.ts';

const ADDRESS = /\b(?:https?|ftp|file):\/\/[^\s<>"'`│|]+/g;

export function findLinks(scene: Scene): DetectedElement[] {
  const { grid } = scene;
  const linked: DetectedElement[] = [];
  for (let row = 0; row < grid.rows; row++) linked.push(...linkedTexts(grid, row));
  const written: DetectedElement[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (const match of (grid.texts[row] ?? '').matchAll(ADDRESS)) {
      const text = withoutPunctuation(match[0]);
      const col = columnAt(grid, row, match.index);
      const width = columnAt(grid, row, match.index + text.length) - col;
      if (linked.some((link) => link.row === row && link.col <= col && col < link.col + link.width)) continue;
      if (isTaken(scene, row, col)) continue;
      written.push({ kind: 'link', row, col, width, height: 1, text });
    }
  }
  return [...linked, ...written];
}

function linkedTexts(grid: Grid, row: number): DetectedElement[] {
  const links: DetectedElement[] = [];
  const start = row * grid.cols;
  for (let col = 0; col < grid.cols; ) {
    const link = grid.links[start + col];
    let end = col + 1;
    while (end < grid.cols && grid.links[start + end] === link) end++;
    const text = link ? tidyText(grid, row, col, end - 1) : '';
    if (text !== '') links.push({ kind: 'link', row, col, width: end - col, height: 1, text });
    col = end;
  }
  return links;
}

/** What follows an address in a sentence; a closing bracket belongs to it if it was opened there. */
function withoutPunctuation(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? '';
    const opening = { ')': '(', ']': '[', '}': '{' }[last];
    const isOpened = opening !== undefined && text.split(opening).length >= text.split(last).length;
    if (!'.,;:!?'.includes(last) && (opening === undefined || isOpened)) return text;
    text = text.slice(0, -1);
  }
}
