/** Which of the watched sessions are shown, and in what order. */
import { type Kind, kinds, type State } from './session-states.ts';
import type { Watched } from './watched-sessions.ts';

export const orders = ['start', 'name', 'state', 'activity'] as const;
export type Order = (typeof orders)[number];

export interface Shown extends Watched {
  state: State;
}

/** Between two bursts of output a program is still at work: those that are do not change places. */
const BUSY_MS = 3_000;
const WANTED: Readonly<Record<string, readonly Kind[]>> = {
  ended: ['ended', 'failed'],
  waiting: ['asks', 'waiting'],
};

/**
 * Each word of the filter must stand in the name, the command, the title or a tag; `#word` is about tags alone, `is:state`
 * about the state.
 */
export function matches(session: Shown, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => {
    const isIn = (text: string, part: string) => text.toLowerCase().includes(part);
    if (word.startsWith('is:')) return isOfKind(session.state.kind, word.slice(3));
    if (word.startsWith('#')) return session.tags.some((tag) => isIn(tag, word.slice(1)));
    return [session.name, session.command, session.title, ...session.tags].some((text) => isIn(text, word));
  });
}

/** As far as the word is written. */
function isOfKind(kind: Kind, word: string): boolean {
  const meant = [...kinds, ...Object.keys(WANTED)].filter((name) => name.startsWith(word));
  return meant.some((name) => (WANTED[name] ?? [name]).includes(kind));
}

/** @param sessions oldest first */
export function ordered(sessions: readonly Shown[], order: Order, now: number): Shown[] {
  const quiet = ({ lastActiveAt }: Shown) => Math.max(BUSY_MS, now - lastActiveAt);
  const compare: Record<Order, (one: Shown, other: Shown) => number> = {
    start: () => 0,
    name: (one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }),
    state: (one, other) => kinds.indexOf(one.state.kind) - kinds.indexOf(other.state.kind),
    activity: (one, other) => quiet(one) - quiet(other),
  };
  return sessions.toSorted(compare[order]);
}
