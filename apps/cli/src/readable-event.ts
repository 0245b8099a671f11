/** An event as a line for people at a terminal. */
import { plainSentence, safeJson } from '@pilotty/client';

/** `2026-01-31T12:00:00.000Z build  exited exit={"exit_code":0}`: when, where, what, and what else is known. */
export function readableEvent(event: object): string {
  const { type, occurred_at, session, event_cursor, session_id, tags, ...facts } = event as Record<
    string,
    unknown
  >;
  // An end has no session, and only its cursor to show.
  const shown = session === undefined ? { event_cursor, ...facts } : facts;
  const words = Object.entries(shown).map(([name, fact]) => `${name}=${safeJson(fact)}`);
  const place = session === undefined ? [] : [occurred_at, plainSentence(String(session))];
  return [...place, type, ...words].join('  ');
}
