/** What a recording consists of, whichever version of the format it was written in. */

export const formats = ['v3', 'v2'] as const;
export type CastFormat = (typeof formats)[number];

export interface CastHeader {
  cols: number;
  rows: number;
  /** TERM of the program. */
  term?: string | undefined;
  /** When it began, in seconds since 1970. */
  timestamp?: number | undefined;
  command?: string | undefined;
  title?: string | undefined;
  /** Longest pause that a player is asked to make. */
  idleLimitMs?: number | undefined;
}

export interface CastEvent {
  /** Since the beginning of the recording. */
  timeMs: number;
  /** o: output, i: input, m: marker, r: resized, x: exit status; others are to be ignored. */
  code: string;
  data: string;
}

/** What is no recording, or not a whole one. */
export class CastError extends Error {
  override readonly name = 'CastError';
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
    this.line = line;
  }
}
