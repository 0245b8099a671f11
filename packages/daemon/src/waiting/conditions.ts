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

/** The text stands on the screen; a line that only wrapped at the edge counts as one, and blanks to its right as spaces. */
export function showsText(session: Session, text: string): () => Answer<Match> {
  return () => {
    const { lines, texts, joined } = searchable(session, text.endsWith(' ') ? 'edge' : 'cursor');
    const index = joined.indexOf(text);
    return index === -1 ? NOT_YET : { holds: matchAt(lines, texts, index, text, []) };
  };
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
    const { lines, texts, joined } = searchable(session, 'cursor');
    const found = regex.matcher(joined);
    if (!found.find()) return NOT_YET;
    const groups = Array.from({ length: found.groupCount() }, (_, index) => found.group(index + 1));
    return { holds: matchAt(lines, texts, found.start(), found.group() ?? '', groups) };
  };
}

interface Searchable {
  lines: LogicalLine[];
  texts: string[];
  joined: string;
}

/**
 * The lines of the screen. A screen does not tell a space from a cell never written; what stands
 * before the cursor counts as text ('$ ' at a prompt), and with 'edge' all of each row does.
 */
function searchable({ screen }: Session, upTo: 'cursor' | 'edge'): Searchable {
  const lines = screen.logicalLines();
  const { cursor, size } = screen;
  const texts = lines.map((line) => {
    const { text } = line;
    const end = line.at(text.length);
    if (upTo === 'edge') return text + ' '.repeat(Math.max(0, size.cols - end.col));
    return end.row === cursor.row && end.col < cursor.col ? text + ' '.repeat(cursor.col - end.col) : text;
  });
  return { lines, texts, joined: texts.join('\n') };
}

function matchAt(
  lines: readonly LogicalLine[],
  texts: readonly string[],
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
