/**
 * Lines under, through and over text, as paths: fonts and viewers disagree on where they are.
 */
import type { PaintedRun } from './picture.ts';
import { hexadecimalOf, type Theme } from './theme.ts';

export interface Decoration {
  path: string;
  attributes: string;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Under the baseline, clear of the letters. */
const UNDERLINE_GAP = 2;
const WAVE_LENGTH = 4;

/** `baseline` is where letters stand, from the top of the box. */
export function decorationsOf(
  { style, foreground }: PaintedRun,
  { x, y, width, height }: Box,
  baseline: number,
  theme: Theme,
): Decoration[] {
  const found: Decoration[] = [];
  const line = (at: number) => `M${x} ${at}h${width}`;
  const stroke = (color: string, dashes = '') =>
    `fill="none" stroke="${color}"${dashes && ` stroke-dasharray="${dashes}"`}`;
  if (style.underline !== undefined) {
    const color = hexadecimalOf(style.underlineColor, theme) ?? foreground;
    const at = y + Math.round(baseline) + UNDERLINE_GAP - 0.5;
    const dashes = { dotted: '1 1', dashed: '3 1' }[style.underline as string] ?? '';
    const path = {
      single: line(at),
      double: line(at - 1) + line(at + 1),
      curly: `M${x} ${at}${`q1 -1.5 2 0t2 0`.repeat(Math.ceil(width / WAVE_LENGTH))}`,
      dotted: line(at),
      dashed: line(at),
    }[style.underline];
    found.push({ path, attributes: stroke(color, dashes) });
  }
  if (style.strikethrough) found.push({ path: line(y + height / 2 + 0.5), attributes: stroke(foreground) });
  if (style.overline) found.push({ path: line(y + 0.5), attributes: stroke(foreground) });
  return found;
}
