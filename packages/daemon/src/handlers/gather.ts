import type { ParsedParams, Result } from '@pilotty/protocol';
import { requireGivenOut } from '../cursor.ts';
import { nextMoment } from '../moment.ts';
import { lastLines } from '../search/last-lines.ts';
import { noneSelected, selectAll, selectNamed } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Handlers } from './handler.ts';

type Gathered = Result<'sessions.gather'>['results'][number];

export const gatherHandlers: Handlers<'sessions.gather'> = {
  'sessions.gather': async (services, params) => {
    const { after } = params;
    requireGivenOut(after);
    const asked = sessionsToRead(services.sessions, params);
    for (const session of asked) session.arrived.read();
    const event_cursor = nextMoment();
    const news = asked.filter((session) => after === undefined || hasNewsSince(session, after));
    const results: Gathered[] = [];
    for (const session of news) results.push(await gathered(session, params));
    return { type: 'gathered', results, event_cursor };
  },
};

/**
 * Those that live, and those named that have ended; with `all` every one that is retained.
 * @throws RequestError SESSION_NOT_FOUND for a name that no session has, or when none has the tags or fits the patterns
 */
export function sessionsToRead(
  store: SessionStore,
  {
    all,
    sessions,
    tags,
    scope,
  }: Pick<ParsedParams<'sessions.gather'>, 'all' | 'sessions' | 'tags' | 'scope'>,
): Session[] {
  const { found, unknown } = all
    ? { found: selectAll(store, { sessions, tags, scope }), unknown: [] }
    : selectNamed(store, { sessions, tags, scope });
  if (unknown[0]) throw unknown[0].error;
  const isEverybody = sessions === undefined && tags === undefined;
  if (found.length === 0 && !isEverybody) throw noneSelected();
  return found;
}

function hasNewsSince({ times }: Session, cursor: number): boolean {
  return times.knownAt(Math.max(times.activity, times.ended ?? 0)) > cursor;
}

async function gathered(session: Session, params: ParsedParams<'sessions.gather'>): Promise<Gathered> {
  session.arrived.drawPiece();
  // What is said beside the lines is as of the moment of the last.
  const lines = params.part === 'tail' ? await lastLines(session, params.lines) : shownLines(session, params);
  return {
    ...session.reference,
    state: session.isExited ? 'exited' : 'running',
    idle_ms: Math.round(session.times.idleMs),
    tags: [...session.tags],
    lines,
    ...(session.exit && { exit: session.exit }),
  };
}

function shownLines({ screen }: Session, { part, lines }: ParsedParams<'sessions.gather'>): string[] {
  const texts = screen.lineTexts(0);
  while (texts.at(-1) === '') texts.pop();
  return part === 'head' ? texts.slice(0, lines) : texts;
}
