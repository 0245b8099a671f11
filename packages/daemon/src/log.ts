/**
 * The daemon's log: one JSON object a line, in a file of its own that never grows past a bound.
 * Nothing a user typed, no argument and no environment is ever logged.
 */
import fs from 'node:fs';
import { RotatingFile } from '@pilotty/protocol';
import { type Logger, pino } from 'pino';

export type Log = Logger;

/** @param redact is given each line, and says what is written */
export function openDaemonLog(
  path: string,
  level: string,
  redact: ((line: string) => string) | undefined,
): { log: Log; file: RotatingFile } {
  const file = new RotatingFile(path, fs);
  const options = { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  const destination = redact ? { write: (line: string) => file.write(redact(line)) } : file;
  return { log: pino(options, destination), file };
}
