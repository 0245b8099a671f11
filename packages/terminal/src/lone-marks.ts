/**
 * A mark that comes where there is no character before it stands on a blank, as in xterm: xterm.js makes a cell of the
 * mark alone, which no output draws again at every place, and at the beginning of a row one without a width.
 */
import type { Core } from './emulator.ts';
import { CELL_WORDS, WIDTH_SHIFT } from './lines/cells.ts';
import { clusterWidths } from './width.ts';

/** Below there are none. */
const FIRST_MARK = 0x300;
const SPACE = 0x20;
const BLANK = (1 << WIDTH_SHIFT) | SPACE;

/** To be called before `codepoint` is printed. */
export function putBlankUnderMark(core: Core, codepoint: number): void {
  if (codepoint < FIRST_MARK) return;
  const { _inputHandler: handler } = core;
  const { _parser: parser } = handler;
  if ((clusterWidths.charProperties(codepoint, parser.precedingJoinState) & 1) === 0) return;
  const { active } = core.buffers;
  const line = active.lines.get(active.ybase + active.y);
  if (line === undefined) return;
  if (active.x === 0) {
    line.setCellFromCodepoint(active.x++, SPACE, 1, handler.getAttrData());
    // As if it had been printed.
    parser.precedingJoinState = clusterWidths.charProperties(SPACE, 0);
    return;
  }
  // In the middle of a wide character nothing of that is left. What is drawn on keeps its colours.
  const width = line.getWidth(active.x - 1);
  if (width === 2 || (width === 1 && !line.hasContent(active.x - 1)))
    line._data[(active.x - 1) * CELL_WORDS] = BLANK;
}

/**
 * REP behind a mark that has joined a cell further back, as after a movement of the cursor: there is no character that was
 * printed and could be repeated. xterm.js repeats what stands under the cursor.
 */
export function repeatOnlyPrinted(core: Core): void {
  const { _parser: parser } = core._inputHandler;
  parser.registerCsiHandler({ final: 'b' }, () => hasNoWidth(parser.precedingJoinState));
}

/** What was printed last has joined a cell that was there, and is as wide as that was. */
export function hasNoWidth(joinState: number): boolean {
  return ((joinState >> 1) & 3) === 0;
}
