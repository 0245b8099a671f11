/**
 * What a command logs of its own work on stderr, as much as $DELTA_LOG_LEVEL asks for. Neither what is
 * typed nor what a program prints is in it.
 */
import type { Output } from '@pilotty/client/node';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = (typeof LEVELS)[number];

export class Log {
  /** The daemon that a command starts writes its log at this level. */
  readonly level: Level;
  readonly #program: string;
  readonly #stderr: Output;

  /** A level that is none of ours, as an engine may have, is `info`, and that is said. */
  constructor(asked: string | undefined, program: string, stderr: Output) {
    this.level = LEVELS.find((level) => level === asked?.toLowerCase()) ?? 'info';
    this.#program = program;
    this.#stderr = stderr;
    if (asked && this.level !== asked.toLowerCase())
      this.warn(`DELTA_LOG_LEVEL is '${asked}', which is none of ${LEVELS.join(', ')}: it counts as info`);
  }

  debug(message: string): void {
    this.#say('debug', message);
  }

  warn(message: string): void {
    this.#say('warn', message);
  }

  #say(level: Level, message: string): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.level)) return;
    void this.#stderr.write(`${this.#program}: ${level}: ${message}\n`);
  }
}
