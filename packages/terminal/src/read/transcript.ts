/**
 * A byte stream as the lines a person would have seen scroll by: escape sequences gone, progress bars as
 * they ended, soft wraps joined.
 *
 * A line is returned once, when it has left the top of the main screen and can no longer change, or is erased with the
 * whole of it (clear, ED 2, a full reset); end() returns what is still visible. Programs on the alternate screen
 * scroll nothing by, so they leave only their last frame, if they end there. Of many plain lines at once only the last
 * are drawn (passing-lines.ts). Memory is one screen and one line, the latter cut at LINE_LIMIT.
 */
import type { Buffer, Emulator } from '../emulator.ts';
import type { Line } from '../lines/cells.ts';
import { type LogicalLine, lineText, logicalLines } from '../lines/text.ts';
import { Units } from '../lines/units.ts';
import { openEmulator } from '../open-emulator.ts';
import { drawsPlainly, isInNewLineMode } from '../plain-output.ts';
import { passingLines } from './passing-lines.ts';

/** A longer line is returned in pieces as it comes, without a newline: its end may never come. */
const LINE_LIMIT = 1 << 20;
/** The row below a leaving one says whether the line continues, so there are two. */
const MINIMUM_ROWS = 2;
const LF = 0x0a;

/** Of the screen, from 0; `end` is behind the last. */
interface Rows {
  start: number;
  end: number;
}

const NO_ROWS: Rows = { start: Number.POSITIVE_INFINITY, end: 0 };

export class Transcript {
  readonly #emulator: Emulator;
  /** The lines returned since the last call, and from #lineStart on the beginning of one that goes on. */
  readonly #units = new Units();
  #lineStart = 0;
  /** A piece of a long line was returned, and the rest continues it. */
  #isInsideLine = false;
  /** Texts of the lines at the top of the screen that flush() has returned; they are not returned again as they leave. */
  #flushed: string[] = [];
  /** Rows at the top of the screen that were returned before they leave it. */
  #returnedRows = 0;
  #isResizing = false;
  #watched: Buffer | undefined;

  constructor({ cols, rows }: { cols: number; rows: number }) {
    // Without scrollback xterm.js reuses the row that leaves for the one that comes, and announces it first.
    this.#emulator = openEmulator({ cols, rows: Math.max(rows, MINIMUM_ROWS), scrollback: 0 });
    this.#watch();
    this.#returnWhatIsErased();
    // A full reset replaces the buffers.
    this.#emulator.core.buffers.onBufferActivate(() => this.#watch());
  }

  /** Lines that can no longer change, each ending in a newline. */
  write(bytes: Uint8Array): string {
    let text = '';
    for (let at = 0; at < bytes.length; ) {
      const end = behindLines(bytes, at, this.#emulator.core.rows);
      this.#emulator.parse(bytes.subarray(at, end));
      at = end;
      if (at === bytes.length || !this.#isAtBlankBottom()) continue;
      const passing = passingLines(bytes, at, this.#emulator.core.rows);
      if (passing === undefined) continue;
      this.#scrollAllBy();
      text += this.#take() + passing.text;
      this.#drawUnder(passing.styles, bytes.subarray(passing.restStart, passing.restEnd));
      at = passing.restEnd;
    }
    return text + this.#take();
  }

  /** Plain lines that come now make all rows above leave as they are, and then leave themselves. */
  #isAtBlankBottom(): boolean {
    const { core } = this.#emulator;
    const { active, normal } = core.buffers;
    const { x, y, ybase, scrollTop, scrollBottom, lines } = active;
    const bottom = core.rows - 1;
    if (active !== normal || this.#flushed.length > 0) return false;
    if (x !== 0 || y !== bottom || scrollTop !== 0 || scrollBottom !== bottom || ybase !== 0) return false;
    const line = lines.get(bottom);
    const isBlankLine = line?.isWrapped === false && isBlank(line);
    const isPlain = drawsPlainly(core) && !isInNewLineMode(core);
    return isBlankLine && isPlain && this.#emulator.unfinished().length === 0;
  }

  #scrollAllBy(): void {
    const { lines, y: bottom } = this.#emulator.core.buffers.normal;
    for (let row = 0; row < bottom; row++) this.#leave(lines.get(row), lines.get(row + 1));
  }

  /** @param rest as many lines at least as make all leave that has been returned */
  #drawUnder(styles: Uint8Array, rest: Uint8Array): void {
    this.#returnedRows = this.#emulator.core.rows - 1;
    this.#emulator.parse(styles);
    this.#emulator.parse(rest);
  }

  /** As write(): a smaller screen pushes lines out. */
  resize(cols: number, rows: number): string {
    const { core } = this.#emulator;
    this.#isResizing = true;
    // Room for all that a smaller screen pushes out: however narrow it gets, there are no more rows than cells.
    this.#emulator.setScrollback(core.cols * core.rows);
    this.#emulator.resize(cols, Math.max(rows, MINIMUM_ROWS));
    const { lines, ybase } = core.buffers.normal;
    for (let y = 0; y < ybase; y++) this.#leave(lines.get(y), lines.get(y + 1));
    this.#emulator.setScrollback(0);
    this.#isResizing = false;
    return this.#take();
  }

  /**
   * Lines above the cursor that have not been returned yet, for a reader who cannot wait until they scroll off.
   * One that the program changes afterwards is returned again.
   */
  flush(): string {
    const { normal, active } = this.#emulator.core.buffers;
    if (active === normal) this.#flushLines();
    return this.#take();
  }

  #flushLines(): void {
    const { normal } = this.#emulator.core.buffers;
    const rows = rowsOf(normal);
    const lines = this.#dropChanged(rows);
    // The cursor's line may still be written.
    const end = lines.findIndex(
      ({ row }, index) => (lines[index + 1]?.row ?? rows.length) > normal.y && row <= normal.y,
    );
    for (const { row, text } of lines.slice(this.#flushed.length, Math.max(end, this.#flushed.length))) {
      let y = row;
      do this.#append(rows[y] as Line, rows[y + 1]);
      while (rows[++y]?.isWrapped);
      this.#flushed.push(text);
    }
  }

  /** A line that was returned is returned again if it has changed since. */
  #dropChanged(rows: readonly Line[]): LogicalLine[] {
    const lines = logicalLines(rows);
    // The beginning of the first may have left the screen already.
    const isCut = rows[0]?.isWrapped === true;
    const isSame = (text: string, line = '') => (isCut && text.endsWith(line)) || text === line;
    const changed = this.#flushed.findIndex((text, index) =>
      index === 0 ? !isSame(text, lines[0]?.text) : lines[index]?.text !== text,
    );
    if (changed !== -1) this.#flushed.length = changed;
    return lines;
  }

  /**
   * How many lines have come and were not returned yet, the cursor's included: of plain output those are the last ones.
   * None while a program has the alternate screen, whose frames are no lines.
   */
  get heldLines(): number {
    const { normal, active } = this.#emulator.core.buffers;
    if (active !== normal) return 0;
    const rows = rowsOf(normal).slice(this.#returnedRows, normal.y + 1);
    const lines = rows.filter(({ isWrapped }, row) => row === 0 || !isWrapped);
    return Math.max(0, lines.length - this.#flushed.length);
  }

  /** A program has the alternate screen, whose frames are no lines. */
  get isFullScreen(): boolean {
    const { normal, active } = this.#emulator.core.buffers;
    return active !== normal;
  }

  /** What is still on the screen: the main one, and the alternate one if a program is on it. No write may follow. */
  end(): string {
    this.#emulator.end();
    const { normal, alt, active } = this.#emulator.core.buffers;
    this.#goBy(normal);
    if (active === alt) this.#returnScreen(alt);
    this.#emulator.dispose();
    return this.#take();
  }

  /** As end(), where what comes next is missing: the main screen without the cursor's line, which may go on there. */
  endCut(): string {
    const { normal } = this.#emulator.core.buffers;
    this.#goBy(normal, lineAround(rowsOf(normal), normal.y));
    this.#emulator.dispose();
    return this.#take();
  }

  /** What a person has seen and can no longer scroll back to. */
  #returnWhatIsErased(): void {
    const { core } = this.#emulator;
    this.#emulator.onCsi({ final: 'J' }, ([extent]) => {
      const { active, normal } = core.buffers;
      const { x, y } = active;
      const isBelow = extent === 0 && x === 0 && y === 0;
      const isAbove = extent === 1 && x >= core.cols - 1 && y === core.rows - 1;
      if (active === normal && (extent === 2 || isBelow || isAbove)) this.#goBy(normal);
      return false;
    });
    this.#emulator.onEsc({ final: 'c' }, () => {
      this.#goBy(core.buffers.normal);
      return false;
    });
  }

  /** Returns all of the main screen that was not returned yet. */
  #goBy(normal: Buffer, leftOut?: Rows): void {
    this.#dropChanged(rowsOf(normal));
    this.#returnScreen(normal, leftOut);
    this.#flushed = [];
  }

  #watch(): void {
    const { normal } = this.#emulator.core.buffers;
    if (this.#watched === normal) return;
    this.#watched = normal;
    const { lines } = normal;
    lines.onTrim(() => {
      if (this.#isResizing) return;
      // The ring has moved on by one: the row that leaves is last now, the one below it first.
      this.#leave(lines.get(lines.length - 1), lines.get(0));
    });
  }

  #leave(line: Line | undefined, next: Line | undefined): void {
    if (line === undefined) return;
    if (this.#returnedRows > 0) this.#returnedRows--;
    else if (this.#flushed.length === 0) this.#append(line, next);
    else if (!next?.isWrapped) this.#flushed.shift();
  }

  #append(line: Line, next: Line | undefined): void {
    if (next?.isWrapped) {
      this.#units.appendWrappedLine(line, next);
      if (this.#units.length - this.#lineStart < LINE_LIMIT) return;
      this.#lineStart = this.#units.length;
      this.#isInsideLine = true;
    } else {
      this.#units.appendLine(line);
      this.#endLine();
    }
  }

  #endLine(): void {
    this.#units.trimBlanks(this.#lineStart);
    this.#units.appendNewline();
    this.#lineStart = this.#units.length;
    this.#isInsideLine = false;
  }

  #returnScreen({ lines, ybase }: Buffer, leftOut: Rows = NO_ROWS): void {
    let end = lines.length;
    while (end > ybase && isBlank(lines.get(end - 1))) end--;
    // The screen was cleared under a line that had begun to leave.
    const isContinued = end > ybase && lines.get(ybase)?.isWrapped === true;
    if (isContinued && leftOut.start === 0) this.#units.drop(this.#lineStart);
    else if ((this.#units.length > this.#lineStart || this.#isInsideLine) && !isContinued) this.#endLine();
    for (let y = ybase; y < end; y++) {
      const isLeftOut = y - ybase >= leftOut.start && y - ybase < leftOut.end;
      const isReturned = this.#returnedRows > 0 || this.#flushed.length > 0;
      if (isLeftOut && !isReturned) continue;
      this.#leave(lines.get(y), y + 1 < end ? lines.get(y + 1) : undefined);
    }
  }

  #take(): string {
    if (this.#lineStart === 0) return '';
    const text = this.#units.take(this.#lineStart);
    this.#lineStart = 0;
    return text;
  }
}

/** Behind so many line feeds, or at the end. */
function behindLines(bytes: Uint8Array, start: number, count: number): number {
  let at = start;
  for (let left = count; left > 0; left--) {
    at = bytes.indexOf(LF, at) + 1;
    if (at === 0) return bytes.length;
  }
  return at;
}

/** Of the screen, top first. */
function rowsOf({ lines, ybase }: Buffer): Line[] {
  const rows: Line[] = [];
  for (let y = ybase; y < lines.length; y++) {
    const line = lines.get(y);
    if (line !== undefined) rows.push(line);
  }
  return rows;
}

/** The rows of the line that goes through a row. */
function lineAround(rows: readonly Line[], row: number): Rows {
  let start = row;
  while (start > 0 && rows[start]?.isWrapped) start--;
  let end = row + 1;
  while (rows[end]?.isWrapped) end++;
  return { start, end };
}

function isBlank(line: Line | undefined): boolean {
  return line === undefined || lineText(line) === '';
}
