/**
 * Looks for text in the lines a session shows, and in those that have scrolled off its screen since the
 * search began: whatever speed a program prints at, no line passes unseen (Session.beginSearch).
 *
 * What has left the screen can no longer change, so each line is searched until it has gone and then
 * never again; what was found in it stays found.
 */
import type { LogicalLine } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';

export interface Match {
  text: string;
  /** Of the screen as it was when it was found; negative above it. */
  row: number;
  col: number;
  groups: (string | null)[];
}

/** One place in the searched text. */
export interface Found {
  index: number;
  text: string;
  groups: (string | null)[];
}

/** Finds every place, first to last, as far as somebody asks. */
export type Finder = (searched: string) => Iterable<Found>;

/** Says whether a found place counts. */
export type Counts = (lines: SearchedLines, found: Found) => boolean;

export class LineSearch {
  readonly #session: Session;
  readonly #finder: Finder;
  readonly #counts: Counts | undefined;
  readonly #release: () => void;
  /** Number of the first line that may still have to be searched. */
  #from: number;
  #passed: Match | undefined;

  /** @param from number of the first line to search, see Screen.topLine */
  constructor(session: Session, finder: Finder, from: number, counts?: Counts) {
    this.#session = session;
    this.#finder = finder;
    this.#from = from;
    this.#counts = counts;
    this.#release = session.beginSearch();
  }

  /** @returns a match that counts; 'more' where there is so much to search that others must be served in between */
  find(): Match | 'more' | undefined {
    if (this.#passed) return this.#passed;
    const { screen } = this.#session;
    const searched = new SearchedLines(this.#session, this.#from);
    this.#from = searched.next ?? screen.topLine;
    for (const found of this.#finder(searched.joined)) {
      if (this.#counts && !this.#counts(searched, found)) continue;
      const match = searched.matchAt(found);
      if (match.row < 0) this.#passed = match;
      return match;
    }
    return searched.next === undefined ? undefined : 'more';
  }

  close(): void {
    this.#release();
  }
}

/** Rows above the screen that are searched at once: some milliseconds for any expression. */
const ROWS_AT_ONCE = 250;

/** Lines as one text to search in, and the way back from a place in it to the line. */
export class SearchedLines {
  readonly screen: Session['screen'];
  readonly lines: readonly LogicalLine[];
  readonly texts: readonly string[];
  readonly joined: string;
  /** Number of the line at which to go on; undefined when all has been searched. */
  readonly next: number | undefined;
  /** Where in `joined` each line begins. */
  readonly #starts: number[] = [];

  constructor(session: Session, from: number) {
    const { screen } = session;
    const { lines, next } = screen.logicalLinesSince(from, ROWS_AT_ONCE);
    this.screen = screen;
    this.lines = lines;
    this.next = next;
    this.texts = textsWithCursor(session, lines);
    this.joined = this.texts.join('\n');
    let start = 0;
    for (const { length } of this.texts) {
      this.#starts.push(start);
      start += length + 1;
    }
  }

  /** The line that an index of `joined` lies in, and where in the line. */
  placeOf(index: number): { number: number; offset: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    return { number: low, offset: index - (this.#starts[low] ?? 0) };
  }

  matchAt({ index, text, groups }: Found): Match {
    const { number, offset } = this.placeOf(index);
    return { text, ...(this.lines[number]?.at(offset) ?? { row: 0, col: 0 }), groups };
  }
}

/**
 * A screen does not tell a space from a cell never written; what stands before the cursor counts as text
 * ('$ ' at a prompt).
 */
function textsWithCursor({ screen }: Session, lines: readonly LogicalLine[]): string[] {
  const { cursor } = screen;
  const current = lines.findLastIndex(({ row }) => row <= cursor.row);
  return lines.map((line, index) => {
    const { text } = line;
    if (index !== current) return text;
    const end = line.at(text.length);
    return end.row === cursor.row && end.col < cursor.col ? text + ' '.repeat(cursor.col - end.col) : text;
  });
}

/** The text itself; where it ends in blanks, also the end of a line with room for them. */
export function findsText(text: string, session: Session): Finder {
  const bare = text.trimEnd();
  return function* (searched) {
    for (let index = searched.indexOf(text); index !== -1; index = searched.indexOf(text, index + 1)) {
      yield { index, text, groups: [] };
    }
    if (bare === text || bare === '') return;
    const { cols } = session.screen.size;
    for (const { 0: found, index } of searched.matchAll(/[^\n]+/g)) {
      const hasRoom = (found.length % cols) + text.length - bare.length <= cols;
      if (found.endsWith(bare) && hasRoom)
        yield { index: index + found.length - bare.length, text: bare, groups: [] };
    }
  };
}

/**
 * A regular expression in RE2 syntax; `^` and `$` are the ends of a line. RE2 runs in time linear in its
 * input, so no pattern can stall the daemon.
 * @throws RequestError INVALID_INPUT for a pattern that cannot be compiled
 */
export async function findsRegex(pattern: string): Promise<Finder> {
  // Loaded with the first wait that has one: it costs more than the rest of the daemon's start.
  const { compileRegex } = await import('./regex.ts');
  const regex = compileRegex(pattern);
  return function* (searched) {
    const matcher = regex.matcher(searched);
    while (matcher.find()) {
      const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1));
      yield { index: matcher.start(), text: matcher.group() ?? '', groups };
    }
  };
}
