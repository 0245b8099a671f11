/**
 * A terminal screen without a terminal: bytes of a program in; text, styles, cursor, modes and the answers
 * the program waits for out.
 *
 * Everything is synchronous. When write() returns, the bytes are on the screen and their answers can be
 * taken; nothing is pending, nothing happens later. Hostile bytes and sizes cost time in proportion, and
 * never throw.
 */

import { CellExtras } from './cell-extras.ts';
import type { ShownColors } from './colors.ts';
import type { Buffer, Core, Emulator } from './emulator.ts';
import type { Fault } from './faults.ts';
import { hasText, type Line } from './lines/cells.ts';
import { hashRow, hashScreen } from './lines/hash.ts';
import { isSuggested, runsOf } from './lines/runs.ts';
import {
  type LogicalLine,
  lineText,
  logicalLines,
  searchableText,
  textBefore,
  textOfRows,
} from './lines/text.ts';
import { Links } from './links.ts';
import { type KittyStacks, ModeTracker, type ScreenModes } from './modes.ts';
import { openEmulator, wholeSize } from './open-emulator.ts';
import { answerQueries, Replies } from './replies.ts';
import type { Progress } from './signal-payloads.ts';
import { type PromptEnd, type Signal, type SignalState, SignalTracker } from './signals.ts';

export interface ScreenOptions {
  cols: number;
  rows: number;
  scrollback: number;
  /** Reported to programs that ask with XTVERSION. */
  version?: string;
  /** The TERM the program was started with, reported to those that ask with XTGETTCAP. */
  term?: string;
  /** LNM is set: a line feed begins a line, as in what is written to no terminal. */
  newLineMode?: boolean;
  /** Receives a sequence that could not be drawn; what follows it is drawn. */
  onFault?: ((fault: Fault) => void) | undefined;
}

/** Zero-based. After a character in the last column the cursor still stands on it. */
export interface Cursor {
  row: number;
  col: number;
  visible: boolean;
  shape: 'block' | 'underline' | 'bar';
}

export interface Searchable {
  text: string;
  /** Where in the text each line begins. */
  starts: readonly number[];
  /** The lines of the text; rows above the screen are negative. */
  lines(): LogicalLine[];
  /** Number of the line at which to go on; undefined when this is all. */
  next: number | undefined;
}

/** What the bytes of replayBytes() do not carry: how the screen came to be as it is. */
export interface ScreenPast {
  topLine: number;
  erasures: number;
  erasedAt: number | undefined;
  erased: number[];
  signals: SignalState;
}

/** As measured in Node 20: an emulator with its handlers, a row of no cells. */
const SCREEN_BYTES = 165 * 1024;
const ROW_BYTES = 400;
const CELL_BYTES = 12;

/** LNM */
const SET_NEW_LINE_MODE = Buffer.from('\x1b[20h');

/** More of them in one act are frames. */
const KNOWN_ERASURES = 16;

function movedUp({ row, text, at }: LogicalLine, by: number): LogicalLine {
  if (by === 0) return { row, text, at };
  return {
    row: row - by,
    text,
    at: (index) => {
      const place = at(index);
      return { row: place.row - by, col: place.col };
    },
  };
}

export class Screen {
  readonly #emulator: Emulator;
  readonly #modes: ModeTracker;
  readonly #replies = new Replies();
  #cols: number;
  #rows: number;
  readonly #signals: SignalTracker;
  readonly #links: Links;
  readonly #cellExtras: CellExtras;
  /** As of the last write, if it has been asked for since. */
  #memoryBytes: number | undefined;
  #text: string | undefined;
  #rowHashes: Float64Array | undefined;
  /** Rows of the main screen that are gone, out of the scrollback as well. */
  #goneRows = 0;
  #watched: Buffer | undefined;
  #erasures = 0;
  #erasedAt: number | undefined;
  /** Of the last erasures, the last line that had text. */
  readonly #erased: number[] = [];

  /** Of who looks on; programs that ask for colours are answered so. */
  shownColors: ShownColors | undefined;

  constructor(options: ScreenOptions) {
    const { cols, rows, scrollback, version = '0', term = 'xterm-256color', onFault } = options;
    this.#cols = wholeSize(cols);
    this.#rows = wholeSize(rows);
    this.#emulator = openEmulator({ cols, rows, scrollback, onFault });
    this.#modes = new ModeTracker(this.#emulator);
    answerQueries({
      emulator: this.#emulator,
      modes: this.#modes,
      replies: this.#replies,
      version,
      term,
      size: () => this.size,
      shownColors: () => this.shownColors,
    });
    this.#signals = new SignalTracker(this.#emulator, () => this.topLine);
    this.#links = new Links(this.#emulator);
    this.#cellExtras = new CellExtras(this.#emulator.core);
    this.#countErasures();
    this.#countGoneRows();
    // A full reset replaces the buffers.
    this.#emulator.core.buffers.onBufferActivate(() => this.#countGoneRows());
    this.#emulator.fitHandlers();
    if (options.newLineMode) this.#emulator.parse(SET_NEW_LINE_MODE);
  }

  /** Parses all of `bytes` before it returns, and never throws. A character or sequence may be split anywhere. */
  write(bytes: Uint8Array): void {
    this.#changed();
    this.#emulator.parse(bytes);
  }

  /**
   * As write(), of bytes that need not be drawn before somebody looks: the next look draws them.
   * @returns false where it has taken none, because they have to be drawn: they must be written
   */
  postpone(bytes: Uint8Array): boolean {
    if (!this.#emulator.postpone(bytes)) return false;
    this.#changed();
    return true;
  }

  /** Some of what was postponed is not drawn yet. */
  get hasUndrawnLines(): boolean {
    return !this.#emulator.postponed.isEmpty;
  }

  /** Nothing more will be written: a character that was only begun is drawn as one that is none. */
  end(): void {
    this.#changed();
    this.#emulator.end();
  }

  /** Another program will write: where the one before was, and its prompt, are not known of that one. */
  forgetProgram(): void {
    this.#signals.forgetProgram();
  }

  #changed(): void {
    this.#memoryBytes = undefined;
    this.#text = undefined;
    this.#rowHashes = undefined;
  }

  /**
   * Begins anew, whatever state it is in, with what was written and how it was resized; its size stays. What that announces
   * and asks was announced and answered when it came.
   */
  drawAnew(steps: Iterable<Uint8Array | { cols: number; rows: number }>): void {
    const { cols, rows } = this.size;
    this.#changed();
    this.#emulator.startOver();
    for (const step of steps) {
      if (step instanceof Uint8Array) this.write(step);
      else this.resize(step.cols, step.rows);
    }
    this.resize(cols, rows);
    this.takeReplies();
    this.takeSignals();
  }

  /** Answers to the program's questions since the last call. */
  takeReplies(): Uint8Array | undefined {
    return this.#replies.take();
  }

  resize(cols: number, rows: number): void {
    this.#cols = wholeSize(cols);
    this.#rows = wholeSize(rows);
    this.#changed();
    this.#emulator.resize(cols, rows);
  }

  /** As asked for. A screen of one column has two inside, and its rows show both. */
  get size(): { cols: number; rows: number } {
    return { cols: this.#cols, rows: this.#rows };
  }

  get cursor(): Cursor {
    const { buffers, coreService } = this.#emulator.core;
    const { x, y } = buffers.active;
    return {
      row: y,
      col: Math.min(x, this.#cols - 1),
      visible: !coreService.isCursorHidden,
      shape: coreService.decPrivateModes.cursorStyle ?? 'block',
    };
  }

  get modes(): ScreenModes {
    return this.#modes.modes;
  }

  get title(): string {
    return this.#signals.title;
  }

  /** The path the program last announced with OSC 7 or its like. */
  get cwd(): string | undefined {
    return this.#signals.cwd;
  }

  /** What a program that knows how far it is has announced with OSC 9;4, until it takes it back. */
  get progress(): Progress | undefined {
    return this.#signals.progress;
  }

  get alternateScreen(): boolean {
    const { active, alt } = this.#emulator.postponed.core.buffers;
    return active === alt;
  }

  get bellCount(): number {
    return this.#signals.bellCount;
  }

  /** How often the program asked to set the clipboard with OSC 52. It never is. */
  get clipboardWriteCount(): number {
    return this.#signals.clipboardWriteCount;
  }

  /** Title, directory, bells, notifications, progress and shell marks since the last call, in their order. */
  takeSignals(): Signal[] {
    return this.#signals.take();
  }

  /**
   * The number of the main screen's first row, counted from the first line this screen ever had: how many
   * rows have scrolled off its top. Goes back when the screen gets taller or scrollback is refolded.
   */
  get topLine(): number {
    const { core, rows } = this.#emulator.postponed;
    return this.#goneRows + core.buffers.normal.ybase + rows;
  }

  /**
   * The cursor is on the last row, and a line end scrolls the whole screen: what is then written from left to right comes
   * to stand on blank rows, and leaves it so.
   */
  get scrollsAtLineEnds(): boolean {
    const { isEmpty, core } = this.#emulator.postponed;
    // What is postponed leaves it so.
    if (!isEmpty) return true;
    const { buffers, coreService, rows } = core;
    const { y, scrollTop, scrollBottom } = buffers.active;
    const isAtBottom = y === rows - 1 && scrollTop === 0 && scrollBottom === rows - 1;
    return isAtBottom && coreService.decPrivateModes.wraparound;
  }

  /** Number of the main screen's row that the cursor is on, or returns to from the alternate screen. */
  get mainCursorLine(): number {
    return this.topLine + this.#emulator.core.buffers.normal.y;
  }

  /** The address behind a cell (OSC 8). A wide character is linked on its first half. */
  linkAt(row: number, col: number): string | undefined {
    const { lines, ybase } = this.#emulator.core.buffers.active;
    return this.#links.addressAt(lines.get(ybase + row), col);
  }

  /** As linkAt(), of a line of lines() or scrollbackLines(). */
  linkIn(line: Line, col: number): string | undefined {
    return this.#links.addressAt(line, col);
  }

  /** How many rows that have left the screen are kept above it. */
  get rowsAbove(): number {
    return this.#emulator.core.buffers.active.ybase;
  }

  /** The cells of each row, top first; valid until the next write. */
  lines(): Line[] {
    const { lines, ybase } = this.#emulator.core.buffers.active;
    const shown: Line[] = [];
    for (let row = 0; row < this.#rows; row++) {
      const line = lines.get(ybase + row);
      if (line !== undefined) shown.push(line);
    }
    return shown;
  }

  /** One string a row, without trailing blanks. */
  rowTexts(): string[] {
    return this.lines().map((line) => lineText(line));
  }

  /** The rows joined by newlines, without trailing empty rows. */
  text(): string {
    this.#text ??= textOfRows(this.lines());
    return this.#text;
  }

  /** The rows joined where they wrap, for searching. */
  logicalLines(): LogicalLine[] {
    return logicalLines(this.lines());
  }

  /**
   * The lines as one text to search in, wrapped rows joined, beginning with those that have left the top of the
   * main screen since it had the number `topLine`, as far as they are kept; a line that began above is there
   * whole. What stands before the cursor counts as text. Valid until the next write.
   * @param maxRows where more have left, only the first so many are there, whole lines, and `next` is the line after them
   */
  searchable(topLine: number, maxRows: number): Searchable {
    const { ybase, lines } = this.#emulator.core.buffers.active;
    let above = this.alternateScreen ? 0 : Math.min(ybase, Math.max(0, this.topLine - topLine));
    const asked = above;
    while (above > 0 && above < ybase && lines.get(ybase - above)?.isWrapped) above++;
    let most = maxRows + above - asked;
    // A line is not cut: the next part would have to begin with it again.
    while (most < above && lines.get(ybase - above + most)?.isWrapped) most++;
    const isPart = above > most;
    const rows = this.linesBetween(-above, isPart ? most - above - 1 : this.#rows - 1);
    const { row, col } = this.cursor;
    return {
      ...searchableText(rows, isPart ? undefined : { row: row + above, col }),
      lines: () => logicalLines(rows).map((line) => movedUp(line, above)),
      next: isPart ? this.topLine - above + most : undefined,
    };
  }

  /** What stands on the cursor's row to its left, without the blanks at its end. */
  get textBeforeCursor(): string {
    const { row, col } = this.cursor;
    const line = this.lines()[row];
    if (line === undefined) return '';
    const columns: number[] = [];
    const text = lineText(line, columns);
    const end = columns.findIndex((column) => column >= col);
    return end === -1 ? text : text.slice(0, end).trimEnd();
  }

  /** The same with the blanks up to the cursor. */
  get lineBeforeCursor(): string {
    const { row, col } = this.cursor;
    const { lines, ybase } = this.#emulator.core.buffers.active;
    const line = lines.get(ybase + row);
    return line === undefined ? '' : textBefore(line, col);
  }

  /** The same of the whole line, with the rows above that it was folded from. */
  get foldedLineBeforeCursor(): string {
    const { lines, ybase } = this.#emulator.core.buffers.active;
    const rows = [this.lineBeforeCursor];
    for (let at = ybase + this.cursor.row; at > 0 && lines.get(at)?.isWrapped; at--) {
      const above = lines.get(at - 1);
      if (above) rows.unshift(textBefore(above, above.length));
    }
    return rows.join('');
  }

  /**
   * The cursor's row from the cursor on, without the blanks at its end. What is dim or grey, as line editors draw
   * what they suggest, counts as blank.
   */
  get lineFromCursor(): string {
    const { row, col } = this.cursor;
    const { lines, ybase } = this.#emulator.core.buffers.active;
    const line = lines.get(ybase + row);
    if (line === undefined) return '';
    const runs = runsOf(line, (of, column) => this.linkIn(of, column));
    const shown = runs.flatMap(({ style, cells }) =>
      cells
        .filter((cell) => cell.col >= col)
        .map((cell) => (isSuggested(style) ? ' '.repeat(cell.width) : cell.text)),
    );
    return shown.join('').trimEnd();
  }

  /** Where a shell's prompt ended (OSC 133 B), until what it runs begins or there is another. */
  get promptEnd(): PromptEnd | undefined {
    return this.#signals.promptEnd;
  }

  /** How often the main screen, or what is above it, has been erased as a whole. */
  get erasures(): number {
    return this.#erasures;
  }

  /**
   * The number that the first line had, see topLine, when the main screen, or what is above it, was last erased as a
   * whole: of what was printed before, some is not there.
   */
  get erasedAt(): number | undefined {
    return this.#erasedAt;
  }

  /**
   * Number of the last line of the main screen whose text was erased since `erasures` was so many; -1 where there was no
   * text, infinite where there were too many erasures to know.
   */
  erasedTo(erasures: number): number {
    const since = this.#erasures - erasures;
    if (since > this.#erased.length) return Number.POSITIVE_INFINITY;
    return Math.max(-1, ...this.#erased.slice(this.#erased.length - since));
  }

  #countErasure(isOfScreen: boolean): void {
    this.#erasures++;
    const lastText = isOfScreen ? this.lines().findLastIndex(hasText) : -1;
    this.#erased.push(lastText === -1 ? -1 : this.topLine + lastText);
    if (this.#erased.length > KNOWN_ERASURES) this.#erased.shift();
  }

  /** The texts of the last `rowsAbove` rows that left the screen, and of its own, joined where they wrap. */
  lineTexts(rowsAbove: number): string[] {
    return logicalLines([...this.scrollbackLines(rowsAbove), ...this.lines()]).map(({ text }) => text);
  }

  /** Equal for screens that look equal; an integer below 2^53. */
  hash(): number {
    return hashScreen(this.rowHashes(), { cols: this.#cols, rows: this.#rows, cursor: this.cursor });
  }

  /** As hash(), of each row. */
  rowHashes(): Float64Array {
    this.#rowHashes ??= Float64Array.from(this.lines(), hashRow);
    return this.#rowHashes;
  }

  /** What it takes, the rows above the screen included, and what their cells have besides letters and colours. */
  get memoryBytes(): number {
    this.#memoryBytes ??= this.#measured();
    return this.#memoryBytes;
  }

  #measured(): number {
    const { cols, buffers } = this.#emulator.core;
    const { normal, alt } = buffers;
    const rows = normal.lines.length + alt.lines.length;
    return (
      SCREEN_BYTES +
      (normal.lines.maxLength + alt.lines.maxLength) * 8 +
      rows * (ROW_BYTES + cols * CELL_BYTES) +
      this.#cellExtras.bytes() +
      this.#links.bytes +
      this.title.length * 2
    );
  }

  /** The last `count` rows that left the screen, oldest first; valid until the next write. */
  scrollbackLines(count: number): Line[] {
    const { lines, ybase } = this.#emulator.core.buffers.active;
    const found: Line[] = [];
    for (let y = Math.max(0, ybase - Math.max(0, Math.trunc(count))); y < ybase; y++) {
      const line = lines.get(y);
      if (line !== undefined) found.push(line);
    }
    return found;
  }

  /** How many rows that left the screen are kept. */
  get scrollbackCount(): number {
    return this.#emulator.core.buffers.active.ybase;
  }

  /** The rows from `first` to `last`, both included; 0 is the top of the screen. Valid until the next write. */
  linesBetween(first: number, last: number): Line[] {
    const { lines, ybase } = this.#emulator.core.buffers.active;
    const found: Line[] = [];
    for (let row = Math.max(first, -ybase); row <= Math.min(last, this.#rows - 1); row++) {
      const line = lines.get(ybase + row);
      if (line !== undefined) found.push(line);
    }
    return found;
  }

  /** The texts of scrollbackLines(). */
  scrollbackTexts(count: number): string[] {
    return this.scrollbackLines(count).map((line) => lineText(line));
  }

  /** The address of a link by its number in the attributes of a cell. */
  linkAddress(link: number): string | undefined {
    return this.#links.address(link);
  }

  get past(): ScreenPast {
    const { topLine } = this;
    return {
      topLine,
      erasures: this.#erasures,
      erasedAt: this.#erasedAt,
      erased: [...this.#erased],
      signals: this.#signals.state,
    };
  }

  /** Of a new screen that shows the same by now. */
  adoptPast({ topLine, erasures, erasedAt, erased, signals }: ScreenPast): void {
    this.#goneRows += topLine - this.topLine;
    this.#erasures = erasures;
    this.#erasedAt = erasedAt;
    this.#erased.splice(0, this.#erased.length, ...erased);
    this.#signals.adopt(signals);
    this.#replies.take();
  }

  /** For the readers of this package: what cannot be seen, but shows in what the next bytes do. */
  get inside(): { core: Core; kittyStacks: KittyStacks; unfinished: Uint8Array } {
    const { core } = this.#emulator;
    return { core, kittyStacks: this.#modes.kittyStacks, unfinished: this.#emulator.unfinished() };
  }

  /** Idempotent; later writes are ignored. */
  dispose(): void {
    this.#emulator.dispose();
  }

  #countErasures(): void {
    const { core } = this.#emulator;
    this.#emulator.onCsi({ final: 'J' }, ([extent]) => {
      if (this.alternateScreen) return false;
      const { x, y } = core.buffers.normal;
      const isBelow = extent === 0 && x === 0 && y === 0;
      const isAbove = extent === 1 && x >= core.cols - 1 && y === core.rows - 1;
      if (extent === 2 || extent === 3) this.#countErasure(extent === 2);
      if (extent === 2 || extent === 3 || isBelow || isAbove) this.#erasedAt = this.topLine;
      return false;
    });
    this.#emulator.onEsc({ final: 'c' }, () => {
      this.#countErasure(true);
      this.#erasedAt = this.topLine;
      return false;
    });
  }

  #countGoneRows(): void {
    const { normal } = this.#emulator.core.buffers;
    if (this.#watched === normal) return;
    if (this.#watched !== undefined) this.#goneRows += this.#watched.ybase;
    this.#watched = normal;
    normal.lines.onTrim((count) => {
      this.#goneRows += count;
    });
  }
}
