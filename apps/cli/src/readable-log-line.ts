/** The daemon's log, one JSON object a line, as a person reads it. */
import { safeJson } from '@pilotty/client';

/** pino's numbers: https://getpino.io/#/docs/api?id=logger-level */
const LEVELS: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** `2026-01-31T12:00:00.000Z info  session started session="build" child=123`; a line that is no object as it is. */
export function readableLogLine(line: string): string {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    // The last line of a daemon that was killed may be cut.
    return line;
  }
  if (typeof entry !== 'object' || entry === null) return line;
  const { time, level, msg, pid: _pid, ...facts } = entry as Record<string, unknown>;
  const words = Object.entries(facts).map(([name, fact]) => `${name}=${safeJson(fact)}`);
  return [String(time), (LEVELS[Number(level)] ?? String(level)).padEnd(5), msg, ...words].join(' ');
}
