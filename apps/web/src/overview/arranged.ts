/** The sessions as the overview shows them: filtered, sorted, in groups, those that have ended at the end. */
import type { Page } from '../page.ts';
import { LEVELS } from '../sessions/attention.ts';
import { type Group, groupsOf, matching } from '../sessions/groups.ts';
import type { Session } from '../sessions/session.ts';
import { stateOf } from '../sessions/state.ts';
import { filter, type Sorting, sorting } from './arrangement.ts';

export interface ArrangedGroup {
  key: string;
  title: string | undefined;
  sessions: Session[];
  isEnded: boolean;
}

export function arranged(page: Page): ArrangedGroup[] {
  const all = page.sessions.all.value ?? [];
  const shown = matching(all, filter.value, (session) => statesOf(page, session));
  const live = sorted(
    page,
    shown.filter(({ state }) => state === 'running'),
  );
  const ended = shown
    .filter(({ state }) => state === 'exited')
    .sort((one, other) => (other.ended_at ?? '').localeCompare(one.ended_at ?? ''));
  const groups: Group<Session>[] =
    sorting.value === 'tag' ? groupsOf(live) : live.length > 0 ? [{ tag: undefined, sessions: live }] : [];
  const named = groups.map(({ tag, sessions }) => ({
    key: `tag ${tag ?? ''}`,
    title: sorting.value === 'tag' ? (tag ?? 'No tag') : undefined,
    sessions,
    isEnded: false,
  }));
  if (ended.length === 0) return named;
  return [...named, { key: 'ended', title: 'Ended', sessions: ended, isEnded: true }];
}

/** What `is:` finds it by, as its card says it: what was put aside or seen waits no more. */
export function statesOf({ activity, waiting }: Page, session: Session): string[] {
  const { id, state } = session;
  const level = waiting.level(id);
  // Without the clock, which would sort everything anew each second.
  const now = stateOf(session, { level, isStill: activity.isStill(id), quietMs: Number.POSITIVE_INFINITY });
  return [now, state === 'exited' ? 'ended' : 'running', ...(level === 'asks' ? ['waiting'] : [])];
}

function sorted({ activity, waiting }: Page, sessions: Session[]): Session[] {
  const lastActive = ({ id }: Session) => activity.lastActive(id).peek();
  const urgency = ({ id }: Session) => LEVELS.indexOf(waiting.level(id));
  const by: Record<Sorting, (one: Session, other: Session) => number> = {
    tag: () => 0,
    urgency: (one, other) => urgency(one) - urgency(other) || lastActive(other) - lastActive(one),
    activity: (one, other) => lastActive(other) - lastActive(one),
    name: (one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }),
    started: (one, other) => other.created_at.localeCompare(one.created_at),
  };
  return [...sessions].sort(by[sorting.value]);
}
