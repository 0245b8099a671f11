/**
 * A line as a shell splits it into words (POSIX, Shell Command Language, 2.2 Quoting): single quotes,
 * double quotes, backslash, `#` before the rest. What a shell would expand or run stays as it is.
 */
import { UsageError } from './usage-error.ts';

const BLANK = /[ \t\r]/;
/** All that a backslash escapes between double quotes; before anything else it stands for itself. */
const ESCAPED_IN_DOUBLE_QUOTES = '$`"\\';

/** No words on a line that is empty or a comment. @throws UsageError on a quote that is not closed */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length) {
    const character = line.charAt(at);
    if (BLANK.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else if (character === '#' && word === undefined) {
      break;
    } else {
      const { text, end } = readPart(line, at);
      word = (word ?? '') + text;
      at = end;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

interface Part {
  text: string;
  /** Where the line goes on. */
  end: number;
}

/** What stands between two quotes, or one character outside of them. */
function readPart(line: string, start: number): Part {
  const character = line.charAt(start);
  if (character === "'") {
    const end = line.indexOf("'", start + 1);
    if (end === -1) throw unfinished("'", start);
    return { text: line.slice(start + 1, end), end: end + 1 };
  }
  if (character === '"') return readDoubleQuotes(line, start);
  if (character !== '\\') return { text: character, end: start + 1 };
  if (start + 1 === line.length) {
    throw new UsageError(
      'the line ends in a backslash',
      'A command is one line, and does not go on in the next.',
    );
  }
  return { text: line.charAt(start + 1), end: start + 2 };
}

function readDoubleQuotes(line: string, start: number): Part {
  let text = '';
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '"') return { text, end: at + 1 };
    const next = line.charAt(at + 1);
    if (line[at] === '\\' && next !== '' && ESCAPED_IN_DOUBLE_QUOTES.includes(next)) at += 1;
    text += line.charAt(at);
  }
  throw unfinished('"', start);
}

function unfinished(quote: string, start: number): UsageError {
  return new UsageError(
    `the ${quote} at column ${start} is not closed`,
    'Close it on the same line; a JSON array of arguments can hold a newline, as \\n.',
  );
}
