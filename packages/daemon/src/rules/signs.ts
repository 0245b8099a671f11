/**
 * What tells that a rule may have found what it looks for. Most rules never do, and one of which nothing is there rests
 * (resting-watches.ts). A sign may be there without what it stands for, never the other way round.
 */
import { wordOf, wordOfRegex } from '../search/left-to-right.ts';
import type { Awaited } from '../waiting/condition.ts';
import { isPromptSign } from '../waiting/prompt-sign.ts';

export interface Sign {
  /** Stands in the text of the lines in which it is found. */
  text: string;
  /** A part of it that is looked for in the output as it arrives. */
  word: string;
}

/** Shorter ones stand in many lines. */
const MIN_WORD_LENGTH = 3;
/** An end is told without looking for it. */
const RESTING: ReadonlySet<string> = new Set<keyof Awaited>(['text', 'regex', 'exit', 'any']);

/** Undefined where something else than a text may be waited for, or one that no sign is known of. */
export function signsOf(awaited: Awaited): Sign[] | undefined {
  const others = Object.entries(awaited).filter(([name, value]) => !RESTING.has(name) && value !== undefined);
  if (others.some(([, value]) => value !== false)) return undefined;
  const texts = [awaited.text ?? []].flat();
  const signs = [
    // Blanks at its end may be the end of the line.
    ...texts.map((text) => (isPromptSign(text) ? undefined : signOf(text.trimEnd(), wordOf(text)))),
    ...[awaited.regex ?? []].flat().map((pattern) => {
      const word = wordOfRegex(pattern);
      return word !== undefined && word.length >= MIN_WORD_LENGTH ? signOf(word, word) : undefined;
    }),
  ];
  const known = signs.filter((sign) => sign !== undefined);
  const isAll = !awaited.any && known.length + Number(awaited.exit) > 1;
  return known.length === 0 || known.length < signs.length || isAll ? undefined : known;
}

function signOf(text: string, word: string | undefined): Sign | undefined {
  return word === undefined ? undefined : { text, word };
}
