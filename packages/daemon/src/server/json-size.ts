/**
 * Whether a JSON text is deep or has so many values that parsing it would hold up every session; known in a
 * fraction of that time. A long string is one value.
 */
import { MAX_REQUEST_DEPTH, MAX_REQUEST_VALUES } from '../limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** What is too much about it; undefined when nothing is. */
export function excessOf(json: string): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at);
      if (at === -1) return undefined;
    } else if (code === COMMA) values += 1;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      values += 1;
      if (depth > MAX_REQUEST_DEPTH) return `it is nested more than ${MAX_REQUEST_DEPTH} levels deep`;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (values > MAX_REQUEST_VALUES) return `it has more than ${MAX_REQUEST_VALUES} values`;
  }
  return undefined;
}

/** Where the string that begins at `start` ends; -1 when it does not. */
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
}
