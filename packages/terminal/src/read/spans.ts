/**
 * Rows as spans of text in one style: what `snapshot --styles` prints.
 */

import type { Line } from '../lines/cells.ts';
import { type Run, runsOf, type Style } from '../lines/runs.ts';
import { lineText } from '../lines/text.ts';
import type { Screen } from '../screen.ts';

export interface Span extends Style {
  text: string;
}

/** The texts of its spans, joined, are the text of the row, blanks to the right included where they show. */
export type StyledLine = Span[];

/** Rows of a screen, both included; 0 is its top, and negative ones have left it. */
export interface Rows {
  first: number;
  last: number;
}

/** All steps at once. */
export function resultOf<T>(steps: Generator<number, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Those of the screen, or the rows asked for. */
export function styledLines(screen: Screen, rows?: Rows): StyledLine[] {
  return resultOf(styledLineSteps(screen, rows));
}

/** A span in JSON is longer than its text by about this. */
const SPAN_LENGTH = 12;

/** As styledLines(), a row a step; each says how many characters there are so far. */
export function* styledLineSteps(screen: Screen, rows?: Rows): Generator<number, StyledLine[]> {
  const lines: StyledLine[] = [];
  let length = 0;
  for (const line of linesOf(screen, rows)) {
    const spans = runsIn(screen, line).map(({ style, cells }) => ({
      text: cells.map((cell) => cell.text).join(''),
      ...style,
    }));
    lines.push(spans);
    for (const { text, link = '' } of spans) length += text.length + link.length + SPAN_LENGTH;
    yield length;
  }
  return lines;
}

/** As styledLineSteps(), cell by cell. */
export function* runLineSteps(screen: Screen, rows?: Rows): Generator<number, Run[][]> {
  const lines: Run[][] = [];
  for (const line of linesOf(screen, rows)) {
    lines.push(runsIn(screen, line));
    yield 0;
  }
  return lines;
}

/** The rows joined by newlines, without trailing empty rows. */
export function* textSteps(screen: Screen, rows?: Rows): Generator<number, string> {
  const texts: string[] = [];
  let length = 0;
  for (const line of linesOf(screen, rows)) {
    const text = lineText(line);
    texts.push(text);
    length += text.length + 1;
    yield length;
  }
  return texts.join('\n').replace(/\n+$/, '');
}

function linesOf(screen: Screen, rows: Rows | undefined): Line[] {
  return rows ? screen.linesBetween(rows.first, rows.last) : screen.lines();
}

function runsIn(screen: Screen, line: Line): Run[] {
  return runsOf(line, (line, col) => screen.linkIn(line, col));
}
