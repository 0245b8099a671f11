/** What is said of a recording, in words. */
import type { Recording } from './recordings.ts';

const TIME = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

const ENDS = {
  stopped: 'stopped',
  exited: 'until the program ended',
  limit: 'until its limit was reached',
  failed: 'until its file could not be written',
};

export function begunAt({ started_at }: Recording): string {
  return TIME.format(Date.parse(started_at));
}

export function endInWords({ state, ended_because: because, note }: Recording): string {
  if (state === 'active') return 'under way';
  return note ?? (because === undefined ? 'ended' : ENDS[because]);
}

/** 0:07, 12:30, 1:00:00 */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
