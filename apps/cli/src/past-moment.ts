/** A moment in the past, as it is given on a command line: how long ago, or a time of this machine. */
import { parseDuration } from '@pilotty/client';
import { UsageError } from './usage-error.ts';

/**
 * A time without a zone is one of this machine; one without a date was the last of that name.
 * @returns what the protocol takes
 * @throws UsageError
 */
export function pastMoment(given: string): string {
  if (/^-(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(given)) return given;
  const [, date, time] = /^(?:(\d{4}-\d\d-\d\d)[T ])?(\d\d:\d\d\S*)$/.exec(given) ?? [];
  const moment = time === undefined ? undefined : timeOf(date, time);
  if (moment !== undefined && !Number.isNaN(moment.getTime())) return moment.toISOString();
  const isAge = parseDuration(given) !== undefined;
  throw new UsageError(
    `--at is '${given}', and must be so long ago, such as -5s, or a time, such as 12:00:05 or 2026-01-31T12:00:05Z`,
    isAge ? `Write -${given.replace(/\d$/, '$&s')} for so long ago.` : undefined,
  );
}

function timeOf(date: string | undefined, time: string): Date {
  if (date !== undefined) return new Date(`${date}T${time}`);
  const now = new Date();
  const today = onDay(now, 0, time);
  return today > now ? onDay(now, -1, time) : today;
}

function onDay(now: Date, daysLater: number, time: string): Date {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysLater);
  const two = (number: number) => String(number).padStart(2, '0');
  return new Date(`${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${time}`);
}
