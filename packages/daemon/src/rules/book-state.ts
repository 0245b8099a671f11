/** All rules as they are handed over to another daemon. */
import { PastLines, type PastLinesState } from '@pilotty/terminal';
import type { SessionStore } from '../session/session-store.ts';
import type { PendingPost } from './posts.ts';
import type { RuleRecord } from './rule.ts';
import type { RuleEntry } from './rule-entry.ts';
import type { WatchState } from './session-watch.ts';
import type { WatchedSessions } from './watched-sessions.ts';

interface WatchesState {
  /** Screens that several watches share are there once. */
  looks: PastLinesState[];
  watches: { rule: string; session: string; state: Omit<WatchState, 'look'>; look: number | undefined }[];
}

export interface BookState extends WatchesState {
  /** Number of the rule that was made last. */
  last: number;
  rules: RuleRecord[];
  posts: PendingPost[];
}

/** Paused. */
export function watchesOf(entries: ReadonlyMap<string, RuleEntry>): WatchesState {
  const looks = new Map<PastLines, number>();
  const watches: WatchesState['watches'] = [];
  for (const [rule, entry] of entries) {
    for (const [session, watch] of entry.watches) {
      const { look, ...state } = watch.state;
      if (look !== undefined && !looks.has(look)) looks.set(look, looks.size);
      watches.push({ rule, session, state, look: look && looks.get(look) });
    }
  }
  return { looks: [...looks.keys()].map((look) => look.state), watches };
}

/** Of rules and sessions that are there; paused. */
export function adoptWatches(
  { looks, watches }: WatchesState,
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
}
