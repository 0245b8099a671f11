/**
 * Bytes that make a terminal as the next program expects it, after one that may have left it in any state: every mode, the
 * margins, tabs, colours and the title as a new terminal has them, and an empty screen. What stood on the main screen
 * scrolls out of it, so that it can still be looked at above; what stood on the alternate screen is gone, as when a
 * program leaves that.
 *
 * A full reset (RIS) is not used: terminals, and the emulator here, drop what has scrolled by with it.
 */
import { hasText } from '../lines/cells.ts';
import type { Screen } from '../screen.ts';

/** Ends a sequence, a string or a character that was only begun. */
const CANCEL = '\x18';
const MOUSE = [9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016].map((mode) => `\x1b[?${mode}l`).join('');
/** DECSTR, and what it leaves out. */
const MODES =
  `\x1b[?2026l\x1b[!p\x1b[0m\x1b]8;;\x1b\\\x1b[4l\x1b[20l\x1b[?1l\x1b>\x1b[?5l\x1b[?6l\x1b[r\x1b[?7h\x1b[?45l` +
  `${MOUSE}\x1b[?1004l\x1b[?1007l\x1b[?2004l\x1b[>4;0m\x1b[?25h\x1b[0 q\x1b[?12l`;
const CHARSETS = '\x1b(B\x1b)B\x1b*B\x1b+B\x0f';
const COLORS = '\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\';
/** More entries than a stack of keyboard modes has. */
const EMPTY_KEYBOARD_STACK = '\x1b[<99u';
const TAB_WIDTH = 8;

export function bytesBetweenPrograms(screen: Screen): Uint8Array {
  const { cols, rows } = screen.size;
  const used = usedRows(screen);
  const scrolled = used === 0 ? '' : `\x1b[${rows};1H${'\n'.repeat(used)}`;
  const text = [
    CANCEL,
    EMPTY_KEYBOARD_STACK,
    screen.alternateScreen ? `\x1b[?1049l${EMPTY_KEYBOARD_STACK}` : '',
    MODES,
    CHARSETS,
    COLORS,
    screen.title === '' ? '' : '\x1b]2;\x1b\\',
    screen.progress === undefined ? '' : '\x1b]9;4;0\x1b\\',
    defaultTabs(cols),
    scrolled,
    // Behind the text, where rows may still have a colour; the cursor that was saved last is that of a new terminal.
    '\x1b[H\x1b[J\x1b7',
  ];
  return new TextEncoder().encode(text.join(''));
}

/** Of the main screen, from its top to the last row with text. */
function usedRows(screen: Screen): number {
  const { core } = screen.inside;
  const { lines, ybase } = core.buffers.normal;
  for (let row = core.rows - 1; row >= 0; row--) {
    const line = lines.get(ybase + row);
    if (line !== undefined && hasText(line)) return row + 1;
  }
  return 0;
}

function defaultTabs(cols: number): string {
  const stops: string[] = [];
  for (let col = 1; col <= cols; col += TAB_WIDTH) stops.push(`\x1b[${col}G\x1bH`);
  return `\x1b[3g${stops.join('')}\r`;
}
