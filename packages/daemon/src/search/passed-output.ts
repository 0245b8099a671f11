/**
 * Looks for text in what a session printed after an input, where that has left its scrollback, or was erased with the
 * screen, before anybody waited: in its retained output, which keeps far more. A part at a time; others are served in
 * between.
 */
import type { InputMark } from '../input/input-mark.ts';
import type { Session } from '../session/session.ts';
import type { Finder } from './finders.ts';
import { LONG_SEARCH_MS, type Match } from './line-search.ts';
import { linesPrintedBetween } from './printed-lines.ts';

/** Lines after an input among which its echo comes: those it was folded into, and once more where it is read late. */
const LINES_WITH_ECHO = 8;

export class PassedOutput {
  readonly #session: Session;
  readonly #finder: Finder;
  readonly #parts: Iterator<string[]>;
  /** What was typed, line by line: it is echoed, and is no answer. */
  readonly #typed: readonly string[];
  #lineCount = 0;
  #match: Match | undefined;
  #isOver = false;

  /** undefined where nothing that came after the input has left the scrollback, or was erased, or where it is no longer kept */
  static after(session: Session, input: InputMark, finder: Finder): PassedOutput | undefined {
    const { screen } = session;
    const { before, outputOffset } = input;
    if (before === undefined || outputOffset === undefined || screen.alternateScreen) return undefined;
    const firstKept = screen.topLine - screen.rowsAbove;
    const isPassed = before.top < firstKept || input.isErasedSince(screen);
    return isPassed ? new PassedOutput(session, input, finder, outputOffset) : undefined;
  }

  private constructor(session: Session, input: InputMark, finder: Finder, from: number) {
    this.#session = session;
    this.#finder = finder;
    this.#parts = linesPrintedBetween(session, from, session.parsedBytes);
    this.#typed = input.isEchoed === false ? [] : input.typed.split(/[\n\x1b]/).filter((part) => part !== '');
  }

  /** @returns what was found; 'more' where others are to be served before it goes on */
  find(): Match | 'more' | undefined {
    const began = performance.now();
    while (!this.#isOver && this.#match === undefined) {
      const { done, value: lines } = this.#parts.next();
      if (done) this.#isOver = true;
      else this.#match = this.#findIn(lines);
      if (performance.now() - began >= LONG_SEARCH_MS) break;
    }
    return this.#match ?? (this.#isOver ? undefined : 'more');
  }

  #findIn(lines: string[]): Match | undefined {
    const first = this.#lineCount;
    this.#lineCount += lines.length;
    const text = lines.join('\n');
    for (const { index, text: found, groups } of this.#finder.find(text)) {
      const start = text.lastIndexOf('\n', index - 1) + 1;
      const number = text.slice(0, start).split('\n').length - 1;
      const col = index - start;
      if (first + number < LINES_WITH_ECHO && this.#isEcho(lines[number] ?? '', col, found.length)) continue;
      // Its row is not known any more: it lies above all that are kept.
      const { rowsAbove, topLine } = this.#session.screen;
      const row = -rowsAbove - 1;
      return { text: found, row, line: topLine + row, col, lineText: lines[number] ?? '', groups };
    }
    return undefined;
  }

  #isEcho(line: string, col: number, length: number): boolean {
    return this.#typed.some((part) => {
      for (let at = line.indexOf(part); at !== -1; at = line.indexOf(part, at + 1))
        if (col >= at && col + length <= at + part.length) return true;
      return false;
    });
  }
}
