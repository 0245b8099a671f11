import type { Session } from '../session/session.ts';
import { findsText } from './finders.ts';
import { type Match, screenOf } from './line-search.ts';

/** The first place on the screen that shows a text now. */
export function placeOfText(session: Session, text: string): Match | undefined {
  const searched = screenOf(session);
  const finder = findsText(text, session.screen.size.cols);
  for (const found of finder.find(searched.text)) return searched.matchAt(found);
  return undefined;
}
