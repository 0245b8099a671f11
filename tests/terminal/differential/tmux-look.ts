/** What tmux prints about a pane, as a Look. */
import {
  type Look,
  plainStyle,
  SCROLLBACK,
  type Style,
  type StyledText,
  styledRow,
  withoutTrailing,
} from './look.ts';

const FIELDS = [
  'history_size',
  'cursor_x',
  'cursor_y',
  'cursor_flag',
  'pane_width',
  'alternate_on',
  'insert_flag',
  'keypad_cursor_flag',
  'keypad_flag',
  'origin_flag',
  'wrap_flag',
  'mouse_all_flag',
  'mouse_button_flag',
  'mouse_standard_flag',
  'mouse_sgr_flag',
  'mouse_utf8_flag',
  'pane_title',
] as const;

/** For display-message; scrollback is asked for by the first, and the title comes last, because it may hold anything. */
export const TMUX_FORMAT: string = FIELDS.map((field) => `#{${field}}`).join(' ');

export function lookOfTmux(state: string, captured: readonly string[], scrollback: readonly string[]): Look {
  const values = state.split(' ');
  const title = values.slice(FIELDS.length - 1).join(' ');
  const number = (field: (typeof FIELDS)[number]) => Number(values[FIELDS.indexOf(field)]);
  const on = (field: (typeof FIELDS)[number]) => number(field) === 1;
  const mouse = on('mouse_all_flag')
    ? 'any'
    : on('mouse_button_flag')
      ? 'drag'
      : on('mouse_standard_flag')
        ? 'press'
        : 'none';
  const modes = [
    on('alternate_on') && 'alternate',
    on('insert_flag') && 'insert',
    on('keypad_cursor_flag') && 'application-cursor',
    on('keypad_flag') && 'application-keypad',
    on('origin_flag') && 'origin',
    on('wrap_flag') && 'wrap',
    `mouse-${mouse}`,
    on('mouse_sgr_flag') && 'mouse-sgr',
    on('mouse_utf8_flag') && 'mouse-utf8',
    `title=${title}`,
  ];
  const rows = styledTexts(captured);
  const textOf = (row: readonly StyledText[]) => row.map(({ text }) => text).join('');
  // After a character in the last column tmux has the cursor behind it.
  const col = Math.min(number('cursor_x'), number('pane_width') - 1);
  return {
    text: withoutTrailing(rows.map(textOf)),
    styles: withoutTrailing(rows.map(styledRow)),
    cursor: `row ${number('cursor_y')} col ${col}${on('cursor_flag') ? '' : ' hidden'}`,
    modes: modes.filter(Boolean).join(' '),
    scrollback: withoutTrailing(styledTexts(scrollback).map(textOf)).slice(-SCROLLBACK),
  };
}

export function stylesOfTmux(captured: readonly string[]): string[] {
  return withoutTrailing(styledTexts(captured).map(styledRow));
}

/** capture-pane -e: SGR where the style changes, carried on from row to row; SO … SI around line drawing. */
function styledTexts(rows: readonly string[]): StyledText[][] {
  let style = plainStyle();
  let isLineDrawing = false;
  return rows.map((row) => {
    const pieces: StyledText[] = [];
    for (const [, parameters, shift, text] of row.matchAll(
      /\x1b\[([\d;:]*)m|([\x0e\x0f])|([^\x1b\x0e\x0f]+)/g,
    )) {
      if (parameters !== undefined) style = afterSgr(style, parameters);
      else if (shift !== undefined) isLineDrawing = shift === '\x0e';
      else if (text !== undefined) pieces.push({ text: isLineDrawing ? lineDrawing(text) : text, style });
    }
    return pieces;
  });
}

const LINE_DRAWING = '◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·';

function lineDrawing(text: string): string {
  return text.replace(/[`-~]/g, (letter) => LINE_DRAWING[letter.charCodeAt(0) - 0x60] ?? letter);
}

const FLAGS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline1',
  5: 'blink',
  7: 'reverse',
  8: 'hidden',
  9: 'strike',
};

/** tmux writes only what is on, after a 0 where something goes off. */
function afterSgr(before: Style, parameters: string): Style {
  const style: Style = { ...before, flags: new Set(before.flags) };
  const codes = parameters.split(';');
  for (let i = 0; i < codes.length; i++) {
    const [code = 0, ...sub] = (codes[i] ?? '').split(':').map(Number);
    if (code === 0) Object.assign(style, plainStyle());
    // tmux writes 53 as 5:3.
    else if (code === 5 && sub[0] === 3) style.flags.add('overline');
    else if (code === 4 && sub.length > 0) style.flags.add(`underline${sub[0]}`);
    else if (FLAGS[code]) style.flags.add(FLAGS[code]);
    else if (code >= 30 && code <= 37) style.fg = String(code - 30);
    else if (code >= 90 && code <= 97) style.fg = String(code - 90 + 8);
    else if (code >= 40 && code <= 47) style.bg = String(code - 40);
    else if (code >= 100 && code <= 107) style.bg = String(code - 100 + 8);
    else if (code === 39) style.fg = '';
    else if (code === 49) style.bg = '';
    else if (code === 38 || code === 48 || code === 58) {
      const rest = sub.length > 0 ? sub : codes.slice(i + 1).map(Number);
      const isPalette = rest[0] === 5;
      if (sub.length === 0) i += isPalette ? 2 : 4;
      const [red, green, blue] = rest.slice(sub.length === 5 ? 2 : 1);
      const color = isPalette ? `p${rest[1]}` : hex(red, green, blue);
      if (code === 38) style.fg = color;
      else if (code === 48) style.bg = color;
      else style.underlineColor = color;
    } else throw new Error(`tmux printed SGR ${parameters}`);
  }
  return style;
}

function hex(...channels: (number | undefined)[]): string {
  return `#${channels.map((channel = 0) => channel.toString(16).padStart(2, '0')).join('')}`;
}
