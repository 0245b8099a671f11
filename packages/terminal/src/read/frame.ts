/**
 * Draws a screen on a terminal of another size: what does not fit is cut, with the cursor kept in sight, and what is left
 * over is behind a frame. First all of it, for a new or reset terminal, then the rows that have changed. All of it again
 * when the modes have changed in which the program takes its input.
 */
import type { Line } from '../lines/cells.ts';
import { cellText, cellWidth } from '../lines/cells.ts';
import type { Screen } from '../screen.ts';
import { inputModes } from './replay.ts';
import { RowWriter } from './replay-rows.ts';

interface Size {
  readonly cols: number;
  readonly rows: number;
}

interface Drawn {
  data: Uint8Array;
  /** It is for a new or reset terminal; else it goes on from the last. */
  isWhole: boolean;
}

const BEGIN = '\x1b[?2026h\x1b[?25l';
const END = '\x1b[?2026l';
const FRAME = '\x1b[0;2m';

export class FrameDrawer {
  readonly #window: Size;
  #rows: string[] | undefined;
  #modes = '';
  #size: Size = { cols: 0, rows: 0 };
  #cursor = '';

  constructor(window: Size) {
    this.#window = window;
  }

  draw(screen: Screen): Drawn {
    const { size } = screen;
    const modes = inputModes(screen);
    const top = firstShown(screen.cursor.row, size.rows, this.#window.rows);
    const left = firstShown(screen.cursor.col, size.cols, this.#window.cols);
    const isWhole =
      this.#rows === undefined ||
      modes !== this.#modes ||
      size.cols !== this.#size.cols ||
      size.rows !== this.#size.rows;
    const before = isWhole ? [] : (this.#rows ?? []);
    const rows = this.#drawRows(screen, top, left);
    const changed = rows.flatMap((row, index) =>
      row === before[index] ? [] : [`\x1b[${index + 1};1H\x1b[0m\x1b[K${row}`],
    );
    const cursor = cursorIn(screen, top, left, this.#window);
    const isSame = !isWhole && changed.length === 0 && cursor === this.#cursor;
    this.#rows = rows;
    this.#modes = modes;
    this.#size = size;
    this.#cursor = cursor;
    if (isSame) return { data: new Uint8Array(), isWhole };
    const text = (isWhole ? modes : '') + BEGIN + changed.join('') + cursor + END;
    return { data: new TextEncoder().encode(text), isWhole };
  }

  #drawRows(screen: Screen, top: number, left: number): string[] {
    const { cols, rows } = this.#window;
    const { size } = screen;
    const { core } = screen.inside;
    const { lines, ybase } = core.buffers.active;
    const shownCols = Math.min(cols, size.cols - left);
    const shownRows = Math.min(rows, size.rows - top);
    const drawn: string[] = [];
    for (let row = 0; row < rows; row++) {
      const line = row < shownRows ? lines.get(ybase + top + row) : undefined;
      if (line !== undefined) drawn.push(cutRow(screen, line, left, shownCols) + rightFrame(shownCols, cols));
      else drawn.push(row === shownRows ? bottomFrame(shownCols, cols) : '');
    }
    return drawn;
  }
}

/** Where to begin so that the cursor is seen. */
function firstShown(cursor: number, length: number, window: number): number {
  return length <= window ? 0 : Math.min(Math.max(0, cursor - window + 1), length - window);
}

function cutRow(screen: Screen, line: Line, left: number, cols: number): string {
  const writer = new RowWriter(left + cols, (of, col) => screen.linkIn(of, col));
  for (let col = left; col < left + cols; col++) {
    const width = cellWidth(line, col);
    // Half of a wide character cannot be drawn.
    const isCut = width === 0 ? col === left : width === 2 && col + 1 === left + cols;
    if (width === 0 && !isCut) continue;
    writer.penOf(line, col);
    if (isCut || cellText(line, col) === '') writer.add(' ');
    else writer.character(line, col);
  }
  writer.plainPen();
  return writer.take();
}

function rightFrame(shown: number, cols: number): string {
  return shown < cols ? `${FRAME}\u2502\x1b[0m` : '';
}

function bottomFrame(shown: number, cols: number): string {
  return `${FRAME}${'\u2500'.repeat(shown)}${shown < cols ? '\u2518' : ''}\x1b[0m`;
}

function cursorIn({ cursor }: Screen, top: number, left: number, window: Size): string {
  const row = cursor.row - top;
  const col = cursor.col - left;
  const isShown = cursor.visible && row < window.rows && col < window.cols;
  return `\x1b[${row + 1};${col + 1}H${isShown ? '\x1b[?25h' : ''}`;
}
