/** Our screen as a Look. */
import type { Line, Screen } from '../../../packages/terminal/src/index.ts';
import {
  BLINK,
  BOLD,
  COLOR_MODE_16,
  COLOR_MODE_256,
  COLOR_MODE_MASK,
  cellText,
  cellWidth,
  DIM,
  HAS_EXTENDED,
  INVERSE,
  INVISIBLE,
  ITALIC,
  OVERLINE,
  STRIKETHROUGH,
  UNDERLINE,
} from '../../../packages/terminal/src/lines/cells.ts';
import { type Look, SCROLLBACK, type Style, type StyledText, styledRow, withoutTrailing } from './look.ts';

export function lookOfScreen(screen: Screen): Look {
  const { cursor, modes, title } = screen;
  return {
    text: withoutTrailing(screen.rowTexts()),
    styles: withoutTrailing(screen.lines().map((line) => styledRow(pieces(line)))),
    cursor: `row ${cursor.row} col ${cursor.col}${cursor.visible ? '' : ' hidden'}`,
    modes: [
      screen.alternateScreen && 'alternate',
      modes.insert && 'insert',
      modes.applicationCursor && 'application-cursor',
      modes.applicationKeypad && 'application-keypad',
      modes.originMode && 'origin',
      modes.wraparound && 'wrap',
      `mouse-${modes.mouse}`,
      modes.mouseEncoding !== 'default' && `mouse-${modes.mouseEncoding}`,
      `title=${title}`,
    ]
      .filter(Boolean)
      .join(' '),
    scrollback: withoutTrailing(screen.scrollbackTexts(SCROLLBACK)),
  };
}

function pieces(line: Line): StyledText[] {
  const found: StyledText[] = [];
  for (let column = 0; column < line.length; column += cellWidth(line, column) || 1) {
    found.push({ text: cellText(line, column) || ' ', style: styleOf(line, column) });
  }
  return found;
}

function styleOf(line: Line, column: number): Style {
  const fg = line._data[column * 3 + 1] ?? 0;
  const bg = line._data[column * 3 + 2] ?? 0;
  const ext = bg & HAS_EXTENDED ? (line._extendedAttrs[column]?.ext ?? 0) : 0;
  const names = [
    fg & BOLD && 'bold',
    bg & DIM && 'dim',
    bg & ITALIC && 'italic',
    fg & UNDERLINE && `underline${(ext >>> 26) & 7 || 1}`,
    fg & BLINK && 'blink',
    fg & INVERSE && 'reverse',
    fg & INVISIBLE && 'hidden',
    fg & STRIKETHROUGH && 'strike',
    bg & OVERLINE && 'overline',
  ];
  return {
    fg: color(fg),
    bg: color(bg),
    // All ones is xterm.js's "no colour".
    underlineColor: (ext & 0x3ffffff) === 0x3ffffff ? '' : color(ext),
    flags: new Set(names.filter((name) => typeof name === 'string')),
  };
}

function color(word: number): string {
  switch (word & COLOR_MODE_MASK) {
    case 0:
      return '';
    case COLOR_MODE_16:
      return String(word & 0xff);
    case COLOR_MODE_256:
      return `p${word & 0xff}`;
    default:
      return `#${(word & 0xffffff).toString(16).padStart(6, '0')}`;
  }
}
