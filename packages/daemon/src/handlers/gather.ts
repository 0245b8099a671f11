import type { ParsedParams } from '@pilotty/protocol';
import { requireGivenOut } from '../cursor.ts';
import { nextMoment } from '../moment.ts';
import { noneSelected, selectAll, selectNamed } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Handlers } from './handler.ts';

export const gatherHandlers: Handlers<'sessions.gather'> = {
  'sessions.gather': (services, params) => {
    const event_cursor = nextMoment();
    const { after } = params;
    requireGivenOut(after);
    const results = sessionsToRead(services.sessions, params)
      .filter((session) => after === undefined || hasNewsSince(session, after))
      .map((session) => ({
        ...session.reference,
        state: session.isExited ? ('exited' as const) : ('running' as const),
        idle_ms: Math.round(session.times.idleMs),
        tags: [...session.tags],
        lines: linesOf(session, params),
        ...(session.exit && { exit: session.exit }),
      }));
    return { type: 'gathered', results, event_cursor };
  },
};

/**
 * Those that live, and those named that have ended; with `all` every one that is retained.
 * @throws RequestError SESSION_NOT_FOUND for a name that no session has, or when none has the tags or fits the patterns
 */
export function sessionsToRead(
  store: SessionStore,
  { all, sessions, tags }: Pick<ParsedParams<'sessions.gather'>, 'all' | 'sessions' | 'tags'>,
): Session[] {
  const { found, unknown } = all
    ? { found: selectAll(store, { sessions, tags }), unknown: [] }
    : selectNamed(store, { sessions, tags });
  if (unknown[0]) throw unknown[0].error;
  const isEverybody = sessions === undefined && tags === undefined;
  if (found.length === 0 && !isEverybody) throw noneSelected();
  return found;
}

function hasNewsSince({ times }: Session, cursor: number): boolean {
  return Math.max(times.activity, times.ended ?? 0) > cursor;
}

function linesOf(session: Session, { part, lines }: ParsedParams<'sessions.gather'>): string[] {
  if (part === 'tail') return lastLines(session, lines);
  const texts = session.screen.lineTexts(0);
  while (texts.at(-1) === '') texts.pop();
  return part === 'head' ? texts.slice(0, lines) : texts;
}

/** From the screen and the rows kept above it: what is needed is there, and nothing is parsed again. */
function lastLines({ screen, scrollback }: Session, count: number): string[] {
  if (count === 0) return [];
  for (let rowsAbove = count; ; rowsAbove *= 2) {
    const texts = screen.lineTexts(screen.alternateScreen ? 0 : rowsAbove);
    while (texts.at(-1) === '') texts.pop();
    // One more than needed: the first may have begun above.
    if (texts.length > count || rowsAbove >= scrollback) return texts.slice(-count);
  }
}
