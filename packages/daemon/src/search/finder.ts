/** Finding a pattern in a line, in time that is bounded before it is spent. */
import { type ParsedParams, RequestError } from '@pilotty/protocol';

/** Finds in one piece of a line. */
export interface Finder {
  /** Lines longer than this many characters are searched in pieces. */
  pieceLength: number;
  /** Index of the first match, or -1. */
  indexIn(piece: string): number;
}

/** Text is sought by the engine's own search: a megabyte a millisecond. */
const TEXT_PIECE_LENGTH = 1024 * 1024;
/** RE2 takes some ten nanoseconds for each character and instruction at worst; this makes some milliseconds. */
const STEPS_AT_ONCE = 400_000;
/** With more, the pieces would become too short to be lines. */
const MAX_INSTRUCTIONS = 1000;

type Sought = Pick<ParsedParams<'sessions.grep'>, 'pattern' | 'regex' | 'ignore_case'>;

/** @throws RequestError INVALID_INPUT for a regular expression that does not compile, or is too large */
export async function finderOf({ pattern, regex, ignore_case: ignoresCase }: Sought): Promise<Finder> {
  if (regex) return await regexFinder(ignoresCase ? `(?i)${pattern}` : pattern);
  const text = ignoresCase ? pattern.toLowerCase() : pattern;
  return {
    pieceLength: TEXT_PIECE_LENGTH,
    indexIn: (piece) => (ignoresCase ? piece.toLowerCase() : piece).indexOf(text),
  };
}

async function regexFinder(pattern: string): Promise<Finder> {
  const { compileRegex } = await import('./regex.ts');
  const regex = compileRegex(pattern);
  const instructions = regex.programSize();
  if (instructions > MAX_INSTRUCTIONS) {
    throw new RequestError(
      'INVALID_INPUT',
      `The regular expression has ${instructions} steps; the limit is ${MAX_INSTRUCTIONS}`,
      { suggestion: 'Repeat less: x{1,500} counts five hundred times.' },
    );
  }
  return {
    pieceLength: Math.floor(STEPS_AT_ONCE / instructions),
    indexIn: (piece) => {
      const matcher = regex.matcher(piece);
      return matcher.find() ? matcher.start() : -1;
    },
  };
}

/** A line, or where it is too long its pieces, which overlap by half, with the index at which each begins. */
export function* piecesOf(line: string, length: number): Generator<{ piece: string; from: number }> {
  if (line.length <= length) {
    yield { piece: line, from: 0 };
    return;
  }
  const step = Math.ceil(length / 2);
  for (let from = 0; from < line.length - length + step; from += step) {
    yield { piece: line.slice(from, from + length), from };
  }
}
