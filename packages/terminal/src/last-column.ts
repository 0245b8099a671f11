/**
 * Without wraparound (DECAWM) all goes on in the last column.
 *
 * A wide character does not fit there, and is dropped as if it had not come: xterm.js drops it too, and then takes half of
 * the character before it away, and has the marks that follow join a cell further to the left. A narrow character may
 * take the place of half of a wide one: xterm.js leaves the other half.
 */
import type { Core } from './emulator.ts';
import { putBlankUnderMark } from './lone-marks.ts';
import { clusterWidths } from './width.ts';

/** Below there is nothing wide, and nothing that joins. */
const FIRST_MARK = 0x300;

type Print = Core['_inputHandler']['print'];

export function printInLastColumn(
  core: Core,
  print: Print,
  data: Uint32Array,
  start: number,
  end: number,
): void {
  if (isNarrow(data, start, end)) print(data, start, end);
  else
    for (let at = start; at < end; at++) {
      if (!fits(core, data[at] ?? 0)) continue;
      putBlankUnderMark(core, data[at] ?? 0);
      print(data, at, at + 1);
    }
  eraseHalf(core);
}

function isNarrow(data: Uint32Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((data[at] ?? 0) >= FIRST_MARK) return false;
  return true;
}

function fits({ buffers: { active }, cols, _inputHandler: { _parser } }: Core, codepoint: number): boolean {
  const before = _parser.precedingJoinState;
  const properties = clusterWidths.charProperties(codepoint, before);
  const width = (properties >> 1) & 3;
  const joinedWidth = properties & 1 ? (before >> 1) & 3 : 0;
  return width < 2 || active.x + width - joinedWidth <= cols;
}

/** Of a wide character whose second half is another one now. */
function eraseHalf({ buffers: { active }, cols, _inputHandler: handler }: Core): void {
  const line = active.lines.get(active.ybase + active.y);
  const last = cols - 1;
  if (line?.getWidth(last - 1) === 2 && line.getWidth(last) !== 0)
    line.setCellFromCodepoint(last - 1, 0, 1, handler.getAttrData());
}
