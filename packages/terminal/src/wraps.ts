/**
 * Keeps true which rows continue the one above.
 *
 * A row continues the one above because a character did not fit in there any more. xterm.js notes that, and goes on
 * saying so when the end of the row above has been erased or drawn anew, or another row has come between: lines that
 * a program has drawn apart would be searched, folded and printed as one. Here the wrap belongs to the last cell of
 * the row above, as in kitty, WezTerm and Alacritty: erased, pushed out or overwritten, it is gone, until the next
 * character wraps again. (xterm.js PR 5785 has the same rule for erasing.)
 */
import type { Core, CsiParameters } from './emulator.ts';
import { printInLastColumn } from './last-column.ts';
import { putBlankUnderMark } from './lone-marks.ts';

export function keepWrapsTrue(core: Core): void {
  followErasing(core);
  followMovedRows(core);
  followPrinting(core);
}

/** From the top of the screen. Behind its last row there is none: a full ring would answer with the oldest. */
function unwrap({ buffers: { active }, rows }: Core, row: number): void {
  if (row >= rows) return;
  const line = active.lines.get(active.ybase + row);
  if (line !== undefined) line.isWrapped = false;
}

function followErasing(core: Core): void {
  const { buffers, _inputHandler: handler } = core;
  const parser = handler._parser;
  const column = () => Math.min(buffers.active.x, core.cols - 1);
  const unwrapNext = () => unwrap(core, buffers.active.y + 1);
  const unwrapOwn = () => unwrap(core, buffers.active.y);

  for (const prefix of [undefined, '?']) {
    const id = prefix === undefined ? {} : { prefix };
    parser.registerCsiHandler({ ...id, final: 'K' }, ({ params }) => {
      if (params[0] === 1) unwrapOwn();
      if (params[0] === 0 || params[0] === 2 || (params[0] === 1 && buffers.active.x >= core.cols - 1))
        unwrapNext();
      return false;
    });
    // xterm.js looks for the row below among the lines of the scrollback, and fails where there is none.
    parser.registerCsiHandler({ ...id, final: 'J' }, ({ params }) => {
      if (params[0] !== 1) return false;
      const { x, y } = buffers.active;
      handler._restrictCursor(core.cols);
      handler._eraseInBufferLine(y, 0, x + 1, true, prefix !== undefined);
      if (x + 1 >= core.cols) unwrapNext();
      for (let row = 0; row < y; row++) handler._resetBufferLine(row, prefix !== undefined);
      handler._dirtyRowTracker.markDirty(0);
      handler._dirtyRowTracker.markDirty(y);
      return true;
    });
  }
  // ECH
  parser.registerCsiHandler({ final: 'X' }, ({ params }) => {
    if (column() + (params[0] || 1) < core.cols) return false;
    unwrapNext();
    if (column() === 0) unwrapOwn();
    return false;
  });
  // ICH and DCH
  for (const final of ['@', 'P'])
    parser.registerCsiHandler({ final }, () => {
      unwrapNext();
      return false;
    });
}

function followMovedRows(core: Core): void {
  const { buffers, _inputHandler: handler, _bufferService: service } = core;
  const parser = handler._parser;
  /** The row that will stand where `row` does, or comes to stand below a blank, and the one below the region. */
  function unwrapEdges(row: number): false {
    unwrap(core, row);
    unwrap(core, buffers.active.scrollBottom + 1);
    return false;
  }
  const isInRegion = () => {
    const { y, scrollTop, scrollBottom } = buffers.active;
    return y >= scrollTop && y <= scrollBottom;
  };
  const countOf = ({ params }: CsiParameters) => params[0] || 1;
  /** With a wrap pending, whatever comes to stand below the cursor is another line as yet. */
  function unwrapBehindPending(row: number): void {
    if (buffers.active.x >= core.cols) unwrap(core, row);
  }

  // IL and DL
  parser.registerCsiHandler({ final: 'L' }, () => isInRegion() && unwrapEdges(buffers.active.y));
  parser.registerCsiHandler({ final: 'M' }, (params) => {
    const { y, scrollBottom } = buffers.active;
    const row = y + countOf(params);
    return isInRegion() && unwrapEdges(Math.min(row, scrollBottom + 1));
  });
  // SU; where the main screen scrolls from its top, lines go on above it (corrections.ts).
  parser.registerCsiHandler({ final: 'S' }, (params) => {
    const { y, scrollTop, scrollBottom } = buffers.active;
    unwrapBehindPending(y + 1 + countOf(params));
    return unwrapEdges(Math.min(scrollTop + countOf(params), scrollBottom + 1));
  });
  // SD
  parser.registerCsiHandler({ final: 'T' }, (params) => {
    unwrapBehindPending(Math.max(0, buffers.active.y + 1 - countOf(params)));
    return unwrapEdges(buffers.active.scrollTop);
  });
  // RI
  parser.registerEscHandler({ final: 'M' }, () => {
    const { y, scrollTop } = buffers.active;
    return y === scrollTop && unwrapEdges(scrollTop);
  });
  // SL, SR, DECIC and DECDC: xterm.js takes all wraps of the region away, and leaves the one behind it.
  for (const id of [
    { intermediates: ' ', final: '@' },
    { intermediates: ' ', final: 'A' },
    { intermediates: "'", final: '}' },
    { intermediates: "'", final: '~' },
  ])
    parser.registerCsiHandler(id, () => isInRegion() && unwrapEdges(buffers.active.scrollBottom + 1));

  const scroll = service.scroll.bind(service);
  service.scroll = (attributes, isWrapped = false) => {
    const { active, normal } = buffers;
    const { scrollTop, scrollBottom } = active;
    // All but the screen that scrolls as a whole into what is above it.
    if (active !== normal || scrollTop > 0) unwrap(core, scrollTop + 1);
    if (scrollBottom < core.rows - 1) unwrap(core, scrollBottom + 1);
    // A cluster that grows too wide is taken along from the row above: of one row alone, where none is added, that is the
    // row that is used anew.
    const { isFull, length } = active.lines;
    const only = isWrapped && isFull && length === 1 ? active.lines.get(0) : undefined;
    if (only !== undefined) active.lines.set(0, only.clone());
    scroll(attributes, isWrapped);
  };
}

/** The last cell is written; whether it wraps will be seen with the next character. */
function followPrinting(core: Core): void {
  const { buffers, coreService, _inputHandler: handler } = core;
  const print = handler.print.bind(handler);
  handler.print = (data, start, end) => {
    // What is pushed out at the right goes no further.
    if (coreService.modes.insertMode && buffers.active.x < core.cols) unwrap(core, buffers.active.y + 1);
    if (coreService.decPrivateModes.wraparound) {
      // What comes later in a run has a character before it.
      putBlankUnderMark(core, data[start] ?? 0);
      print(data, start, end);
    } else printInLastColumn(core, print, data, start, end);
    unwrapBehindFullRow(core);
  };
}

/** After printing: with a wrap pending, the row below is another line as yet. */
export function unwrapBehindFullRow(core: Core): void {
  const { active } = core.buffers;
  if (active.x >= core.cols) unwrap(core, active.y + 1);
}
