/**
 * What a terminal shows, or is about to: a character and its look for each cell. A wide character has its text in the
 * first of its two cells and nothing in the second; what overwrites half of one blanks the other half.
 */
import { clustersOf } from './clusters.ts';

export interface Area {
  left: number;
  top: number;
  cols: number;
  rows: number;
}

export class CellGrid {
  readonly cols: number;
  readonly rows: number;
  /** Row by row; '' in the second cell of a wide character. */
  readonly texts: string[];
  /** SGR parameters, such as `1;31`; '' is the terminal's default. */
  readonly looks: string[];

  constructor(cols: number, rows: number) {
    this.cols = cols;
    this.rows = rows;
    this.texts = new Array<string>(cols * rows).fill(' ');
    this.looks = new Array<string>(cols * rows).fill('');
  }

  /**
   * Writes what fits before column `end`.
   * @returns the column behind it
   */
  write(left: number, row: number, text: string, look: string, end: number = this.cols): number {
    let col = left;
    if (row < 0 || row >= this.rows) return col;
    for (const cluster of clustersOf(text)) {
      if (col + cluster.width > Math.min(end, this.cols)) break;
      this.#set(col, row, cluster.text, look);
      if (cluster.width === 2) this.#set(col + 1, row, '', look);
      col += cluster.width;
    }
    return col;
  }

  /** Blanks of a look, up to column `end`. */
  fill(left: number, row: number, look: string, end: number): void {
    if (row < 0 || row >= this.rows) return;
    for (let col = left; col < Math.min(end, this.cols); col++) this.#set(col, row, ' ', look);
  }

  /** The look of what is there becomes another. */
  relook(col: number, row: number, change: (look: string) => string): void {
    if (col < 0 || row < 0 || col >= this.cols || row >= this.rows) return;
    const at = row * this.cols + col;
    const isWide = col + 1 < this.cols && this.texts[at + 1] === '';
    this.looks[at] = change(this.looks[at] as string);
    if (isWide) this.looks[at + 1] = this.looks[at] as string;
  }

  #set(col: number, row: number, text: string, look: string): void {
    const at = row * this.cols + col;
    // The second half of what stood here, and the first half of what reaches here.
    if (text !== '' && this.texts[at] === '' && col > 0) this.texts[at - 1] = ' ';
    if (col + 1 < this.cols && this.texts[at + 1] === '') this.texts[at + 1] = ' ';
    this.texts[at] = text;
    this.looks[at] = look;
  }
}
