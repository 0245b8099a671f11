/**
 * Whether output can have put a word on lines that were not on the screen before it: found from its bytes, which is a
 * hundred times cheaper than making text of the lines.
 *
 * It is known only of output that writes from left to right and line by line, changes nothing but the look of its text,
 * and wraps at the edge. On a line that it has begun itself a word of ASCII without blanks then stands as it came.
 */

const SGR = /\x1b\[[\d;:]*m/g;
/** The rest of it, and its effect, belong to what comes next. */
const CUT_SGR = /\x1b(?:\[[\d;:]*)?$/;
/**
 * Shown in no cell, or in one of its own: what is between two letters of a word must not keep it from being found. In
 * UTF-8 without U+0080 to U+009F, which are controls; BEL; and tabs, which do nothing at the edge.
 */
const BETWEEN_LETTERS = /\xc2[\xa0-\xbf]|[\xc3-\xf4][\x80-\xbf]{1,3}|[\x07\t]/g;
/** A CR that no line end follows writes over what the line has; at the end of the output it belongs to what comes next. */
const NOT_LEFT_TO_RIGHT = /[^\x20-\x7e\r\n]|\r(?!\r*(?:\n|$))/;

/** @param word printable ASCII without blanks */
export function mayHavePrinted(word: string, output: Buffer): boolean {
  let text = output.toString('latin1');
  if (text.includes('\x1b')) text = text.replace(SGR, '').replace(CUT_SGR, '');
  if (NOT_LEFT_TO_RIGHT.test(text)) text = text.replace(BETWEEN_LETTERS, '');
  // Where a line end comes between two letters, they are on two lines.
  return text.includes(word) || NOT_LEFT_TO_RIGHT.test(text);
}

/** The longest part of a text of which mayHavePrinted() can tell. */
export function wordOf(text: string): string | undefined {
  const [longest] = (text.match(/[\x21-\x7e]+/g) ?? []).sort((a, b) => b.length - a.length);
  return longest;
}

/** Whatever makes a part of an expression optional, one of several, or a class of characters. */
const NOT_SIMPLE = /[|()[\]{}?*]/;
const BETWEEN_LITERALS = /\\[dDwWsSbBAz]|[.^$+]/;

/** As wordOf(), of a regular expression that is simple enough to tell; undefined else. */
export function wordOfRegex(pattern: string): string | undefined {
  if (NOT_SIMPLE.test(pattern)) return undefined;
  const literals = pattern.split(BETWEEN_LITERALS);
  // Another escape may stand for anything.
  return literals.some((literal) => literal.includes('\\')) ? undefined : wordOf(literals.join(' '));
}
