/** A session, its events and its end, as the daemon describes them. */
import type { Result, StreamEvent } from '@pilotty/client/browser';

/** Where the gateway serves a fleet, what it has besides: sessions are called HOST/NAME, and each host has cursors of its own. */
export type SessionList = Result<'session.list'> & {
  hosts?: readonly { host: string; event_cursor: number }[];
  unreachable?: readonly Unreachable[];
};
export type Session = SessionList['sessions'][number];
export type SessionEvent = Omit<StreamEvent<'events.follow'>, 'type'> & {
  type: StreamEvent<'events.follow'>['type'] | 'host_unreachable' | 'host_back';
  host_cursor?: number;
};

/** A host of which nothing is known now. */
export interface Unreachable {
  host: string;
  reason: string;
  /** RFC 3339, by the clock of the fleet. */
  last_seen: string;
  last_sessions: readonly { id: string; name: string; command: string }[];
}

/** The place of an event among those of its daemon. */
export function cursorOf({ host_cursor, event_cursor }: SessionEvent): number {
  return host_cursor ?? event_cursor;
}

/** '' where there is one daemon alone. */
export function hostOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf('/')));
}
export type Exit = NonNullable<Session['exit']>;
