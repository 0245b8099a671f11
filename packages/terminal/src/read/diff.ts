/**
 * What changed between two looks at a screen, so that a reader who knows the one need not read the other
 * in full: how far the rows moved, and the rows that are different after that.
 */

import { hashRow } from '../lines/hash.ts';
import type { Screen } from '../screen.ts';

/** How each row looked; eight bytes a row, so that many can be kept. */
export interface PastLook {
  readonly cols: number;
  readonly rowHashes: Float64Array;
}

export interface ScreenDiff {
  /** Rows have moved up by this many, down if negative; those that came in are blank unless they are in `rows`. */
  scrolled: number;
  /** Rows that now look different, top first. One that changed in colours only has the text it had. */
  rows: { row: number; text: string }[];
}

/** `{"row":12,"text":""},` costs about as much as this many characters of text. */
const ROW_COST = 20;

export function lookOf(screen: Screen): PastLook {
  return { cols: screen.size.cols, rowHashes: screen.rowHashes() };
}

/** Nothing when the whole screen is no longer than its changes, or has another size than it had. */
export function diffSince(past: PastLook, screen: Screen): ScreenDiff | undefined {
  const now = lookOf(screen);
  const rows = now.rowHashes.length;
  if (past.cols !== now.cols || past.rowHashes.length !== rows) return undefined;
  const texts = screen.rowTexts();
  const scrolled = likeliestScroll(past.rowHashes, now.rowHashes, texts);
  const changed: ScreenDiff['rows'] = [];
  for (let row = 0; row < rows; row++) {
    if (isKept(past.rowHashes, now.rowHashes, row, scrolled)) continue;
    const text = texts[row] ?? '';
    // A row that came in is taken for blank; one in colours only would otherwise go unnoticed.
    const cameIn = row + scrolled < 0 || row + scrolled >= rows;
    if (cameIn && text === '' && now.rowHashes[row] === blankHash(now.cols)) continue;
    changed.push({ row, text });
  }
  const cost = changed.reduce((sum, { text }) => sum + text.length + ROW_COST, 0);
  const wholeCost = texts.reduce((sum, text) => sum + text.length + 1, 0);
  return cost > 0 && cost >= wholeCost ? undefined : { scrolled, rows: changed };
}

export function applyDiff(rows: readonly string[], { scrolled, rows: changed }: ScreenDiff): string[] {
  const result = rows.map((_, row) => rows[row + scrolled] ?? '');
  for (const { row, text } of changed) result[row] = text;
  return result;
}

/** The shift that keeps the most text, the smallest if several do. */
function likeliestScroll(past: Float64Array, now: Float64Array, texts: readonly string[]): number {
  const rows = now.length;
  let best = 0;
  let maxKept = keptText(0);
  for (let distance = 1; distance < rows; distance++) {
    for (const scrolled of [distance, -distance]) {
      const kept = keptText(scrolled);
      if (kept <= maxKept) continue;
      best = scrolled;
      maxKept = kept;
    }
  }
  return best;

  function keptText(scrolled: number): number {
    let kept = 0;
    for (let row = 0; row < rows; row++) {
      if (isKept(past, now, row, scrolled)) kept += (texts[row]?.length ?? 0) + ROW_COST;
    }
    return kept;
  }
}

function isKept(past: Float64Array, now: Float64Array, row: number, scrolled: number): boolean {
  return past[row + scrolled] === now[row];
}

const blankHashes = new Map<number, number>();

/** Of a row of that many blanks. */
function blankHash(cols: number): number {
  const known = blankHashes.get(cols);
  if (known !== undefined) return known;
  const blank = {
    length: cols,
    isWrapped: false,
    _data: new Uint32Array(cols * 3).map((_, index) => (index % 3 === 0 ? (1 << 22) | 0x20 : 0)),
    _combined: {},
    _extendedAttrs: {},
  };
  const hash = hashRow(blank);
  blankHashes.set(cols, hash);
  return hash;
}
