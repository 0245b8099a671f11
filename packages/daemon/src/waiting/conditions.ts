/** What can be waited for: each a function of the session as it is now. */
import { RequestError } from '@pilotty/protocol';
import type { LogicalLine } from '@pilotty/terminal';
import { RE2JS, RE2JSSyntaxException } from 're2js';
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

/** The text stands on the screen; a line that only wrapped at the edge counts as one. */
export function showsText(session: Session, text: string): () => Answer<Match> {
  return () => {
    const { lines, joined } = searchable(session);
    const index = joined.indexOf(text);
    return index === -1 ? NOT_YET : { holds: matchAt(lines, index, text, []) };
  };
}

/**
 * A regular expression in RE2 syntax matches in the lines of the screen; `^` and `$` are the ends of a line.
 * RE2 runs in time linear in its input, so no pattern can stall the daemon.
 * @throws RequestError INVALID_INPUT for a pattern that cannot be compiled
 */
export function matchesRegex(session: Session, pattern: string): () => Answer<Match> {
  const regex = compile(pattern);
  return () => {
    const { lines, joined } = searchable(session);
    const found = regex.matcher(joined);
    if (!found.find()) return NOT_YET;
    const groups = Array.from({ length: found.groupCount() }, (_, index) => found.group(index + 1));
    return { holds: matchAt(lines, found.start(), found.group() ?? '', groups) };
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.MULTILINE);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new RequestError('INVALID_INPUT', `The regular expression does not compile: ${error.message}`, {
      suggestion: 'Use RE2 syntax (no look-around, no back-references), or leave out --regex for plain text.',
    });
  }
}

function searchable(session: Session): { lines: LogicalLine[]; joined: string } {
  const lines = session.screen.logicalLines();
  return { lines, joined: lines.map(({ text }) => text).join('\n') };
}

function matchAt(
  lines: readonly LogicalLine[],
  index: number,
  text: string,
  groups: (string | null)[],
): Match {
  let offset = index;
  for (const line of lines) {
    if (offset <= line.text.length) return { text, ...line.at(offset), groups };
    offset -= line.text.length + 1;
  }
  return { text, row: 0, col: 0, groups };
}
