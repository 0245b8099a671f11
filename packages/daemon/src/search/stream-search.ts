/**
 * Looks for text in what a program without a terminal has written to one of its streams, line by line: what was searched
 * is never searched again, save the line that goes on. A part at a time; others are served in between.
 */
import type { Stream } from '../pty/stream-marks.ts';
import type { Session } from '../session/session.ts';
import type { Finder } from './finders.ts';
import { LONG_SEARCH_MS, type Match } from './line-search.ts';

const PIECE_BYTES = 64 * 1024;
/** Of a line that does not end: a match in it is no longer than this. */
const LONGEST_LINE = 256 * 1024;
const NEWLINE = 0x0a;

export class StreamSearch {
  readonly #session: Session;
  readonly #stream: Stream;
  readonly #finder: Finder;
  /** Of the output: everything before was searched, or stands in #line. */
  #offset: number;
  /** Begun, and not ended. */
  #line: Buffer = Buffer.alloc(0);
  #match: Match | undefined;

  /** @param from an offset of the output */
  constructor(session: Session, stream: Stream, finder: Finder, from: number) {
    this.#session = session;
    this.#stream = stream;
    this.#finder = finder;
    this.#offset = from;
  }

  /** @returns what was found; 'more' where others are to be served before it goes on */
  find(): Match | 'more' | undefined {
    const { retention } = this.#session;
    const began = performance.now();
    while (this.#match === undefined && this.#offset < retention.totalBytes) {
      if (performance.now() - began >= LONG_SEARCH_MS) return 'more';
      if (this.#offset < retention.start) {
        // What was dropped meanwhile is not joined to what comes behind it.
        this.#offset = retention.start;
        this.#line = Buffer.alloc(0);
      }
      // Nor is a line of one program to what the next one has written.
      if (retention.runStartAfter(this.#offset - 1) === this.#offset) this.#line = Buffer.alloc(0);
      const runStart = retention.runStartAfter(this.#offset) ?? retention.totalBytes;
      const run = retention.streamAt(this.#offset);
      const end = Math.min(run?.end ?? 0, retention.totalBytes, this.#offset + PIECE_BYTES, runStart);
      if (run?.stream === this.#stream) this.#searchTo(retention.read(this.#offset, end - this.#offset));
      this.#offset = run === undefined ? retention.totalBytes : Math.min(run.end, end);
    }
    return this.#match;
  }

  #searchTo(bytes: Buffer): void {
    const written = Buffer.concat([this.#line, bytes]);
    const text = written.toString();
    const [found] = this.#finder.find(text);
    this.#line = written.subarray(written.lastIndexOf(NEWLINE) + 1);
    if (this.#line.length > LONGEST_LINE) this.#line = this.#line.subarray(-LONGEST_LINE / 2);
    if (found === undefined) return;
    // A stream has no rows: it lies above all that are shown.
    const { rowsAbove, topLine } = this.#session.screen;
    const row = -rowsAbove - 1;
    const lineText = lineAt(text, found.index);
    this.#match = { text: found.text, row, line: topLine + row, col: 0, lineText, groups: found.groups };
  }
}

function lineAt(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.slice(0, index).lastIndexOf('\n') + 1, end === -1 ? undefined : end);
}
