/** An event as a line for people at a terminal. */
import { plainSentence, safeJson } from '@pilotty/client';

/** `2026-01-31T12:00:00.000Z build  exited exit={"exit_code":0}`: when, where, what, and what else is known. */
export function readableEvent(event: object): string {
  const { type, time, session, cursor, session_id, tags, ...facts } = event as Record<string, unknown>;
  // An end has no session, and only its cursor to tell.
  const told = session === undefined ? { cursor, ...facts } : facts;
  const words = Object.entries(told).map(([name, fact]) => `${name}=${safeJson(fact)}`);
  const place = session === undefined ? [] : [time, plainSentence(String(session))];
  return [...place, type, ...words].join('  ');
}
