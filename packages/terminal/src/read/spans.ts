/**
 * Rows as spans of text in one style: what `snapshot --styles` prints.
 */
import type { Screen } from '../screen.ts';
import { type Run, runsOf, type Style } from './runs.ts';

export interface Span extends Style {
  text: string;
}

/** The texts of its spans, joined, are the text of the row, blanks to the right included where they show. */
export type StyledLine = Span[];

/** The rows of the screen, top first, with the last `scrollback` rows that left it before them. */
export function styledLines(screen: Screen, { scrollback = 0 } = {}): StyledLine[] {
  return runLines(screen, { scrollback }).map((runs) =>
    runs.map(({ style, cells }) => ({ text: cells.map((cell) => cell.text).join(''), ...style })),
  );
}

/** As styledLines(), cell by cell. */
export function runLines(screen: Screen, { scrollback = 0 } = {}): Run[][] {
  return [...screen.scrollbackLines(scrollback), ...screen.lines()].map((line) =>
    runsOf(line, (line, col) => screen.linkIn(line, col)),
  );
}
