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

/**
 * What the output wrote on its lines, to look for words in; undefined where it did more than write from left to right.
 * It is the same for every word.
 */
export function writtenLeftToRight(output: Buffer): string | undefined {
  let text = output.toString('latin1');
  if (text.includes('\x1b')) text = text.replace(SGR, '').replace(CUT_SGR, '');
  if (NOT_LEFT_TO_RIGHT.test(text)) text = text.replace(BETWEEN_LETTERS, '');
  // Where a line end comes between two letters, they are on two lines.
  return NOT_LEFT_TO_RIGHT.test(text) ? undefined : text;
}

/** @param word printable ASCII without blanks @param written as writtenLeftToRight() answers it */
export function mayHavePrinted(word: string, written: string | undefined): boolean {
  return written === undefined || written.includes(word);
}

/** The longest part of a text of which mayHavePrinted() can tell. */
export function wordOf(text: string): string | undefined {
  const [longest] = (text.match(/[\x21-\x7e]+/g) ?? []).sort((a, b) => b.length - a.length);
  return longest;
}

/**
 * One thing of an expression, and how often it may come. A class of characters: its first member may be a bracket, and
 * it may have classes by name. Of what else begins with a bracket, a group that keeps what it matches, or does not.
 */
const PARTS =
  /(?:(?<gap>\\[dDwWsSbBAz]|[.^$]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^QpP]|[^\]\\])*\])|(?<open>\((?:\?(?::|P?<\w+>))?(?!\?))|(?<close>\))|(?<or>\|)|\\(?<escaped>[!-/:-@[-`{-~])|(?<literal>[^\\()[\]{}?*+|]))(?<many>(?:[?*]|\{\d+(?:,\d*)?\})[?+]?|\+\??)?/gy;

/**
 * As wordOf(), of a regular expression: what stands in all that it matches. undefined where there is no such word, or
 * none that can be told.
 */
export function wordOfRegex(pattern: string): string | undefined {
  let literals = '';
  let depth = 0;
  let end = 0;
  for (const { 0: all, index, groups = {} } of pattern.matchAll(PARTS)) {
    const { open, close, or, gap, escaped, literal, many = '' } = groups;
    end = index + all.length;
    if (open !== undefined) depth += 1;
    else if (close !== undefined) depth -= 1;
    // One of several expressions may have no word of the others.
    else if (or !== undefined && depth === 0) return undefined;
    const isCertain = depth === 0 && gap === undefined && /^\+|^$/.test(many);
    literals += isCertain ? (escaped ?? literal ?? ' ') : ' ';
    // Of what comes several times, the last is not followed by what the first is.
    if (many !== '') literals += ' ';
  }
  return end === pattern.length && depth === 0 ? wordOf(literals) : undefined;
}
