/**
 * Text that programs had a part in, as characters that each take one or two columns: what a person counts as one, letter
 * with marks or emoji with its skin tone, stays together. No control character is among them, and nothing that reorders
 * what stands beside it.
 */
import { columnsOf } from '@pilotty/terminal/columns';

export interface Cluster {
  text: string;
  /** In columns. */
  width: 1 | 2;
}

const PLAIN = /^[ -~]*$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
/** Separators of lines, and what reorders text until it is ended. */
const REORDERING = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** With nothing before it to be attached to, it would be drawn on what stands to its left. */
const ATTACHED_TO_NOTHING = /^[\p{M}\p{Cf}]+/u;

export function clustersOf(text: string): Cluster[] {
  if (PLAIN.test(text)) return Array.from(text, (character) => ({ text: character, width: 1 }));
  const safe = text
    .replace(CONTROL, '\ufffd')
    .replace(REORDERING, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(ATTACHED_TO_NOTHING, '');
  const columns = columnsOf(safe);
  const clusters: Cluster[] = [];
  let start = 0;
  for (let end = 1; end <= safe.length; end++) {
    const width = (columns[end] as number) - (columns[start] as number);
    if (width === 0) continue;
    clusters.push({ text: safe.slice(start, end), width: width === 1 ? 1 : 2 });
    start = end;
  }
  return clusters;
}

/** In columns. */
export function widthOf(text: string): number {
  return clustersOf(text).reduce((sum, { width }) => sum + width, 0);
}

/** As much of it as fits, with an ellipsis where that is not all. */
export function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let left = columns - 1;
  for (const cluster of clustersOf(text)) {
    left -= cluster.width;
    if (left < 0) break;
    kept += cluster.text;
  }
  return columns > 0 ? `${kept}…` : '';
}
