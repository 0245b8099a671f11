/**
 * Parses JSON that a client has sent. A text that is deep or has very many values would hold up every session
 * while it is parsed, so it is refused before; to know that takes a fraction of the time. A long string is one value.
 */

/** A request is some objects deep, and has a few thousand values in the longest list of words. */
export const MAX_JSON_DEPTH = 64;
export const MAX_JSON_VALUES = 250_000;

/** @returns the value, or what is wrong with the text, without quoting any of it: it may hold a secret */
export function parseJson(text: string): { value: unknown } | { problem: string } {
  const excess = isSurelyModest(text) ? undefined : excessOf(text);
  if (excess !== undefined) return { problem: excess };
  try {
    return { value: JSON.parse(text) };
  } catch {
    // V8's message quotes the text around the mistake.
    return { problem: 'it is not JSON' };
  }
}

/** JSON can write what UTF-8 cannot: a program would get U+FFFD in its place. */
export function hasLoneSurrogate(json: string): boolean {
  if (!json.includes('\\u')) return false;
  // After an even number of backslashes, so that the last one begins an escape.
  const escapes = json.matchAll(
    /(?<!\\)(?:\\\\)*\\u(d[89ab][0-9a-f]{2})(\\ud[c-f][0-9a-f]{2})?|(?<!\\)(?:\\\\)*\\ud[c-f][0-9a-f]{2}/gi,
  );
  for (const [, high, low] of escapes) if (high === undefined || low === undefined) return true;
  return false;
}

/** So short, and with so few brackets anywhere, that it is neither deep nor has many values: as nearly all requests. */
function isSurelyModest(json: string): boolean {
  return json.length <= MAX_JSON_VALUES && occurrences(json, '{') + occurrences(json, '[') <= MAX_JSON_DEPTH;
}

/** Counted no further than what is too many. */
function occurrences(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= MAX_JSON_DEPTH; count++)
    at = text.indexOf(character, at + 1);
  return count;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

function excessOf(json: string): string | undefined {
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
      if (depth > MAX_JSON_DEPTH) return `it is nested more than ${MAX_JSON_DEPTH} levels deep`;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (values > MAX_JSON_VALUES) return `it has more than ${MAX_JSON_VALUES} values`;
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
