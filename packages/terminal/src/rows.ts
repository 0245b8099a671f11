/**
 * Keeps as many rows as the screen has, and the cursor among them.
 *
 * xterm.js loses a row, or keeps one too many, when a screen with nothing above it is resized, and when the alternate
 * screen is entered after the terminal got lower: most of its faults follow from that.
 */
import type { Buffer, Core } from './emulator.ts';

export function keepRows(core: Core): void {
  const { buffers } = core;
  const resize = buffers.resize.bind(buffers);
  buffers.resize = (cols, rows) => {
    resize(cols, rows);
    repairRows(core);
  };
  // It was empty, and so left out, when the terminal was resized.
  buffers.onBufferActivate(() => repairRows(core));
}

export function repairRows({ buffers, rows, cols }: Core): void {
  const { normal, alt, active } = buffers;
  // The alternate screen has nothing above it.
  if (alt.lines.maxLength !== rows && alt.lines.length <= rows) alt.lines.maxLength = rows;
  for (const buffer of [normal, alt]) if (buffer === active || buffer === normal) repair(buffer, rows, cols);
}

function repair(buffer: Buffer, rows: number, cols: number): void {
  const { lines } = buffer;
  const missing = buffer.ybase + rows - lines.length;
  if (missing > 0) {
    const lower = Math.min(missing, buffer.ybase);
    buffer.ybase -= lower;
    buffer.ydisp = Math.min(buffer.ydisp, buffer.ybase);
    buffer.y += lower;
    while (lines.length < buffer.ybase + rows) lines.push(buffer.getBlankLine(PLAIN));
  }
  buffer.y = clamp(buffer.y, 0, rows - 1);
  buffer.x = clamp(buffer.x, 0, cols);
  buffer.scrollBottom = clamp(buffer.scrollBottom, 0, rows - 1);
  if (buffer.scrollTop >= buffer.scrollBottom) buffer.scrollTop = 0;
}

/** What a row that was never written is filled with. */
const PLAIN = { fg: 0, bg: 0, extended: { isEmpty: () => true } };

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
