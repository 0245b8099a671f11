/** A screen as a model reads it: one line of facts, then the rows that have text, each with its number. */
import type { Result } from '@pilotty/client';
import { type Answer, exitText, facts, printed } from './answer.ts';
import { inToolWords } from './tool-words.ts';

export type Screen = NonNullable<Result<'session.key'>['screen']>;
type Row = { row: number; text: string };

export function screenAnswer(screen: Screen): Answer {
  if (screen.data_base64 !== undefined) {
    return [...facts(head(screen)), { type: 'picture', dataBase64: screen.data_base64 }];
  }
  const rows = rowsOf(screen);
  const isPart = screen.changes !== undefined || screen.new !== undefined;
  const nothing = rows.length > 0 || isPart ? undefined : '(no text)';
  return [
    ...facts(head(screen), screen.note && inToolWords(screen.note), rowsAre(screen, rows), nothing),
    ...printed(numbered(rows)),
    ...(screen.elements === undefined ? [] : printed(elementsText(screen.elements))),
    // A link is a program's text as well.
    ...printed(stylesOf(screen)),
  ];
}

/** '[ed 80x24 revision 14 cursor 5,12]' */
function head(screen: Screen): string {
  const { session, size, revision, cursor, exit } = screen;
  const words = [
    session,
    `${size.cols}x${size.rows}`,
    // A past screen has none.
    ...(revision === 0 ? [] : [`revision ${revision}`]),
    cursor.visible ? `cursor ${cursor.row},${cursor.col}` : 'cursor hidden',
    ...(screen.alternate_screen ? ['full-screen program'] : []),
    ...(screen.modes.mouse && screen.modes.mouse !== 'none' ? ['takes the mouse'] : []),
    ...(exit === undefined ? [] : [`has ended: ${exitText(exit)}`]),
  ];
  return `[${words.join(' · ')}]`;
}

function rowsAre({ changes, new: fresh }: Screen, rows: readonly Row[]): string | undefined {
  if (changes !== undefined) {
    const scrolled = changes.scrolled > 0 ? `scrolled up by ${changes.scrolled} rows, then ` : '';
    return `rows changed since revision ${changes.since}: ${scrolled}${rows.length === 0 ? 'none' : ''}`;
  }
  if (fresh === undefined) return undefined;
  return rows.length === 0 ? 'nothing new' : 'new:';
}

/** Of a whole screen the rows without text are left out; a row that became blank is a change. */
function rowsOf({ changes, new: fresh, text, first_row: first = 0 }: Screen): Row[] {
  if (changes !== undefined) return changes.rows;
  if (fresh !== undefined) return fresh.lines;
  return (text ?? '')
    .split('\n')
    .map((line, index) => ({ row: first + index, text: line }))
    .filter((row) => row.text !== '');
}

/** '  5│text'; a negative number is above the screen. */
function numbered(rows: readonly Row[]): string {
  const width = Math.max(0, ...rows.map(({ row }) => String(row).length));
  return rows.map(({ row, text }) => `${String(row).padStart(width)}│${text}`).join('\n');
}

export function elementsText(elements: NonNullable<Screen['elements']>): string {
  if (elements.length === 0) return 'elements: none';
  const lines = elements.map(({ ref, kind, row, col, text, focused, checked }) => {
    const state = [focused ? 'focused' : '', checked === undefined ? '' : checked ? 'checked' : 'unchecked'];
    return [ref, kind, JSON.stringify(text), `at ${row},${col}`, ...state].filter(Boolean).join(' ');
  });
  return `elements:\n${lines.join('\n')}`;
}

/** Of each row the spans that have a style: '5: 3-10 inverse; 12-14 bold fg=1' */
function stylesOf({ lines, first_row: first = 0 }: Screen): string {
  if (lines === undefined) return '';
  const styled = lines.flatMap((spans, index) => {
    let col = 0;
    const found = spans.flatMap(({ text, ...style }) => {
      const start = col;
      col += [...text].length;
      const names = Object.entries(style).map(([name, value]) =>
        value === true ? name : `${name}=${value}`,
      );
      return names.length === 0 ? [] : [`${start}-${col - 1} ${names.join(' ')}`];
    });
    return found.length === 0 ? [] : [`${first + index}: ${found.join('; ')}`];
  });
  return styled.length === 0 ? 'styles: none' : `styles, by characters of each row:\n${styled.join('\n')}`;
}
