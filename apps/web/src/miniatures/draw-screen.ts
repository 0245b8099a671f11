/**
 * A screen drawn small: spans of text squeezed to their cells, lines and blocks as shapes, the cursor.
 * Rows that look as they did are left as they are, which is most of them most of the time.
 */
import type { Result } from '@pilotty/client/browser';
import { clusterWidths, paintOf, shapesOf, type Theme } from '@pilotty/terminal/drawing';
import { legible } from '../look/contrast.ts';

export type Look = Pick<Result<'session.snapshot'>, 'size' | 'cursor' | 'lines'>;

type Row = NonNullable<Look['lines']>[number];
type Span = Row[number];

/** A cell is twice as high as it is wide. */
const CELL_RATIO = 2;
const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
/** Of the cell's height: what leaves room for ascenders and descenders. */
const FONT_HEIGHT = 0.82;
const BASELINE = 0.76;
const PLAIN = /^[ -~]*$/;

export class ScreenDrawing {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  /** What each row was drawn from; empty when nothing of the canvas can be kept. */
  #drawn: string[] = [];
  #geometry = '';
  #minimumContrast = 1;
  #cell = { width: 0, height: 0 };
  readonly #shapes = new Map<string, Path2D[]>();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  }

  /** @param width of the canvas on the page, in CSS pixels; its height follows from the element's ratio */
  draw(look: Look, theme: Theme, minimumContrast: number, width: number, height: number): void {
    if (this.#minimumContrast !== minimumContrast) this.#geometry = '';
    this.#minimumContrast = minimumContrast;
    this.#fitTo(look, theme, width, height);
    const { lines = [], size, cursor } = look;
    for (let row = 0; row < size.rows; row++) {
      const hasCursor = cursor.visible && cursor.row === row;
      const line = lines[row] ?? [];
      const key = JSON.stringify(line) + (hasCursor ? cursor.col : '');
      if (this.#drawn[row] === key) continue;
      this.#drawn[row] = key;
      this.#drawRow(line, row, size.cols, theme);
      if (hasCursor) this.#drawCursor(cursor.col, row, theme);
    }
  }

  #fitTo({ size }: Look, theme: Theme, width: number, height: number): void {
    const scale = Math.max(1, devicePixelRatio);
    const geometry = [width, height, scale, size.cols, size.rows, theme.background, theme.foreground].join();
    if (geometry === this.#geometry) return;
    this.#geometry = geometry;
    this.#drawn = [];
    this.#shapes.clear();
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const cellWidth = Math.min(this.#canvas.width / size.cols, this.#canvas.height / size.rows / CELL_RATIO);
    this.#cell = { width: cellWidth, height: cellWidth * CELL_RATIO };
    this.#context.fillStyle = theme.background;
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #drawRow(line: Row, row: number, cols: number, theme: Theme): void {
    const { width, height } = this.#cell;
    this.#context.fillStyle = theme.background;
    this.#fillCells(0, row, cols);
    let col = 0;
    for (const span of line) {
      const { foreground, background } = paintOf(span, theme);
      // Lines and blocks are drawn as they are: they are ground rather than text.
      const text = span.invisible
        ? foreground
        : legible(foreground, background ?? theme.background, this.#minimumContrast);
      const clusters = clustersOf(span.text);
      const columns = clusters.reduce((sum, cluster) => sum + cluster.width, 0);
      if (background !== undefined) {
        this.#context.fillStyle = background;
        this.#fillCells(col, row, columns);
      }
      this.#context.fillStyle = text;
      this.#context.strokeStyle = foreground;
      this.#context.font = `${span.italic ? 'italic ' : ''}${span.bold ? 'bold ' : ''}${height * FONT_HEIGHT}px ${FONT}`;
      if (PLAIN.test(span.text)) this.#drawText(span.text, col, row, columns);
      else this.#drawClusters(clusters, col, row, { text, shapes: foreground });
      if (span.underline) {
        this.#context.fillRect(col * width, (row + 0.9) * height, columns * width, Math.max(1, height / 14));
      }
      col += columns;
    }
  }

  #drawClusters(
    clusters: readonly Cluster[],
    start: number,
    row: number,
    colors: { text: string; shapes: string },
  ): void {
    let col = start;
    for (const { text, width } of clusters) {
      const shapes = this.#shapesOf(text);
      this.#context.fillStyle = shapes === undefined ? colors.text : colors.shapes;
      if (shapes === undefined) this.#drawText(text, col, row, width);
      else this.#drawShapes(shapes, text, col, row);
      col += width;
    }
  }

  #drawText(text: string, col: number, row: number, columns: number): void {
    if (text.trim() === '') return;
    const { width, height } = this.#cell;
    const context = this.#context;
    const natural = context.measureText(text).width;
    if (natural === 0) return;
    context.save();
    context.translate(col * width, (row + BASELINE) * height);
    context.scale((columns * width) / natural, 1);
    context.fillText(text, 0, 0);
    context.restore();
  }

  #drawShapes(shapes: readonly Path2D[], text: string, col: number, row: number): void {
    const { width, height } = this.#cell;
    const context = this.#context;
    context.save();
    context.translate(col * width, row * height);
    context.scale(width / SHAPE_BOX.width, height / SHAPE_BOX.height);
    for (const [index, { strokeWidth, opacity }] of (shapesOf(text, SHAPE_BOX) ?? []).entries()) {
      const path = shapes[index];
      if (path === undefined) continue;
      context.globalAlpha = opacity;
      context.lineWidth = strokeWidth;
      if (strokeWidth > 0) context.stroke(path);
      else context.fill(path);
    }
    context.restore();
  }

  #shapesOf(text: string): Path2D[] | undefined {
    const known = this.#shapes.get(text);
    if (known !== undefined) return known;
    const shapes = shapesOf(text, SHAPE_BOX)?.map(({ path }) => new Path2D(path));
    if (shapes !== undefined) this.#shapes.set(text, shapes);
    return shapes;
  }

  #drawCursor(col: number, row: number, theme: Theme): void {
    const { width, height } = this.#cell;
    this.#context.globalAlpha = 0.8;
    this.#context.fillStyle = theme.cursor;
    this.#context.fillRect(col * width, row * height, width, height);
    this.#context.globalAlpha = 1;
  }

  /** To whole pixels, or neighbours would show a seam. */
  #fillCells(col: number, row: number, columns: number): void {
    const { width, height } = this.#cell;
    const left = Math.floor(col * width);
    const top = Math.floor(row * height);
    const right = Math.ceil((col + columns) * width);
    this.#context.fillRect(left, top, right - left, Math.ceil((row + 1) * height) - top);
  }
}

/** The cell that `shapesOf` is asked for; drawn larger or smaller by the canvas. */
const SHAPE_BOX = { x: 0, y: 0, width: 8, height: 16 };

interface Cluster {
  text: string;
  /** In columns. */
  width: number;
}

/** As the daemon's terminal puts characters into cells. */
function clustersOf(text: Span['text']): Cluster[] {
  if (PLAIN.test(text)) return [{ text, width: text.length }];
  const clusters: Cluster[] = [];
  let preceding = 0;
  for (const character of text) {
    preceding = clusterWidths.charProperties(character.codePointAt(0) ?? 0, preceding);
    const width = (preceding >> 1) & 3;
    const last = clusters.at(-1);
    if ((preceding & 1) === 1 && last !== undefined) {
      last.text += character;
      last.width = width;
    } else clusters.push({ text: character, width });
  }
  return clusters;
}
