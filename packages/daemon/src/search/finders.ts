/** How a text, or a regular expression, is found in a text: every place, first to last, lazily. */
import type { Sought } from '../pty/passing-words.ts';
import { wordOf, wordOfRegex } from './left-to-right.ts';

/** One place in the searched text. */
export interface Found {
  index: number;
  text: string;
  groups: (string | null)[];
}

export interface Finder {
  find(searched: string): Iterable<Found>;
  /** Stands in whatever it finds: printable ASCII without blanks. */
  word?: string | undefined;
  /** What to look for in the output as it arrives. */
  sought?: Sought;
  /** How many rows above the screen can be searched before others must be served. */
  rowsAtOnce: number;
}

/** A row of 80 columns is searched in about as many nanoseconds. */
const ROWS_OF_TEXT_AT_ONCE = 10_000;
/** What is not prepared for takes some three microseconds a character. */
const ROWS_OF_REGEX_AT_ONCE = 20;
/** Shorter ones stand in many lines. */
const RARE_WORD_LENGTH = 3;

/** The text itself; where it ends in blanks, also the end of a line that has room for them. */
export function findsText(text: string, cols: number): Finder {
  const bare = text.trimEnd();
  function* find(searched: string): Generator<Found> {
    for (let index = searched.indexOf(text); index !== -1; index = searched.indexOf(text, index + 1)) {
      yield { index, text, groups: [] };
    }
    if (bare === text || bare === '') return;
    for (let index = searched.indexOf(bare); index !== -1; index = searched.indexOf(bare, index + 1)) {
      const end = index + bare.length;
      if (end < searched.length && searched[end] !== '\n') continue;
      const start = searched.lastIndexOf('\n', index) + 1;
      if (((end - start) % cols) + text.length - bare.length <= cols) yield { index, text, groups: [] };
    }
  }
  const word = wordOf(text);
  return { find, word, sought: word, rowsAtOnce: ROWS_OF_TEXT_AT_ONCE };
}

/**
 * A regular expression in RE2 syntax; `^` and `$` are the ends of a line. RE2 runs in time linear in its
 * input, so no pattern can stall the daemon.
 * @throws RequestError INVALID_INPUT for a pattern that cannot be compiled
 */
export async function findsRegex(pattern: string): Promise<Finder> {
  regexes ??= await import('./regex.ts');
  return findsRegexOf(regexes, pattern);
}

/** Loaded with the first wait that has one: it costs more than the rest of the daemon's start. */
let regexes: typeof import('./regex.ts') | undefined;

/** As findsRegex(), at once; undefined before that was called first. */
export function findsRegexNow(pattern: string): Finder | undefined {
  return regexes && findsRegexOf(regexes, pattern);
}

function findsRegexOf(
  { compileRegex, lineExpression }: NonNullable<typeof regexes>,
  pattern: string,
): Finder {
  const regex = compileRegex(pattern);
  const word = wordOfRegex(pattern);
  function* find(searched: string): Generator<Found> {
    // Mostly there is nothing, which is known much sooner than where something is.
    if (word !== undefined && !searched.includes(word)) return;
    if (!regex.test(searched)) return;
    const matcher = regex.matcher(searched);
    while (matcher.find()) {
      const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1));
      yield { index: matcher.start(), text: matcher.group() ?? '', groups };
    }
  }
  // A longer word is rarer than what an expression may match, and is looked for at less cost.
  const isRare = word !== undefined && word.length >= RARE_WORD_LENGTH;
  const sought = isRare ? word : (lineExpression(pattern, regex) ?? word);
  return { find, word, sought, rowsAtOnce: ROWS_OF_REGEX_AT_ONCE };
}
