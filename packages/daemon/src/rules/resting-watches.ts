/**
 * The rules that look for texts in one session, as long as nothing of those is there: one search for all. What one of them costs
 * by itself, to wait for it and to ask it, is a hundred times as much, and a daemon may have fifty thousand.
 *
 * Each has a look at the screen from which it counts. What has been drawn since is searched for signs, line by line, none left
 * out; one whose sign is there is woken, and finds out itself whether it counts. Input ends what counts by then: nothing of them
 * was there, so the screen as it was before is the look of all.
 */
import type { PastLines } from '@pilotty/terminal';
import { OneATurn } from '../one-a-turn.ts';
import type { WordSearch } from '../pty/passing-words.ts';
import { LineSearch, screenOf } from '../search/line-search.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import { type Affected, askersOf } from '../waiting/askers.ts';
import { served } from '../waiting/served.ts';
import { lookAt } from './look.ts';
import type { Sign } from './signs.ts';

export interface Resting {
  readonly signs: readonly Sign[];
  readonly awaitsExit: boolean;
  /**
   * It may have been found, and it rests no more.
   * @param look from which it counts; what was drawn above the line `first` since has been searched
   */
  wake(look: PastLines, first: number): void;
  /** The session has ended without it, and it rests no more. */
  ended(): void;
  /** The program has been started again. */
  restarted(): void;
}

/** A piece of output brings no more than is searched at once. */
const ROWS_AT_ONCE = 10_000;

/** Sessions in which some begin to rest at once are searched one after the other. */
const turns = new OneATurn();

const all = new WeakMap<Session, RestingWatches>();

export function restingIn(session: Session): RestingWatches {
  const known = all.get(session) ?? new RestingWatches(session);
  all.set(session, known);
  return known;
}

/** @returns whether a sign stands on the screen as it is */
export function showsSign(session: Session, signs: readonly Sign[]): boolean {
  const { text: shown } = screenOf(session);
  return signs.some(({ text }) => shown.includes(text));
}

export class RestingWatches {
  readonly #session: Session;
  /** With its own look, and how many looks of all there had been when it came. */
  readonly #members = new Map<Resting, { look: PastLines; looks: number }>();
  readonly #bySign = new Map<string, Set<Resting>>();
  readonly #words = new Map<string, { search: WordSearch; members: number }>();
  /** Of all that were there when it was taken. */
  #look: PastLines | undefined;
  #looks = 0;
  readonly #met = new Set<Resting>();
  #search: LineSearch | undefined;
  /** The first line that new members have not been looked for in. */
  #behindFrom: number | undefined;
  /** Not all that is drawn was looked at yet. */
  #isSearching = false;
  #leave: (() => void) | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  add(member: Resting, look: PastLines): void {
    this.#members.set(member, { look, looks: this.#looks });
    for (const { text, word } of member.signs) {
      this.#bySign.set(text, (this.#bySign.get(text) ?? new Set()).add(member));
      const known = this.#words.get(word) ?? { search: this.#session.beginSearch(word), members: 0 };
      known.members += 1;
      this.#words.set(word, known);
    }
    this.#leave ??= this.#begin();
    if (this.#search !== undefined && look === lookAt(this.#session)) return;
    const isScheduled = this.#behindFrom !== undefined;
    this.#behindFrom = Math.min(this.#behindFrom ?? Number.POSITIVE_INFINITY, look.top);
    if (!isScheduled) void turns.run(() => this.#catchUp());
  }

  /** @returns the look from which it counts now; undefined where it was not there */
  remove(member: Resting): PastLines | undefined {
    const known = this.#members.get(member);
    if (known === undefined) return undefined;
    const look = this.#looks > known.looks ? this.#look : known.look;
    this.#members.delete(member);
    this.#met.delete(member);
    for (const { text, word } of member.signs) {
      const others = this.#bySign.get(text);
      others?.delete(member);
      if (others?.size === 0) this.#bySign.delete(text);
      const searched = this.#words.get(word);
      if (searched === undefined) continue;
      searched.members -= 1;
      if (searched.members > 0) continue;
      searched.search.end();
      this.#words.delete(word);
    }
    if (this.#members.size === 0) this.#end();
    return look;
  }

  #begin(): () => void {
    const unwatch = this.#session.watch((event) => this.#onSessionEvent(event));
    const leave = askersOf(this.#session).add({ ask: () => this.#ask(), affected: () => this.#affected() });
    return () => {
      unwatch();
      leave();
    };
  }

  #end(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#search?.close();
    this.#search = undefined;
    this.#behindFrom = undefined;
    this.#isSearching = false;
    this.#look = undefined;
  }

  #catchUp(): void {
    if (this.#behindFrom !== undefined) this.#ask();
  }

  #affected(): Affected {
    const isKnown = this.#behindFrom === undefined && !this.#isSearching;
    return isKnown && this.#search?.isUnaffected() === true ? 'missing' : 'yes';
  }

  #ask(): void {
    const session = this.#session;
    if (this.#members.size === 0 || (session.isHalfDrawn && !session.isExited)) return;
    if (this.#behindFrom !== undefined) this.#searchFrom(this.#behindFrom);
    const search = this.#search as LineSearch;
    const first = search.first;
    this.#isSearching = search.find() === 'more';
    // Whatever happens meanwhile, it is asked once more when it can go on.
    if (this.#isSearching) void served().then(() => this.#ask());
    for (const member of [...this.#met]) {
      const look = this.remove(member);
      if (look !== undefined) member.wake(look, first);
    }
    // Others are told of the end before it is told what rules make of it.
    if (session.isExited && !this.#isSearching) queueMicrotask(() => this.#ended());
  }

  #searchFrom(first: number): void {
    const from = Math.min(first, this.#search?.first ?? first);
    this.#behindFrom = undefined;
    this.#search?.close();
    const words = {
      isAbsent: (start: number, end: number) => {
        for (const { search } of this.#words.values()) if (!search.isAbsent(start, end)) return false;
        return true;
      },
      end: () => {},
    };
    const finder = { find: (text: string) => this.#meet(text), rowsAtOnce: ROWS_AT_ONCE };
    const never = () => undefined;
    this.#search = new LineSearch(this.#session, finder, from, never, () => false, words);
  }

  /** Finds nothing itself: where a sign is, others are to be looked for behind it. */
  #meet(searched: string): [] {
    for (const [text, members] of this.#bySign)
      if (searched.includes(text)) for (const member of members) this.#met.add(member);
    return [];
  }

  #onSessionEvent(event: SessionEvent): void {
    if (event === 'input') this.lookNow();
    else if (typeof event !== 'object') return;
    else if (event.type === 'restarting' || event.type === 'restarted') {
      this.#wakeWhere(({ awaitsExit }) => awaitsExit);
      if (event.type === 'restarted') for (const member of [...this.#members.keys()]) member.restarted();
    }
  }

  /** All that is drawn counts as before from here on, where all of it was looked at. */
  lookNow(): void {
    if (this.#behindFrom !== undefined || this.#isSearching || this.#session.isHalfDrawn) return;
    if (this.#members.size === 0) return;
    this.#look = lookAt(this.#session);
    this.#looks += 1;
  }

  #ended(): void {
    if (!this.#session.isExited) return;
    this.#wakeWhere(({ awaitsExit }) => awaitsExit);
    for (const member of [...this.#members.keys()]) if (this.remove(member)) member.ended();
  }

  #wakeWhere(isMeant: (member: Resting) => boolean): void {
    const first = this.#search?.first ?? 0;
    for (const member of [...this.#members.keys()]) {
      if (!isMeant(member)) continue;
      const look = this.remove(member);
      if (look !== undefined) member.wake(look, Math.min(first, look.top));
    }
  }
}
