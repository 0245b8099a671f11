/**
 * Where a match stands on the screen of the answer that has it. It was found on an earlier one: what was printed since has
 * moved it up, or it was drawn over, and then its row would be another text's.
 */
import type { Result } from '@pilotty/protocol';
import type { Session } from '../session/session.ts';
import { type Match, screenOf } from './line-search.ts';

type Told = NonNullable<Result<'session.wait'>['match']>;
type Place = { row: number; col: number };

export function matchNow(session: Session, { line, row: _, lineText: __, col, ...match }: Match): Told {
  const { screen } = session;
  const row = line - screen.topLine;
  // What has left the screen can no longer change.
  if (row < 0) return { ...match, row, col };
  const shown = placesOf(match.text, session);
  const isThere = match.text === '' || shown.some((place) => place.row === row && place.col === col);
  if (isThere) return { ...match, row, col };
  // A full-screen program draws its text anew elsewhere; on the main screen the same text may be an echo.
  const [only, ...others] = screen.alternateScreen ? shown : [];
  const place = only !== undefined && others.length === 0 ? only : { row: null, col: null };
  return { ...match, ...place };
}

function placesOf(text: string, session: Session): Place[] {
  const searched = screenOf(session);
  const places: Place[] = [];
  for (
    let index = searched.text.indexOf(text);
    index !== -1;
    index = searched.text.indexOf(text, index + 1)
  ) {
    const { row, col } = searched.matchAt({ index, text, groups: [] });
    places.push({ row, col });
    if (text === '') break;
  }
  return places;
}
