/** The gateway's log: one JSON object a line, as the daemon's; in the background it is all there is to read. */
import * as fs from 'node:fs';
import { RotatingFile } from '@pilotty/protocol';

/** As pino has them, so that both logs are read alike. */
const LEVELS = { info: 30, warn: 40, error: 50, fatal: 60 };

export class GatewayLog {
  readonly #file: RotatingFile;

  constructor(path: string) {
    this.#file = new RotatingFile(path, fs);
  }

  write(level: keyof typeof LEVELS, message: string, facts: object = {}): void {
    const line = {
      level: LEVELS[level],
      time: new Date().toISOString(),
      pid: process.pid,
      ...facts,
      msg: message,
    };
    this.#file.write(`${JSON.stringify(line)}\n`);
  }
}
