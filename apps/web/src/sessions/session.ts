/** A session, its events and its end, as the daemon describes them. */
import type { Result, StreamEvent } from '@pilotty/client/browser';

export type SessionList = Result<'session.list'>;
export type Session = SessionList['sessions'][number];
export type SessionEvent = StreamEvent<'events.follow'>;
export type Exit = NonNullable<Session['exit']>;
