/**
 * A mark that comes where there is no character before it stands on a blank, as in xterm: xterm.js makes a cell of the
 * mark alone, which no output draws again at every place, and at the beginning of a row one without a width.
 */
import type { Core } from './emulator.ts';
import { CELL_WORDS, WIDTH_SHIFT } from './lines/cells.ts';
import { clusterWidths } from './width.ts';

/** Below there are none. */
const FIRST_MARK = 0x300;
const BLANK = (1 << WIDTH_SHIFT) | 0x20;

/** To be called before `codepoint` is printed. */
export function putBlankUnderMark(core: Core, codepoint: number): void {
  if (codepoint < FIRST_MARK) return;
  const { precedingJoinState } = core._inputHandler._parser;
  if ((clusterWidths.charProperties(codepoint, precedingJoinState) & 1) === 0) return;
  const { active } = core.buffers;
  const line = active.lines.get(active.ybase + active.y);
  if (line === undefined) return;
  // What is drawn on keeps its colours.
  if (active.x === 0) line.setCellFromCodepoint(active.x++, 0x20, 1, core._inputHandler.getAttrData());
  else if (line.getWidth(active.x - 1) === 1 && !line.hasContent(active.x - 1))
    line._data[(active.x - 1) * CELL_WORDS] = BLANK;
}
