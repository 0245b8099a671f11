/**
 * Looks for text in the lines a session shows, and in those that have scrolled off its screen since the
 * search began: whatever speed a program prints at, no line passes unseen (Session.beginSearch).
 *
 * What has left the screen can no longer change, so each line is searched until it has gone and then
 * never again; what was found in it stays found. The bytes that came since the last look tell whether there is
 * anything to search for at all (left-to-right.ts): mostly there is not, and only the line that they go on with is
 * searched. What is the same for all searches of a session, the text of its lines and what its bytes wrote, is made
 * once for all that ask at the same moment. A search that takes long slows the program it looks at,
 * never the daemon: nothing more of that session is drawn for as long as the search took.
 */
import type { LogicalLine, Searchable } from '@pilotty/terminal';
import type { WordSearch } from '../pty/passing-words.ts';
import type { Session } from '../session/session.ts';
import type { Finder, Found } from './finders.ts';
import { mayHavePrinted, writtenLeftToRight } from './left-to-right.ts';

export interface Match {
  text: string;
  /** Of the screen as it was when it was found; negative above it. See matchNow(). */
  row: number;
  /** Number of its row, see Screen.topLine. */
  line: number;
  col: number;
  /** All of the line, also where it wraps, as it was when it was found. */
  lineText: string;
  groups: (string | null)[];
  /** It stood there before the last input. */
  old?: true;
}

/** Says whether a found place counts: because it is new, or only where what stood there before counts as well. */
export type Counts = (lines: SearchedLines, found: Found) => 'new' | 'old' | undefined;

/** Others are served for as long as a search has taken, where it has taken longer than this. */
export const LONG_SEARCH_MS = 4;

/** When all had been searched: how it was. The first line of the screen was the one the search goes on from. */
interface Searched {
  /** How much output the screen included. */
  bytes: number;
  cols: number;
  rows: number;
  /** Where on the screen the line began that the cursor stood on. */
  lineRow: number;
  /** What was written from left to right then came to stand on blank rows, see Screen. */
  isAtBottom: boolean;
  /** Something was found that did not count, and may count later. */
  hasFound: boolean;
  /** What stands before the cursor of a program that has ended is text as any other. */
  isExited: boolean;
}

export class LineSearch {
  readonly #session: Session;
  readonly #finder: Finder;
  readonly #counts: Counts;
  readonly #oldCounts: () => boolean;
  readonly #words: WordSearch;
  /** Number of the first line that may still have to be searched. */
  #from: number;
  #searched: Searched | undefined;
  #passed: Match | undefined;
  #hasFound = false;

  /**
   * @param from number of the first line to search, see Screen.topLine
   * @param oldCounts is asked when something old was found on the screen, and nothing new anywhere
   * @param words looks for the finder's in the output as it arrives
   */
  constructor(
    session: Session,
    finder: Finder,
    from: number,
    counts: Counts,
    oldCounts: () => boolean,
    words: WordSearch = session.beginSearch(finder.sought),
  ) {
    this.#session = session;
    this.#finder = finder;
    this.#from = from;
    this.#counts = counts;
    this.#oldCounts = oldCounts;
    this.#words = words;
  }

  /** Number of the first line that is to be searched next. */
  get first(): number {
    this.#passCalm();
    return this.#from;
  }

  /** @returns a match that counts; 'more' where there is so much to search that others must be served in between */
  find(): Match | 'more' | undefined {
    if (this.#passed) return this.#passed;
    if (this.foundNothing && this.#isAsItWas()) return undefined;
    const began = performance.now();
    this.#passCalm();
    const before = this.#searched;
    this.#searched = undefined;
    this.#hasFound = false;
    const hasNothingNew = before !== undefined && this.#hasPrintedNothing(before);
    if (hasNothingNew && !before.hasFound) return this.#findOnLinesOf(before);
    /** Lines that have left the screen, where no more of them need be searched. */
    let enough = hasNothingNew && this.#hasLeft(before) ? before.rows : undefined;
    for (;;) {
      const searched = new SearchedLines(this.#session, this.#from, enough ?? this.#finder.rowsAtOnce);
      const match = this.#firstThatCounts(searched);
      const { topLine } = this.#session.screen;
      const isPart = match === undefined && searched.next !== undefined;
      this.#from = enough === undefined ? (searched.next ?? topLine) : topLine;
      const tookMs = performance.now() - began;
      if (isPart && (enough !== undefined || tookMs < LONG_SEARCH_MS)) {
        enough = undefined;
        continue;
      }
      // Lines not searched yet must not be lost meanwhile.
      if (isPart || tookMs >= LONG_SEARCH_MS) this.#session.pauseParsing(tookMs);
      if (isPart) return 'more';
      this.#allSearched();
      return match;
    }
  }

  /** All was searched, and nothing was found, neither what counts nor what does not. */
  get foundNothing(): boolean {
    return this.#searched?.hasFound === false && this.#passed === undefined;
  }

  /** Nothing has been drawn since. */
  #isAsItWas(): boolean {
    const { screen, parsedBytes, isExited } = this.#session;
    const { cols, rows } = screen.size;
    const { bytes, ...then } = this.#searched as Searched;
    return bytes === parsedBytes && cols === then.cols && rows === then.rows && isExited === then.isExited;
  }

  /** Whether all was searched, and nothing that could be found has been printed since: find() would find nothing. */
  isUnaffected(): boolean {
    this.#passCalm();
    const searched = this.#searchedInVain();
    const { screen, parsedBytes } = this.#session;
    if (searched === undefined || !this.#words.isAbsent(searched.bytes, parsedBytes)) return false;
    this.#goOnFrom(searched, parsedBytes, screen.topLine);
    return true;
  }

  /** It need not be asked after each piece of calm output, and goes on from the end of that. */
  #passCalm(): void {
    const searched = this.#searchedInVain();
    const { from, to, topLine } = this.#session.calm;
    if (searched !== undefined && searched.bytes >= from && searched.bytes < to)
      this.#goOnFrom(searched, to, topLine);
  }

  /** On a screen on which output that writes from left to right changes nothing of what was searched. */
  #searchedInVain(): Searched | undefined {
    const searched = this.#searched;
    if (searched === undefined || searched.hasFound || !searched.isAtBottom) return undefined;
    const { cols, rows } = this.#session.screen.size;
    return cols === searched.cols && rows === searched.rows ? searched : undefined;
  }

  #goOnFrom(searched: Searched, bytes: number, topLine: number): void {
    searched.bytes = bytes;
    // The line that the cursor is on goes on, and may have begun anywhere on the screen.
    searched.lineRow = 0;
    this.#from = topLine;
  }

  /** Above the cursor's line of then nothing was found, and what has been written since has changed nothing there. */
  #findOnLinesOf({ rows, lineRow }: Searched): Match | undefined {
    const searched = new SearchedLines(this.#session, this.#from + lineRow, rows - lineRow);
    const match = this.#firstThatCounts(searched);
    this.#from = this.#session.screen.topLine;
    this.#allSearched();
    return match;
  }

  #allSearched(): void {
    const { screen, parsedBytes, isExited } = this.#session;
    let lineRow = screen.cursor.row;
    while (lineRow > 0 && screen.linesBetween(lineRow, lineRow)[0]?.isWrapped) lineRow--;
    const isAtBottom = screen.scrollsAtLineEnds;
    const hasFound = this.#hasFound;
    this.#searched = { bytes: parsedBytes, ...screen.size, lineRow, isAtBottom, hasFound, isExited };
  }

  /** Since all was searched, nothing was written that could be found on lines that were not on the screen then. */
  #hasPrintedNothing({ bytes, cols, rows }: Searched): boolean {
    const { screen, retention } = this.#session;
    const { word } = this.#finder;
    if (word === undefined) return false;
    if (cols !== screen.size.cols || rows !== screen.size.rows || retention.start > bytes) return false;
    return screen.modes.wraparound && !mayHavePrinted(word, writtenSince(this.#session, bytes));
  }

  /** Nothing of what was on the screen then is on it now. */
  #hasLeft({ rows }: Searched): boolean {
    return this.#session.screen.topLine - this.#from > rows;
  }

  #firstThatCounts(searched: SearchedLines): Match | undefined {
    let old: Match | undefined;
    for (const found of this.#finder.find(searched.text)) {
      this.#hasFound = true;
      const counts = this.#counts(searched, found);
      if (counts === undefined || (counts === 'old' && old)) continue;
      const match = searched.matchAt(found);
      if (counts === 'new') {
        if (match.row < 0) this.#passed = match;
        return match;
      }
      // What stood there before counts as long as it is shown.
      if (match.row >= 0) old = { ...match, old: true };
    }
    return old && this.#oldCounts() ? old : undefined;
  }

  close(): void {
    this.#words.end();
    lastSearchables.delete(this.#session);
    lastWritten.delete(this.#session);
  }
}

/** What the output since an offset wrote, where it wrote from left to right; the same for all who ask now. */
function writtenSince(session: Session, offset: number): string | undefined {
  const { parsedBytes } = session;
  const known = lastWritten.get(session);
  if (known?.from === offset && known.to === parsedBytes) return known.written;
  const written = writtenLeftToRight(session.retention.read(offset, parsedBytes - offset));
  lastWritten.set(session, { from: offset, to: parsedBytes, written });
  return written;
}

const lastWritten = new WeakMap<Session, { from: number; to: number; written: string | undefined }>();

/** Lines as one text to search in, and the way back from a place in it to the line. */
export class SearchedLines {
  readonly screen: Session['screen'];
  readonly text: string;
  /** Number of the line at which to go on; undefined when all has been searched. */
  readonly next: number | undefined;
  readonly #session: Session;
  readonly #searchable: Searchable;
  #lines: LogicalLine[] | undefined;

  constructor(session: Session, from: number, rowsAtOnce: number) {
    this.screen = session.screen;
    this.#session = session;
    this.#searchable = searchableOf(session, from, rowsAtOnce);
    this.text = this.#searchable.text;
    this.next = this.#searchable.next;
  }

  /** Most searches find nothing, and never need to know where it would be. */
  get lines(): readonly LogicalLine[] {
    this.#lines ??= this.#searchable.lines();
    return this.#lines;
  }

  get lineCount(): number {
    return this.#searchable.starts.length;
  }

  /** What has come after it is known, and goes on with none of its lines. */
  get isErasedNext(): boolean {
    return this.#session.arrived.erasesNext;
  }

  /** As it was searched: what stands before the cursor counts as text. */
  lineText(number: number): string {
    const { starts } = this.#searchable;
    const end = starts[number + 1];
    return this.text.slice(starts[number], end === undefined ? undefined : end - 1);
  }

  /** The line that an index of the text lies in, and where in the line. */
  placeOf(index: number): { number: number; offset: number } {
    const { starts } = this.#searchable;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    return { number: low, offset: index - (starts[low] ?? 0) };
  }

  matchAt({ index, text, groups }: Found): Match {
    const { number, offset } = this.placeOf(index);
    const place = this.lines[number]?.at(offset) ?? { row: 0, col: 0 };
    const line = this.screen.topLine + place.row;
    return { text, ...place, line, lineText: this.lineText(number), groups };
  }
}

/** Two screens of most sizes. */
const KEPT_LINES = 200;
/** Of so many lines, or fewer: all that one piece of output can bring, a part at a time. */
const KEPT_PARTS = 128;

/** As Screen.searchable(): the same for all who ask before the screen changes. */
function searchableOf(session: Session, from: number, rowsAtOnce: number): Searchable {
  const { screen, parsedBytes, isExited } = session;
  const { cols, rows } = screen.size;
  const moment = [parsedBytes, cols, rows, isExited].join();
  let known = lastSearchables.get(session);
  if (known?.moment !== moment) known = { moment, parts: new Map() };
  const asked = `${from} ${rowsAtOnce}`;
  const part = known.parts.get(asked);
  if (part !== undefined) return part;
  const searchable = screen.searchable(from, rowsAtOnce);
  // A session without a search keeps little more than its screen.
  if (searchable.starts.length <= KEPT_LINES && known.parts.size < KEPT_PARTS) {
    known.parts.set(asked, searchable);
    lastSearchables.set(session, known);
  }
  return searchable;
}

const lastSearchables = new WeakMap<Session, { moment: string; parts: Map<string, Searchable> }>();

/** The screen as it is now, without what has scrolled off it. */
export function screenOf(session: Session): SearchedLines {
  return new SearchedLines(session, session.screen.topLine, Number.POSITIVE_INFINITY);
}

/** Where the last of a text stands to the left of the cursor, on its row. */
export function placeBeforeCursor({ screen }: Session, text: string): { row: number; col: number } {
  const { row, col } = screen.cursor;
  const line = screen.logicalLines().findLast((candidate) => candidate.row <= row);
  if (line === undefined) return { row, col };
  for (
    let index = line.text.lastIndexOf(text);
    index !== -1;
    index = line.text.lastIndexOf(text, index - 1)
  ) {
    const place = line.at(index);
    if (place.row === row && place.col < col) return place;
    if (index === 0) break;
  }
  return { row, col };
}
