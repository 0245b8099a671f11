import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { Result } from '@pilotty/protocol';
import { Deadline } from '../call.ts';
import { MAX_MATCHES } from '../limits.ts';
import { type Finder, finderOf, piecesOf } from '../search/finder.ts';
import { type PrintedLine, printedLines } from '../search/printed-lines.ts';
import type { Session } from '../session/session.ts';
import { parsedUpTo } from '../waiting/conditions.ts';
import { waitUntil } from '../waiting/wait.ts';
import { sessionsToRead } from './gather.ts';
import type { Handlers } from './handler.ts';

type Match = Result<'sessions.grep'>['matches'][number];
type NotSearched = NonNullable<Result<'sessions.grep'>['not_searched']>[number];

export const grepHandlers: Handlers<'sessions.grep'> = {
  'sessions.grep': async (services, params, call) => {
    const sessions = sessionsToRead(services.sessions, params);
    const finder = await finderOf(params);
    const deadline = new Deadline(call, params.timeout_ms);
    const search = new Search(finder, deadline, params.max);
    try {
      for (const session of sessions) await search.lookIn(session);
      const { matches, isTruncated, notSearched } = search;
      return {
        type: 'grep_result',
        matches,
        searched: sessions.length,
        ...(isTruncated && { truncated: true }),
        ...(notSearched.length > 0 && { not_searched: notSearched }),
      };
    } finally {
      deadline.close();
    }
  },
};

/** Others are served after so much of searching. */
const TURN_MS = 4;
/** Of a line in an answer, and how much of that stands before the match. */
const SHOWN_LENGTH = 1000;
const SHOWN_BEFORE = 200;

class Search {
  readonly matches: Match[] = [];
  readonly notSearched: NotSearched[] = [];
  isTruncated = false;
  readonly #finder: Finder;
  readonly #deadline: Deadline;
  readonly #max: number;
  #turnEndsAt = performance.now() + TURN_MS;

  constructor(finder: Finder, deadline: Deadline, max: number) {
    this.#finder = finder;
    this.#deadline = deadline;
    this.#max = max;
  }

  async lookIn(session: Session): Promise<void> {
    // What had arrived when it was asked is searched, and the screen is drawn up to it.
    await waitUntil(session, parsedUpTo(session), this.#deadline);
    const most = Math.min(MAX_MATCHES, this.matches.length + this.#max);
    for (const lines of printedLines(session, (bytes) => this.#missed(session, bytes))) {
      for (const line of lines) {
        const isShort = line.text.length <= this.#finder.pieceLength;
        const index = isShort ? this.#finder.indexIn(line.text) : await this.#indexInLong(line.text);
        if (this.#isTurnOver) await this.#letOthers();
        if (this.#deadline.signal.aborted || (index !== -1 && this.matches.length >= most)) {
          this.isTruncated = true;
          return;
        }
        if (index !== -1) this.matches.push(matchOf(session, line, index));
      }
      if (this.#isTurnOver) await this.#letOthers();
    }
  }

  #missed({ reference }: Session, bytes: number): void {
    const last = this.notSearched.at(-1);
    if (last?.session_id === reference.session_id) last.missed_bytes += bytes;
    else this.notSearched.push({ ...reference, truncated: true, missed_bytes: bytes });
  }

  async #indexInLong(line: string): Promise<number> {
    for (const { piece, from } of piecesOf(line, this.#finder.pieceLength)) {
      const index = this.#finder.indexIn(piece);
      if (index !== -1) return from + index;
      if (this.#isTurnOver) await this.#letOthers();
      if (this.#deadline.signal.aborted) break;
    }
    return -1;
  }

  get #isTurnOver(): boolean {
    return performance.now() >= this.#turnEndsAt;
  }

  async #letOthers(): Promise<void> {
    await turnOfEventLoop();
    this.#turnEndsAt = performance.now() + TURN_MS;
  }
}

function matchOf({ reference }: Session, { text, where, number, row }: PrintedLine, index: number): Match {
  return {
    ...reference,
    where,
    line: around(text, index),
    ...(number !== undefined && { line_number: number }),
    ...(row !== undefined && { row }),
  };
}

function around(text: string, index: number): string {
  if (text.length <= SHOWN_LENGTH) return text;
  const from = Math.max(0, index - SHOWN_BEFORE);
  return text.slice(from, from + SHOWN_LENGTH);
}
