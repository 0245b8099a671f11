/**
 * Rows as text with SGR, for a real terminal: `cat` shows what was on the screen.
 */
import type { Color } from '../lines/runs.ts';
import type { Span, StyledLine } from '../read/spans.ts';

const UNDERLINES = { single: '4', double: '4:2', curly: '4:3', dotted: '4:4', dashed: '4:5' } as const;

/** As renderAnsi(), a row a step; each says how many characters there are so far. */
export function* ansiSteps(lines: readonly StyledLine[]): Generator<number, string> {
  const rows: string[] = [];
  let length = 0;
  for (const spans of lines) {
    const row = spans.map(ansiSpan).join('');
    rows.push(row);
    length += row.length + 1;
    yield length;
  }
  return rows.join('\n');
}

/** Every row ends plain, so that none bleeds into the next; `newline` is CRLF for a terminal in raw mode. */
export function renderAnsi(lines: readonly StyledLine[], { newline = '\n' } = {}): string {
  return lines.map((spans) => spans.map(ansiSpan).join('')).join(newline);
}

function ansiSpan({ text, ...style }: Span): string {
  const parameters = sgrOf(style);
  const styled = parameters === '' ? text : `\x1b[${parameters}m${text}\x1b[0m`;
  return style.link === undefined ? styled : `\x1b]8;;${style.link}\x1b\\${styled}\x1b]8;;\x1b\\`;
}

function sgrOf(style: Omit<Span, 'text'>): string {
  return [
    style.bold && '1',
    style.dim && '2',
    style.italic && '3',
    style.underline && UNDERLINES[style.underline],
    style.blink && '5',
    style.inverse && '7',
    style.invisible && '8',
    style.strikethrough && '9',
    style.overline && '53',
    colorParameters(style.fg, 30),
    colorParameters(style.bg, 40),
    colorParameters(style.underlineColor, 50),
  ]
    .filter(Boolean)
    .join(';');
}

/** Semicolons where all terminals take them; the underline's colour is younger and has colons. */
function colorParameters(color: Color | undefined, base: 30 | 40 | 50): string | undefined {
  if (color === undefined) return undefined;
  const separator = base === 50 ? ':' : ';';
  if (typeof color === 'number') {
    if (base !== 50 && color < 8) return String(base + color);
    if (base !== 50 && color < 16) return String(base + 60 + color - 8);
    return [base + 8, 5, color].join(separator);
  }
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return base === 50 ? `58:2::${channels.join(':')}` : [base + 8, 2, ...channels].join(separator);
}
