/**
 * By what can be seen that a program has done what an input asks for: something that was not on the screen before, and
 * is afterwards. A script waits for that, and so for nothing else: not for a time, and not for what it had already.
 */
import type { Look } from '../input/look.ts';

export type Evidence =
  /** A text that the input has brought. */
  | { kind: 'text'; text: string }
  /** A text that the input has taken away. */
  | { kind: 'gone'; text: string }
  /** The element that has the focus now. */
  | { kind: 'focus'; element: string; text: string }
  /** What was typed is shown. */
  | { kind: 'echo'; text: string }
  | { kind: 'cursor'; row: number; col: number }
  /** Something has changed, and no word for it. */
  | { kind: 'change' };

/** What stands between the parts of a row that are read by themselves: blanks, and the lines of boxes. */
const BETWEEN = /\s{2,}|[\u2500-\u259f|]+/;
const MAX_TEXT = 60;

interface Change {
  readonly before: Look;
  readonly after: Look;
  /** What of it is an echo. */
  readonly typed: string;
}

/** undefined where nothing has changed. */
export function evidenceOf({ before, after, typed }: Change): Evidence | undefined {
  if (before.hash === after.hash) return undefined;
  const come = textsNotIn(after, before).sort((a, b) => weight(a, typed) - weight(b, typed));
  const best = come.find((text) => !isEcho(text, typed));
  if (best !== undefined) return { kind: 'text', text: best };
  const focused = after.focused.find(({ kind, text }) => text !== '' && !hasFocus(before, kind, text));
  if (focused) return { kind: 'focus', element: focused.kind, text: focused.text };
  const gone = textsNotIn(before, after).find((text) => /\p{L}{2}/u.test(text));
  if (gone !== undefined && !after.alternateScreen === !before.alternateScreen)
    return { kind: 'gone', text: gone };
  if (come[0] !== undefined && typed.trim() !== '' && come[0].includes(typed.trim()))
    return { kind: 'echo', text: typed.trim().slice(-MAX_TEXT) };
  const { row, col, visible } = after.cursor;
  if (visible && (row !== before.cursor.row || col !== before.cursor.col))
    return { kind: 'cursor', row, col };
  return { kind: 'change' };
}

/** What the first screen of a program shows, best first. */
export function firstTexts(look: Look): string[] {
  return partsOf(look).sort((a, b) => weight(a, '') - weight(b, ''));
}

function textsNotIn(look: Look, other: Look): string[] {
  const all = other.rows.join('\n');
  return partsOf(look).filter((text) => !all.includes(text));
}

function partsOf({ rows }: Look): string[] {
  return rows
    .flatMap((row) => row.split(BETWEEN))
    .map((part) => part.trim().slice(0, MAX_TEXT).trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
}

/** The less, the surer it is to come again: words before numbers, which may be a time, and a short line before a letter. */
function weight(text: string, typed: string): number {
  const echo = isEcho(text, typed) ? 100 : 0;
  const numbers = /\d/.test(text) ? 10 : 0;
  const places = /\/(?:tmp|home|var|private)\/|@/.test(text) ? 20 : 0;
  const words = /\p{L}{3}/u.test(text) ? 0 : 5;
  return echo + numbers + places + words + Math.abs(text.length - 20) / 100;
}

function isEcho(text: string, typed: string): boolean {
  const lines = typed.split('\n').map((line) => line.trim());
  return lines.some((line) => line !== '' && (text.includes(line) || line.includes(text)));
}

function hasFocus({ focused }: Look, kind: string, text: string): boolean {
  return focused.some((element) => element.kind === kind && element.text === text);
}
