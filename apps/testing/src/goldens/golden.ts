/** A screen as a golden has it: text for people, text with its styles, or a picture. */
import type { Cursor, Size } from '@pilotty/sdk';
import { type Picture, renderSvg } from '@pilotty/terminal/drawing';
import { type Cell, runsOf, textOf } from '../cells.ts';
import { describeStyle } from '../styles.ts';

export type GoldenKind = 'text' | 'styled' | 'svg';

export const EXTENSIONS: Readonly<Record<GoldenKind, string>> = {
  text: '.txt',
  styled: '.styled.txt',
  svg: '.svg',
};

export interface Look {
  grid: readonly Cell[][];
  size: Size;
  cursor: Cursor;
}

export function goldenOf(kind: GoldenKind, look: Look): string {
  if (kind === 'svg') return svgOf(look);
  return kind === 'text' ? plainText(look) : styledText(look);
}

function plainText({ grid }: Look): string {
  return `${grid.map(textOf).join('\n').trimEnd()}\n`;
}

/** The rows with their numbers, and below each the columns whose style is not plain. */
function styledText({ grid, size, cursor }: Look): string {
  const at = cursor.visible ? `${cursor.shape} at row ${cursor.row}, column ${cursor.col}` : 'hidden';
  const lines = grid.flatMap((cells, row) => {
    const number = String(row).padStart(3);
    const styled = runsOf(cells).filter(({ style }) => Object.keys(style).length > 0);
    return [
      `${number}│${textOf(cells)}`,
      ...styled.map((run) => `   ╰ ${columns(run.cells)} ${describeStyle(run.style)}`),
    ];
  });
  return `${size.cols}×${size.rows}, cursor ${at}\n${lines.join('\n')}\n`;
}

function columns(cells: readonly Cell[]): string {
  const first = cells[0] as Cell;
  const last = cells.at(-1) as Cell;
  const end = last.col + last.width - 1;
  return first.col === end ? `${end}` : `${first.col}-${end}`;
}

function svgOf({ grid, size, cursor }: Look): string {
  const { visible, ...shown } = cursor;
  const picture: Picture = {
    cols: size.cols,
    rows: grid.map((cells) =>
      runsOf(cells).map(({ style: { underline_color: underlineColor, ...style }, cells }) => ({
        style: { ...style, ...(underlineColor !== undefined && { underlineColor }) },
        cells,
      })),
    ),
    cursor: visible ? shown : undefined,
    title: '',
  };
  return renderSvg(picture);
}
