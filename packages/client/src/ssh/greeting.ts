/**
 * The line with which `pilotty connect` begins, on its stdout: from there on, all bytes are the daemon's. What a shell
 * printed as it started stands before it, and may have no end of line of its own.
 */
import { type ErrorBody, parseLimits } from '@pilotty/protocol';
import { callerEnvironment } from '../caller-environment.ts';
import type { Inheritance } from '../inheritance.ts';

/** What a program has that is started there: as for one that is started at that host's own command line. */
export interface Surroundings extends Inheritance {
  home: string;
  env: Record<string, string>;
}

/** As they are told: without a limit that the native client would have to parse, and with what describes a terminal. */
interface ToldSurroundings extends Surroundings {
  /** Of /proc/PID/limits. */
  limits_text?: string;
}

export type Greeting =
  | { version: string; protocol: number; surroundings: ToldSurroundings }
  /** Nothing follows. */
  | { error: ErrorBody; is_absent: boolean };

const START = 'pilotty-connect ';
/** Start-up text is a few lines; a program that prints without end is no pilotty. */
const MAX_BEFORE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

export function greetingLine(greeting: Greeting): string {
  return `\n${START}${JSON.stringify(greeting)}\n`;
}

export function surroundingsIn({ limits_text: text, env, ...told }: ToldSurroundings): Surroundings {
  const limits = text ? parseLimits(text) : told.limits;
  return { ...told, ...(limits && { limits }), env: callerEnvironment(env) };
}

export class GreetingReader {
  #received = Buffer.alloc(0);
  #searched = 0;

  /** What was printed instead. */
  get before(): string {
    return this.#received.toString();
  }

  /** @throws Error where it cannot come any more */
  push(chunk: Uint8Array): { greeting: Greeting; rest: Buffer } | undefined {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf(NEWLINE, this.#searched);
      if (end === -1) break;
      const line = this.#received.toString('utf8', this.#searched, end);
      this.#searched = end + 1;
      const greeting = greetingIn(line);
      if (greeting !== undefined) return { greeting, rest: this.#received.subarray(end + 1) };
    }
    if (this.#received.length > MAX_BEFORE_BYTES) throw new Error('it prints without end');
    return undefined;
  }
}

function greetingIn(line: string): Greeting | undefined {
  if (!line.startsWith(START)) return undefined;
  try {
    return JSON.parse(line.slice(START.length)) as Greeting;
  } catch {
    // A text about it, and not from it.
    return undefined;
  }
}
