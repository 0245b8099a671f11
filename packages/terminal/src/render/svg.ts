/**
 * A screen as one SVG: text that can be selected, cells where they belong whatever the font, lines and
 * blocks without gaps. Units are those of a cell of 8 by 16, as reported to programs that query pixels.
 */
import type { Cell } from '../lines/runs.ts';
import { resultOf } from '../read/spans.ts';
import { shapesOf } from './boxes.ts';
import { decorationsOf } from './decorations.ts';
import { escapeMarkup, type PaintedRun, type Picture, paintRow, safeLink } from './picture.ts';
import { type Theme, type ThemeName, themes } from './theme.ts';

export interface SvgOptions {
  theme?: ThemeName;
  /** Space around the screen, in units. */
  padding?: number;
  /** A font file to carry along; without one the viewer's monospaced font is squeezed to the cells. */
  font?: Uint8Array;
  /** For a renderer that has exactly this family, in the width expected here: nothing is squeezed or selected. */
  family?: string;
}

const CELL_WIDTH = 8;
const CELL_HEIGHT = 16;
/** At which a letter of DejaVu Sans Mono, 1233 of 2048 units wide, is as wide as a cell. */
const FONT_SIZE = (CELL_WIDTH * 2048) / 1233;
/** Its ascent of 1901 units over the baseline, the room left in the cell being shared. */
const BASELINE = (CELL_HEIGHT - (FONT_SIZE * (1901 + 483)) / 2048) / 2 + (FONT_SIZE * 1901) / 2048;
const EMBEDDED = 'pilotty-embedded';
const FONTS = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";
/** A wide cell is 1.2 times as wide as the font is high: ideographs, one em wide, may be larger than letters. */
const IDEOGRAPH_SIZE = 14.5;
/** Emoji are some 1.27 em wide. */
const EMOJI_SIZE = 12.5;
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
/** Drawn as one piece with their neighbours, being as wide as a cell in every monospaced font. */
const PLAIN = /^[!-~\u00a1-\u017f\u0370-\u03ff\u0400-\u045f]$/u;

export function renderSvg(picture: Picture, options: SvgOptions = {}): string {
  return resultOf(svgSteps(picture, options));
}

/** As renderSvg(), a row a step; each says how many characters of the text there are so far. */
export function* svgSteps(
  picture: Picture,
  { theme: name = 'dark', padding = CELL_WIDTH, font, family }: SvgOptions = {},
): Generator<number, string> {
  const theme = themes[name];
  const shapes = new Shapes(theme);
  const rectangles = new Backgrounds();
  const texts: string[] = [];
  let length = 0;
  for (const row of picture.rows.keys()) {
    const runs = paintRow(picture, row, theme);
    rectangles.add(runs, row);
    shapes.add(runs, row);
    const text = textRow(runs, row, theme, family === undefined);
    texts.push(text);
    length += text.length;
    yield length + shapes.length + rectangles.length;
  }
  const { width, height } = svgSize(picture, padding);
  const families = family ?? (font === undefined ? FONTS : `${EMBEDDED},${FONTS}`);
  const face =
    font === undefined
      ? ''
      : `<style>@font-face{font-family:${EMBEDDED};src:url(data:font/ttf;base64,${base64(font)})}</style>\n`;
  // Readers of a screen say it; one that is empty says nothing.
  const title = picture.title === '' ? '' : `<title>${escapeMarkup(picture.title)}</title>\n`;
  const box = [-padding, -padding, width, height];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(' ')}" width="${box[2]}" height="${box[3]}" xml:space="preserve">
${title}${face}<rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" fill="${theme.background}"/>
<g shape-rendering="crispEdges">${rectangles}</g>
<g>${shapes}</g>
<g font-family="${families}" font-size="${FONT_SIZE.toFixed(3)}" fill="${theme.foreground}" style="white-space:pre">
${texts.join('')}</g>
${cursorMark(picture, theme)}</svg>
`;
}

/** In units. */
export function svgSize({ cols, rows }: Picture, padding = CELL_WIDTH): { width: number; height: number } {
  return { width: cols * CELL_WIDTH + 2 * padding, height: rows.length * CELL_HEIGHT + 2 * padding };
}

interface Background {
  color: string;
  col: number;
  width: number;
  row: number;
  rows: number;
}

/** A rectangle in SVG takes some sixty characters. */
const RECTANGLE_LENGTH = 60;

/** Rectangles as large as they get: first along the row, then down as long as the same stands below. */
class Backgrounds {
  readonly #done: Background[] = [];
  #above = new Map<number, Background>();

  get length(): number {
    return this.#done.length * RECTANGLE_LENGTH;
  }

  add(runs: readonly PaintedRun[], row: number): void {
    const here: Background[] = [];
    for (const { background, cells } of runs) {
      if (background === undefined) continue;
      const { col, width } = extent(cells);
      const last = here.at(-1);
      if (last?.color === background && last.col + last.width === col) last.width += width;
      else here.push({ color: background, col, width, row, rows: 1 });
    }
    const above = this.#above;
    this.#above = new Map();
    for (const each of here) {
      const one = above.get(each.col);
      const isSame = one?.color === each.color && one.width === each.width;
      if (one && isSame) one.rows++;
      else this.#done.push(each);
      this.#above.set(each.col, one && isSame ? one : each);
    }
  }

  toString(): string {
    return this.#done
      .map(({ color, col, width, row, rows }) => {
        const place = `x="${col * CELL_WIDTH}" y="${row * CELL_HEIGHT}"`;
        const size = `width="${width * CELL_WIDTH}" height="${rows * CELL_HEIGHT}"`;
        return `<rect ${place} ${size} fill="${color}"/>`;
      })
      .join('');
  }
}

/** Lines, blocks and decorations; one path for all that are drawn alike. */
class Shapes {
  readonly #theme: Theme;
  readonly #paths = new Map<string, string[]>();
  length = 0;

  constructor(theme: Theme) {
    this.#theme = theme;
  }

  add(runs: readonly PaintedRun[], row: number): void {
    for (const run of runs) {
      const { col, width } = extent(run.cells);
      const box = {
        x: col * CELL_WIDTH,
        y: row * CELL_HEIGHT,
        width: width * CELL_WIDTH,
        height: CELL_HEIGHT,
      };
      for (const { path, attributes } of decorationsOf(run, box, BASELINE, this.#theme))
        this.#add(attributes, path);
      for (const cell of run.cells) {
        const cellBox = { ...box, x: cell.col * CELL_WIDTH, width: cell.width * CELL_WIDTH };
        for (const { path, strokeWidth, opacity } of shapesOf(cell.text, cellBox) ?? []) {
          const transparent = opacity < 1 ? ` ${strokeWidth ? 'stroke' : 'fill'}-opacity="${opacity}"` : '';
          const drawn = strokeWidth
            ? `fill="none" stroke="${run.foreground}" stroke-width="${strokeWidth}"`
            : `fill="${run.foreground}" shape-rendering="crispEdges"`;
          this.#add(drawn + transparent, path);
        }
      }
    }
  }

  #add(attributes: string, path: string): void {
    const list = this.#paths.get(attributes);
    if (list === undefined) this.#paths.set(attributes, [path]);
    else list.push(path);
    this.length += path.length + (list === undefined ? attributes.length : 0);
  }

  toString(): string {
    return [...this.#paths]
      .map(([attributes, list]) => `<path ${attributes} d="${list.join('')}"/>`)
      .join('\n');
  }
}

function textRow(runs: readonly PaintedRun[], row: number, theme: Theme, isForViewers: boolean): string {
  const spans = runs.map((run) => textRun(run, theme, isForViewers)).join('');
  return spans === '' ? '' : `<text y="${(row * CELL_HEIGHT + BASELINE).toFixed(2)}">${spans}</text>\n`;
}

function textRun(run: PaintedRun, theme: Theme, isForViewers: boolean): string {
  const { style, cells, foreground } = run;
  const attributes = [
    foreground === theme.foreground ? '' : ` fill="${foreground}"`,
    style.bold ? ' font-weight="bold"' : '',
    style.italic ? ' font-style="italic"' : '',
  ].join('');
  const spans = pieces(cells)
    .map((piece) => textPiece(piece, attributes, isForViewers))
    .join('');
  const link = safeLink(style.link);
  return link === undefined || spans === ''
    ? spans
    : `<a href="${escapeMarkup(link)}" rel="noopener noreferrer">${spans}</a>`;
}

/** Plain characters together, blanks only between them; every other character by itself. */
function pieces(cells: readonly Cell[]): Cell[][] {
  const found: Cell[][] = [];
  let plain: Cell[] | undefined;
  for (const cell of cells) {
    if (cell.width === 1 && PLAIN.test(cell.text)) {
      if (plain === undefined) {
        plain = [];
        found.push(plain);
      }
      plain.push(cell);
    } else if (cell.text !== ' ') {
      plain = undefined;
      found.push([cell]);
    } else plain?.push(cell);
  }
  for (const piece of found) while (piece.at(-1)?.text === ' ') piece.pop();
  return found;
}

function textPiece(cells: readonly Cell[], attributes: string, isForViewers: boolean): string {
  const text = escapeMarkup(cells.map((cell) => cell.text).join(''));
  const first = cells[0] as Cell;
  const { col, width } = extent(cells);
  const x = col * CELL_WIDTH;
  if (shapesOf(first.text, { x: 0, y: 0, width: 0, height: 0 }) !== undefined) {
    // Drawn as a shape; here to be selected and copied.
    return isForViewers ? `<tspan x="${x}" fill="none">${text}</tspan>` : '';
  }
  if (PLAIN.test(first.text)) {
    const length = ` textLength="${width * CELL_WIDTH}" lengthAdjust="spacingAndGlyphs"`;
    return `<tspan x="${x}"${isForViewers ? length : ''}${attributes}>${text}</tspan>`;
  }
  const size =
    first.width === 1 ? '' : ` font-size="${EMOJI.test(first.text) ? EMOJI_SIZE : IDEOGRAPH_SIZE}"`;
  const middle = x + (width * CELL_WIDTH) / 2;
  return `<tspan x="${middle}" text-anchor="middle"${size}${attributes}>${text}</tspan>`;
}

function extent(cells: readonly Cell[]): { col: number; width: number } {
  const first = cells[0] as Cell;
  const last = cells.at(-1) as Cell;
  return { col: first.col, width: last.col + last.width - first.col };
}

/** A block has been painted with its cell. */
function cursorMark({ cursor }: Picture, theme: Theme): string {
  if (cursor === undefined || cursor.shape === 'block') return '';
  const [x, y] = [cursor.col * CELL_WIDTH, cursor.row * CELL_HEIGHT];
  const place =
    cursor.shape === 'bar'
      ? `x="${x}" y="${y}" width="2" height="${CELL_HEIGHT}"`
      : `x="${x}" y="${y + CELL_HEIGHT - 2}" width="${CELL_WIDTH}" height="2"`;
  return `<rect ${place} fill="${theme.cursor}"/>\n`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
