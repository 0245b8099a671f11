/** What can be waited for: each a function of the session as it is now. */
import type { LogicalLine } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';
import type { Answer, NotYet } from './wait.ts';

export interface Match {
  text: string;
  row: number;
  col: number;
  groups: (string | null)[];
}

export const NOT_YET: NotYet = {};

/** Everything that had arrived when the wait began is drawn, and the screen is not in the middle of a frame. */
export function drawnUpTo(session: Session): () => Answer<true> {
  const { seq } = session;
  return () => (session.drawnSeq >= seq ? { holds: true } : NOT_YET);
}

/** The screen differs from the one with this hash or revision. */
export function changed(session: Session, baseline: number): () => Answer<true> {
  return () =>
    session.contentHash !== baseline && session.revision !== baseline ? { holds: true } : NOT_YET;
}

/** The screen has been as it is for so long. Stillness before the wait counts, stillness before the last input does not. */
export function settled(session: Session, settleMs: number): () => Answer<true> {
  let seen = session.revision;
  let stillSince = performance.now() - session.stillMs;
  return () => {
    const now = performance.now();
    if (session.revision !== seen) {
      seen = session.revision;
      stillSince = now;
    }
    const left = stillSince + settleMs - now;
    return left <= 0 ? { holds: true } : { askAgainInMs: left };
  };
}

/** A program that starts draws its first screen in several writes, this close together. */
const FIRST_FRAME_QUIET_MS = 50;

/** The program has drawn something and paused, or has had its time and drawn nothing. */
export function firstFrame(session: Session): () => Answer<'drawn' | 'nothing'> {
  return () => {
    const quietLeftMs = FIRST_FRAME_QUIET_MS - session.stillMs;
    const { youthLeftMs } = session;
    if (session.isBlank) return youthLeftMs <= 0 ? { holds: 'nothing' } : { askAgainInMs: youthLeftMs };
    if (quietLeftMs <= 0 || youthLeftMs <= 0) return { holds: 'drawn' };
    return { askAgainInMs: Math.min(quietLeftMs, youthLeftMs) };
  };
}

/** The text stands on the screen; a line that only wrapped at the edge counts as one, and blanks to its right as spaces. */
export function showsText(session: Session, text: string): () => Answer<Match> {
  const bare = text.trimEnd();
  return () => {
    const found = searchable(session);
    const index = found.joined.indexOf(text);
    if (index !== -1) return { holds: matchAt(found, index, text, []) };
    const line =
      bare === text ? undefined : found.lines.find((line) => hasBlanksAfter(session, line, bare, text));
    if (!line) return NOT_YET;
    return { holds: { text, ...line.at(line.text.length - bare.length), groups: [] } };
  };
}

/** The line ends with `bare`, and there is room on the screen for the spaces that `text` has behind it. */
function hasBlanksAfter({ screen }: Session, line: LogicalLine, bare: string, text: string): boolean {
  if (!line.text.endsWith(bare)) return false;
  return line.at(line.text.length).col + text.length - bare.length <= screen.size.cols;
}

/**
 * A regular expression in RE2 syntax matches in the lines of the screen; `^` and `$` are the ends of a line.
 * RE2 runs in time linear in its input, so no pattern can stall the daemon.
 * @throws RequestError INVALID_INPUT for a pattern that cannot be compiled
 */
export async function matchesRegex(session: Session, pattern: string): Promise<() => Answer<Match>> {
  const { compileRegex } = await import('./regex.ts');
  const regex = compileRegex(pattern);
  return () => {
    const searched = searchable(session);
    const found = regex.matcher(searched.joined);
    if (!found.find()) return NOT_YET;
    const groups = Array.from({ length: found.groupCount() }, (_, index) => found.group(index + 1));
    return { holds: matchAt(searched, found.start(), found.group() ?? '', groups) };
  };
}

interface Searchable {
  lines: LogicalLine[];
  texts: string[];
  joined: string;
}

/**
 * The lines of the screen. A screen does not tell a space from a cell never written; what stands before
 * the cursor counts as text ('$ ' at a prompt).
 */
function searchable({ screen }: Session): Searchable {
  const lines = screen.logicalLines();
  const { cursor } = screen;
  const current = lines.findLastIndex(({ row }) => row <= cursor.row);
  const texts = lines.map((line, index) => {
    const { text } = line;
    if (index !== current) return text;
    const end = line.at(text.length);
    return end.row === cursor.row && end.col < cursor.col ? text + ' '.repeat(cursor.col - end.col) : text;
  });
  return { lines, texts, joined: texts.join('\n') };
}

function matchAt(
  { lines, texts }: Searchable,
  index: number,
  text: string,
  groups: (string | null)[],
): Match {
  let offset = index;
  for (const [number, line] of lines.entries()) {
    const length = texts[number]?.length ?? 0;
    if (offset <= length) return { text, ...line.at(offset), groups };
    offset -= length + 1;
  }
  return { text, row: 0, col: 0, groups };
}
