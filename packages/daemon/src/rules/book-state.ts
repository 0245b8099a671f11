/** All rules as they are handed over to another daemon. */
import { PastLines, type PastLinesState } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { ActsInARow, LoopGuard } from './loop-guard.ts';
import type { PendingPost } from './posts.ts';
import type { RuleRecord } from './rule.ts';
import type { RuleEntry } from './rule-entry.ts';
import type { WatchState } from './session-watch.ts';
import type { WatchedSessions } from './watched-sessions.ts';

interface WatchesState {
  /** Screens that several watches share are there once. */
  looks: PastLinesState[];
  watches: { rule: string; session: string; state: Omit<WatchState, 'look'>; look: number | undefined }[];
  /**
   * Those that have not fired, and have nothing to say but from where they count: most, of tens of thousands. Each is its rule's
   * id, and behind a colon its moment; separated by blanks. Absent where there are none.
   */
  many?: { session: string; look: number; rules: string }[];
}

export interface BookState extends WatchesState {
  /** Number of the rule that was made last. */
  last: number;
  rules: RuleRecord[];
  posts: PendingPost[];
  /** Of sessions in which rules have acted, one act after the other. Absent where there are none. */
  acts?: ({ session: string } & ActsInARow)[];
}

export function actsOf(guard: LoopGuard, sessions: Iterable<Session>): Pick<BookState, 'acts'> {
  const acts = [...sessions].flatMap((session) => {
    const state = guard.stateOf(session);
    return state === undefined ? [] : [{ session: session.id, ...state }];
  });
  return acts.length > 0 ? { acts } : {};
}

/** A circle that has begun is not at its beginning again. */
export function adoptActs(guard: LoopGuard, acts: BookState['acts'], sessions: SessionStore): void {
  for (const { session: id, ...state } of acts ?? []) {
    const session = sessions.find(id);
    if (session !== undefined) guard.adopt(session, state);
  }
}

/** Paused. */
export function watchesOf(entries: ReadonlyMap<string, RuleEntry>): WatchesState {
  const looks = new Map<PastLines, number>();
  const watches: WatchesState['watches'] = [];
  const many = new Map<string, { session: string; look: number; rules: string[] }>();
  for (const [rule, entry] of entries) {
    for (const [session, watch] of entry.watches) {
      const { look, ...state } = watch.state;
      if (look !== undefined && !looks.has(look)) looks.set(look, looks.size);
      const number = look && looks.get(look);
      if (number === undefined || state.hasFired || state.isOver || state.lasting.length > 0) {
        watches.push({ rule, session, state, look: number });
        continue;
      }
      const key = `${session} ${number}`;
      const others = many.get(key) ?? { session, look: number, rules: [] };
      others.rules.push(`${rule}:${state.after ?? ''}`);
      many.set(key, others);
    }
  }
  return {
    looks: [...looks.keys()].map((look) => look.state),
    watches,
    ...(many.size > 0 && {
      many: [...many.values()].map(({ rules, ...rest }) => ({ ...rest, rules: rules.join(' ') })),
    }),
  };
}

/** Of rules and sessions that are there; paused. */
export function adoptWatches(
  { looks, watches, many = [] }: WatchesState,
  {
    entries,
    sessions,
    watched,
  }: { entries: ReadonlyMap<string, RuleEntry>; sessions: SessionStore; watched: WatchedSessions },
): void {
  const shared = looks.map((look) => new PastLines(look));
  for (const { rule, session: id, state, look } of watches) {
    const entry = entries.get(rule);
    const session = sessions.find(id);
    if (entry === undefined || session === undefined) continue;
    watched.goOn(entry, session, { ...state, look: look === undefined ? undefined : shared[look] });
  }
  for (const { session: id, look: number, rules } of many) {
    const session = sessions.find(id);
    if (session === undefined) continue;
    const look = shared[number];
    for (const one of rules.split(' ')) {
      const [rule = '', after = ''] = one.split(':');
      const entry = entries.get(rule);
      if (entry === undefined) continue;
      const state = {
        after: after === '' ? undefined : Number(after),
        lasting: NONE,
        hasFired: false,
        isOver: false,
      };
      watched.goOn(entry, session, { ...state, look });
    }
  }
}

const NONE: string[] = [];
