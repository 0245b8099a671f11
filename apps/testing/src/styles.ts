/** Styles as tests say them: only what matters is said, and a colour has a name. */
import type { Found } from '@pilotty/sdk';
import type { Query } from '@pilotty/sdk/local';
import { type Cell, type CellStyle, gridOf, textOf } from './cells.ts';

const COLOR_NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
type ColorName = (typeof COLOR_NAMES)[number];

/** A name, a number of the palette, `#rrggbb`, or `default`. */
export type StyleColor = ColorName | `bright-${ColorName}` | 'default' | number | `#${string}`;

/** What is left out does not matter; `false` says that it is not so. */
export interface StyleWanted {
  fg?: StyleColor;
  bg?: StyleColor;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  /** `true`: of any kind. */
  underline?: boolean | 'single' | 'double' | 'curly' | 'dotted' | 'dashed';
  blink?: boolean;
  inverse?: boolean;
  invisible?: boolean;
  strikethrough?: boolean;
  overline?: boolean;
  /** Where an OSC 8 link leads. */
  link?: string | false;
}

/** @throws TypeError for a style that says nothing, or something that is no style */
export function checkStyle(wanted: StyleWanted): void {
  const names = Object.keys(wanted);
  if (names.length === 0) throw new TypeError('the style to look for is empty: say bold, fg or the like');
  for (const name of ['fg', 'bg'] as const) if (wanted[name] !== undefined) colorOf(wanted[name]);
  const unknown = names.find((name) => !STYLE_NAMES.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`'${unknown}' is no style: there are ${STYLE_NAMES.join(', ')}`);
}

const STYLE_NAMES = [
  ...['fg', 'bg', 'bold', 'dim', 'italic', 'underline', 'blink', 'inverse', 'invisible'],
  ...['strikethrough', 'overline', 'link'],
];

export function hasStyle(style: CellStyle, wanted: StyleWanted): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const has = style[name as keyof CellStyle];
    if (value === undefined) return true;
    if (name === 'fg' || name === 'bg') return has === colorOf(value as StyleColor);
    return typeof value === 'boolean' ? (has !== undefined) === value : has === value;
  });
}

/** @returns undefined for the terminal's own */
function colorOf(color: StyleColor): number | string | undefined {
  if (color === 'default') return undefined;
  if (typeof color === 'number') return color;
  if (color.startsWith('#')) return color.toLowerCase();
  const isBright = color.startsWith('bright-');
  const index = COLOR_NAMES.indexOf(color.replace('bright-', '') as ColorName);
  if (index === -1)
    throw new TypeError(
      `'${color}' is no colour: say ${COLOR_NAMES.join(', ')}, bright-…, 0 to 255, or #rrggbb`,
    );
  return isBright ? index + 8 : index;
}

/** 'bold fg=red', for messages and goldens. */
export function describeStyle(style: CellStyle | StyleWanted): string {
  const said = Object.entries(style).filter(([, value]) => value !== undefined);
  if (said.length === 0) return 'plain';
  return said.map(([name, value]) => (value === true ? name : `${name}=${nameOf(name, value)}`)).join(' ');
}

function nameOf(name: string, value: unknown): string {
  const isColor = name === 'fg' || name === 'bg' || name === 'underline_color';
  if (!isColor || typeof value !== 'number' || value > 15) return String(value);
  const color = COLOR_NAMES[value % 8] as string;
  return value > 7 ? `bright-${color}` : color;
}

/** Neighbouring cells of a row that have the style, blanks at both ends left out. */
export function styleQuery(wanted: StyleWanted): Query {
  checkStyle(wanted);
  return {
    name: `getByStyle(${JSON.stringify(wanted)})`,
    look: { format: 'full', styles: true },
    find: (screen) =>
      gridOf(screen).flatMap((cells, row) => stretches(cells, wanted).map((found) => foundIn(found, row))),
  };
}

function stretches(cells: readonly Cell[], wanted: StyleWanted): Cell[][] {
  const found: Cell[][] = [];
  let isIn = false;
  for (const cell of cells) {
    const fits = hasStyle(cell.style, wanted);
    if (fits && isIn) found.at(-1)?.push(cell);
    else if (fits) found.push([cell]);
    isIn = fits;
  }
  return found.filter((stretch) => textOf(stretch) !== '');
}

function foundIn(stretch: Cell[], row: number): Found {
  const from = stretch.findIndex(({ text }) => text !== ' ');
  const cells = stretch.slice(from, stretch.findLastIndex(({ text }) => text !== ' ') + 1);
  const first = cells[0] as Cell;
  const last = cells.at(-1) as Cell;
  return { row, col: first.col, width: last.col + last.width - first.col, height: 1, text: textOf(cells) };
}
