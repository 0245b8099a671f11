/**
 * The daemon's log: one JSON object a line, in a file of its own that never grows past a bound.
 * Nothing a user typed, no argument and no environment is ever logged.
 */
import type { RotatingFile } from '@pilotty/protocol';
import { type Logger, pino } from 'pino';

export type Log = Logger;

/** @param redact is given each line, and says what is written */
export function daemonLog(
  file: RotatingFile,
  level: string,
  redact: ((line: string) => string) | undefined,
): Log {
  const options = { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  const destination = redact ? { write: (line: string) => file.write(redact(line)) } : file;
  return pino(options, destination);
}
