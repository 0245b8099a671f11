/** Which rows of a session's screen stand for it where there is no room for all. */
import type { Result } from '@pilotty/client';

export type Look = Pick<
  Result<'session.snapshot'>,
  'size' | 'cursor' | 'lines' | 'alternate_screen' | 'content_hash'
>;

/**
 * Of a program that prints, the last rows that say something; of one that fills the screen, those down to its cursor, or
 * the top where it shows none.
 */
export function shownRows({ size, cursor, lines = [], alternate_screen }: Look, room: number): number[] {
  const all = Array.from({ length: size.rows }, (_, row) => row);
  if (size.rows <= room) return all;
  const isWritten = (row: number) => (lines[row] ?? []).some(({ text }) => text.trim() !== '');
  const lastWritten = all.findLast(isWritten) ?? 0;
  // What prints is never above what it has printed.
  if (alternate_screen || lastWritten > cursor.row) {
    const first = cursor.visible ? Math.max(0, cursor.row - room + 1) : 0;
    return all.slice(first, first + room);
  }
  if (Math.max(lastWritten, cursor.row) < room) return all.slice(0, room);
  return all.filter((row) => isWritten(row) || (cursor.visible && row === cursor.row)).slice(-room);
}

/** Of its last row that says something. */
export function lastLine({ lines = [] }: Look): string {
  const texts = lines.map((line) => line.map(({ text }) => text).join(''));
  return texts.findLast((text) => text.trim() !== '')?.trimStart() ?? '';
}
