/**
 * The daemon's log: one JSON object a line, in a file of its own that never grows past a bound.
 * Nothing a user typed, no argument and no environment is ever logged.
 */
import type { RotatingFile } from '@pilotty/protocol';
import { type Logger, type LoggerOptions, pino } from 'pino';
import type { LoggedFaults } from './logged-faults.ts';

export type Log = Logger;

/**
 * @param redact is given each line, and says what is written
 * @param faults notes what has failed
 */
export function daemonLog(
  file: RotatingFile,
  level: string,
  redact: ((line: string) => string) | undefined,
  faults: LoggedFaults,
): Log {
  const hooks: LoggerOptions['hooks'] = {
    logMethod(logged, method, logLevel) {
      faults.note(logLevel, logged);
      method.apply(this, logged);
    },
  };
  const options = { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, hooks };
  const destination = redact ? { write: (line: string) => file.write(redact(line)) } : file;
  return pino(options, destination);
}
