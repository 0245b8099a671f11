/**
 * Waiting on many sessions as one: for the first that is ready, or for all of them.
 *
 * A session is ready when the conditions hold in it, or when it has ended without. A client that passes
 * the cursor of the last answer back gets what became ready since, and nothing twice; a session that
 * starts, ends or gets its tag meanwhile is included. An ended session is looked at as long as it is
 * retained.
 */
import { BoundedMap, type ParsedParams, type Result } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import { requireGivenOut } from '../cursor.ts';
import { msAfter, nextMoment } from '../moment.ts';
import { lastShownLine } from '../search/last-lines.ts';
import { lineOfMatch } from '../search/line-of-match.ts';
import type { Match } from '../search/line-search.ts';
import { matchNow } from '../search/match-now.ts';
import { isSelected, requireNamed } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { Announcer, type Limits, until } from '../until.ts';
import { asAnswer } from '../work-state/as-answer.ts';
import { Checkpoints, type From } from './checkpoints.ts';
import { outcomeOf } from './condition-set.ts';
import { loadPatterns } from './conditions.ts';
import type { KeptWaits, Patience } from './kept-waits.ts';
import { Member } from './member.ts';
import { workStateOf } from './work-state.ts';

type Params = ParsedParams<'sessions.wait'>;
type Answer = Result<'sessions.wait'>;
type Ready = Answer['ready'][number];

/** So many of those that are not ready are named. */
const MAX_NAMED = 100;

/** Some two hundred bytes each; as many as the ends that are retained. */
const MAX_OLD_NEWS = 10_000;

const checkpoints = new Checkpoints();

/** @throws RequestError SESSION_NOT_FOUND for a name that no session has; INVALID_INPUT for an expression that does not compile */
export async function waitForMany(
  waits: KeptWaits,
  store: SessionStore,
  params: Params & Pick<Patience, 'hasGoneOn'>,
  call: Call,
): Promise<Answer> {
  requireNamed(store, params);
  requireGivenOut(params.after);
  requireGivenOut(params.asked_at);
  const fleet = new Fleet(store, params);
  const wait = {
    async until(deadline: Limits) {
      await fleet.gather();
      return await fleet.untilReady(deadline);
    },
    answer: (isReady: boolean, timeoutMs: number) => fleet.answer(isReady, timeoutMs),
    close: () => fleet.close(),
  };
  return await waits.answer('sessions.wait', wait, params, call);
}

type Named = Pick<Session, 'id' | 'name' | 'tags'>;

/** Of a race to be idle. */
interface RaceOptions {
  /** Silence before this moment does not count. */
  idleFrom?: number;
  /** Generation of the last answer: what is not later was returned. */
  reportedUpTo?: number;
}

export class Fleet {
  readonly #store: SessionStore;
  readonly #params: Params;
  readonly #race: RaceOptions;
  readonly #beganAt: number;
  /** The conditions, as a name that other waits for the same have too. */
  readonly #forWhat: string;
  readonly #members = new Map<string, Member>();
  /** By the session they are about. */
  readonly #unwatch = new Map<string, () => void>();
  #unwatchStore: (() => void)[] = [];
  /** The last news of members that are no longer retained. */
  readonly #oldNews = new BoundedMap<string, { subject: Named; news: Ready | undefined }>(MAX_OLD_NEWS);
  #isClosed = false;
  readonly #changed = new Announcer();

  constructor(store: SessionStore, params: Params, race: RaceOptions = {}) {
    this.#store = store;
    this.#params = params;
    this.#race = race;
    this.#beganAt = params.asked_at ?? nextMoment();
    this.#forWhat = nameOf(params);
  }

  /** @throws RequestError INVALID_INPUT for an expression that does not compile */
  async gather(): Promise<void> {
    await loadPatterns(this.#params);
    if (this.#isClosed) return;
    this.#unwatchStore = [
      this.#store.watch((session) => this.#follow(session)),
      this.#store.watchEvicted((session) => this.#leave(session)),
    ];
    // What was printed before the question is neither silence nor a change.
    for (const session of this.#store.live) session.arrived.catchUp();
    for (const session of [...this.#store.ended, ...this.#store.live]) this.#follow(session);
  }

  untilReady(deadline: Limits): Promise<boolean> {
    return until(this.#changed, () => this.#isReady(), deadline);
  }

  answer(isReady: boolean, timeoutMs: number): Omit<Answer, 'duration_ms'> {
    const members = this.#meant();
    const ready = [
      ...members.map((member) => this.#news(member)),
      ...this.#newsOfOld(),
      ...this.#evictedNews(),
    ]
      .filter((one) => one !== undefined)
      .sort((a, b) => a.event_cursor - b.event_cursor);
    const waiting = members.filter(({ isOpen }) => isOpen).map(({ session }) => session);
    const cursor = nextMoment();
    for (const member of members) this.#keep(member, cursor);
    return {
      type: 'sessions_wait_result',
      outcome: isReady ? (ready.find(({ holds }) => holds)?.outcome ?? 'exited') : 'deadline',
      ready,
      waiting: waiting.slice(0, MAX_NAMED).map((session) => ({
        ...session.reference,
        idle_ms: Math.round(session.times.idleMs),
        last_line: lastShownLine(session),
      })),
      remaining: waiting.length,
      event_cursor: cursor,
      ...(!isReady && { note: this.#whyNot(members.length, waiting.length, timeoutMs) }),
    };
  }

  #whyNot(meant: number, waiting: number, timeoutMs: number): string {
    const passed = `Timed out after ${timeoutMs} ms`;
    const list = "'pilotty list-sessions --all' lists all sessions.";
    if (meant === 0) return `${passed}: no session matches. ${list}`;
    if (waiting === 0) {
      const since = this.#params.after === undefined ? 'wait' : 'cursor';
      return `${passed}: nothing new, every session was ready, or had ended, before the ${since}. ${list}`;
    }
    return `${passed}: ${waiting === 1 ? 'one session was' : `${waiting} sessions were`} not ready. 'pilotty gather' shows what they printed last.`;
  }

  close(): void {
    this.#isClosed = true;
    for (const unwatch of [...this.#unwatchStore, ...this.#unwatch.values()]) unwatch();
    for (const member of this.#members.values()) member.close();
  }

  /** Also a session that is not meant: it may be given the tag or the name. */
  #follow(session: Session): void {
    this.#unwatch.set(
      session.id,
      session.watch((event) => {
        const member = this.#members.get(session.id);
        if (member !== undefined) member.happened(event);
        else if (event !== 'output' && event !== 'drawn') this.#join(session);
      }),
    );
    this.#join(session);
  }

  /** What it was is kept, and not the session with its screen and output. */
  #leave(session: Session): void {
    const { id, name } = session;
    this.#unwatch.get(id)?.();
    this.#unwatch.delete(id);
    const member = this.#members.get(id);
    if (!member) return;
    this.#oldNews.set(id, { subject: { id, name, tags: new Set(session.tags) }, news: this.#news(member) });
    member.close();
    this.#members.delete(id);
  }

  #join(session: Session): void {
    if (this.#isClosed || this.#members.has(session.id) || !isSelected(session, this.#params)) return;
    const member = new Member(session, {
      awaited: this.#params,
      from: this.#fromOf(session),
      idleFrom: this.#race.idleFrom,
      changed: () => this.#changed.announce(),
    });
    this.#members.set(session.id, member);
    member.ask();
  }

  #fromOf(session: Session): From {
    const { after } = this.#params;
    if (after !== undefined) return checkpoints.find(session, after, this.#forWhat, this.#beganAt);
    return { after: undefined, look: undefined, askedAt: this.#beganAt };
  }

  /** For a wait that goes on from this answer. */
  #keep(member: Member, cursor: number): void {
    const { session, from, isOpen, isSearched } = member;
    if (isOpen) checkpoints.keepOpen(session, cursor, { conditions: this.#forWhat, from, isSearched });
    if (this.#params.text !== undefined || this.#params.regex !== undefined)
      checkpoints.keepLook(session, cursor);
  }

  #isReady(): boolean {
    const members = this.#meant();
    const isNews =
      members.some((member) => this.#news(member) !== undefined) ||
      this.#newsOfOld().length > 0 ||
      this.#evictedNews().length > 0;
    return isNews && !(this.#params.all && members.some(({ isOpen }) => isOpen));
  }

  /** Of the ended sessions of a name only the newest, and none where a live one has it: as a name means elsewhere. */
  #meant(): Member[] {
    const members = [...this.#members.values()].filter(({ session }) => isSelected(session, this.#params));
    const newest = new Map(members.map(({ session }) => [session.name, session]));
    return members.filter(
      ({ session }) => newest.get(session.name) === session || !this.#isSelectedByName(session),
    );
  }

  #isSelectedByName({ id, name, tags: has }: Session): boolean {
    const { sessions, tags = [] } = this.#params;
    if (sessions === undefined || tags.some((tag) => has.has(tag))) return false;
    return sessions.includes(name) && !sessions.includes(id);
  }

  #newsOfOld(): Ready[] {
    return [...this.#oldNews.values()].flatMap(({ subject, news }) =>
      news && isSelected(subject, this.#params) ? [news] : [],
    );
  }

  /** Sessions that ended since the cursor and are no longer retained: only their end is known. */
  #evictedNews(): Ready[] {
    const { after, exit, text, regex } = this.#params;
    if (after === undefined) return [];
    return this.#store.evicted
      .since(after)
      .filter(
        (end) => !this.#members.has(end.id) && !this.#oldNews.has(end.id) && isSelected(end, this.#params),
      )
      .map((end) => ({
        session: end.name,
        session_id: end.id,
        outcome: 'exited',
        holds: exit && text === undefined && regex === undefined,
        evicted: true,
        event_cursor: end.ended,
        revision: end.revision,
        ...(end.exit && { exit: end.exit }),
      }));
  }

  /** The moment up to which a race has returned ends: see generationOf(). What ends from now on is news in any case. */
  get #reportedBefore(): number | undefined {
    const { reportedUpTo } = this.#race;
    if (reportedUpTo === undefined) return undefined;
    return Math.min(this.#beganAt, msAfter(reportedUpTo, this.#params.idle_ms ?? 0));
  }

  /**
   * Without a cursor a wait is about sessions that run. Of those that ended before it, only what they printed and that
   * they ended is looked for, or what a client that names one asks of it.
   */
  #isBygone({ id, name, times }: Session): boolean {
    const { ended } = times;
    const { after, exit, text, regex, sessions = [] } = this.#params;
    if (ended === undefined || after !== undefined || times.knownAt(ended) > this.#beganAt) return false;
    const isLookedFor = exit || text !== undefined || regex !== undefined;
    return !isLookedFor && !sessions.includes(id) && !sessions.includes(name);
  }

  /** What there is to tell of a session; undefined while it is not ready, or was so before. */
  #news({ session, from, held, goesOn }: Member): Ready | undefined {
    const { exit, times } = session;
    const { reportedUpTo = 0 } = this.#race;
    const facts = {
      ...session.reference,
      revision: session.revision,
      ...(this.#params.state !== undefined && asAnswer(workStateOf(session).known)),
    };
    if (held !== undefined) {
      if (times.generation(this.#params.idle_ms ?? 0) <= reportedUpTo || this.#isBygone(session))
        return undefined;
      const { since, match, exit: awaited = exit } = held;
      const outcome = outcomeOf(held, this.#params);
      return {
        ...facts,
        outcome,
        holds: true,
        event_cursor: times.knownAt(since),
        ...(match && foundIn(session, match)),
        ...(awaited && { exit: awaited }),
      };
    }
    // Without a cursor, one that had ended before is no news.
    const { ended } = times;
    const after = from.after ?? times.newsAfter(this.#reportedBefore ?? from.askedAt);
    if (ended === undefined || ended <= after || goesOn) return undefined;
    const event_cursor = times.knownAt(ended);
    return { ...facts, outcome: 'exited', holds: false, event_cursor, ...(exit && { exit }) };
  }
}

/** A long line would outweigh all the others. */
const MAX_LINE = 500;

function foundIn(session: Session, found: Match): Pick<Ready, 'match' | 'line'> {
  const line = lineOfMatch(found, MAX_LINE);
  return { match: matchNow(session, found), ...(line !== undefined && { line }) };
}

/** What does not say what is waited for, but of which sessions, from where and for how long. */
const NO_CONDITIONS = {
  sessions: undefined,
  tags: undefined,
  scope: undefined,
  all: undefined,
  after: undefined,
  timeout_ms: undefined,
  keep_ms: undefined,
  resume: undefined,
  asked_at: undefined,
};

/** The same for all waits that wait for the same. */
function nameOf(params: Params): string {
  return JSON.stringify({ ...params, ...NO_CONDITIONS });
}
