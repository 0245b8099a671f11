/**
 * Cells of a row in runs of one style: what renderers draw, and what spans are made of.
 */
import {
  BLINK,
  BOLD,
  CELL_WORDS,
  COLOR_MASK,
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
  type Line,
  OVERLINE,
  STRIKETHROUGH,
  UNDERLINE,
} from './cells.ts';

/** A palette index from 0 to 255, or `#rrggbb`. */
export type Color = number | string;

/** What is absent is not set: default colours, no attribute. */
export interface Style {
  fg?: Color;
  bg?: Color;
  bold?: true;
  dim?: true;
  italic?: true;
  underline?: 'single' | 'double' | 'curly' | 'dotted' | 'dashed';
  underlineColor?: Color;
  blink?: true;
  inverse?: true;
  invisible?: true;
  strikethrough?: true;
  overline?: true;
  /** Where an OSC 8 link leads. */
  link?: string;
}

export interface Cell {
  /** One blank where nothing was written. */
  text: string;
  col: number;
  width: 1 | 2;
}

export interface Run {
  style: Style;
  cells: Cell[];
}

/** The address behind a cell. */
export type AddressIn = (line: Line, column: number) => string | undefined;

const UNDERLINE_STYLES = [undefined, 'single', 'double', 'curly', 'dotted', 'dashed'] as const;
/** SGR 59 leaves white in xterm.js 6.0.0, where "as the text" is meant. */
const NO_UNDERLINE_COLOR = COLOR_MASK;

function colorOf(word: number): Color | undefined {
  switch (word & COLOR_MODE_MASK) {
    case 0:
      return undefined;
    case COLOR_MODE_16:
    case COLOR_MODE_256:
      return word & 0xff;
    default:
      return `#${(word & 0xffffff).toString(16).padStart(6, '0')}`;
  }
}

function styleOf(line: Line, column: number, addressIn: AddressIn): Style {
  const fg = line._data[column * CELL_WORDS + 1] ?? 0;
  const bg = line._data[column * CELL_WORDS + 2] ?? 0;
  const style: Style = {};
  const foreground = colorOf(fg);
  const background = colorOf(bg);
  if (foreground !== undefined) style.fg = foreground;
  if (background !== undefined) style.bg = background;
  if (fg & BOLD) style.bold = true;
  if (bg & DIM) style.dim = true;
  if (bg & ITALIC) style.italic = true;
  if (fg & UNDERLINE) style.underline = 'single';
  if (fg & BLINK) style.blink = true;
  if (fg & INVERSE) style.inverse = true;
  if (fg & INVISIBLE) style.invisible = true;
  if (fg & STRIKETHROUGH) style.strikethrough = true;
  if (bg & OVERLINE) style.overline = true;
  const extended = bg & HAS_EXTENDED ? line._extendedAttrs[column] : undefined;
  if (extended === undefined) return style;
  if (style.underline !== undefined) {
    style.underline = UNDERLINE_STYLES[(extended.ext >>> 26) & 7] ?? 'single';
    const color = extended.ext & COLOR_MASK;
    const underlineColor = color === NO_UNDERLINE_COLOR ? undefined : colorOf(color);
    if (underlineColor !== undefined) style.underlineColor = underlineColor;
  }
  const link = extended.urlId ? addressIn(line, column) : undefined;
  if (link !== undefined) style.link = link;
  return style;
}

/** Whether a blank in this style shows anything. */
function showsBlank(style: Style): boolean {
  return (
    style.bg !== undefined ||
    style.inverse === true ||
    style.underline !== undefined ||
    style.strikethrough === true ||
    style.overline === true ||
    style.link !== undefined
  );
}

/** Bright black, and the greys at the end of the 256 colours. */
const GREYS: readonly Color[] = [8, ...Array.from({ length: 24 }, (_, index) => 232 + index)];

/** Dim or grey, as fish, zsh-autosuggestions and node draw what they suggest behind the cursor. */
export function isSuggested({ fg, dim }: Style): boolean {
  if (dim === true) return true;
  return fg !== undefined && (GREYS.includes(fg) || /^#([\da-f]{2})\1\1$/.test(String(fg)));
}

/** Up to the last cell that shows anything. */
export function runsOf(line: Line, addressIn: AddressIn): Run[] {
  const { _data: data, length } = line;
  const runs: Run[] = [];
  let run: Run | undefined;
  let previous = -1;
  for (let col = 0; col < length; ) {
    const width = cellWidth(line, col) === 2 && col + 1 < length ? 2 : 1;
    if (run === undefined || !isSameAs(previous, col)) {
      const style = styleOf(line, col, addressIn);
      if (run === undefined || !isSameStyle(run.style, style)) {
        run = { style, cells: [] };
        runs.push(run);
      }
    }
    run.cells.push({ text: cellText(line, col) || ' ', col, width });
    previous = col;
    col += width;
  }
  for (let last = runs.at(-1); last !== undefined && !showsBlank(last.style); last = runs.at(-1)) {
    while (last.cells.at(-1)?.text === ' ') last.cells.pop();
    if (last.cells.length > 0) break;
    runs.pop();
  }
  return runs;

  /** A quick yes for what is most common; otherwise the styles decide. */
  function isSameAs(one: number, other: number): boolean {
    const a = one * CELL_WORDS;
    const b = other * CELL_WORDS;
    return (
      data[a + 1] === data[b + 1] &&
      data[a + 2] === data[b + 2] &&
      ((data[a + 2] as number) & HAS_EXTENDED) === 0
    );
  }
}

function isSameStyle(one: Style, other: Style): boolean {
  const names = Object.keys(one) as (keyof Style)[];
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
