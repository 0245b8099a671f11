/** A screen as answers and errors show it, wherever one stands in them: the answer of a snapshot, or that of a part of it. */
import type { Result } from '@pilotty/protocol';
import { modesOf } from './modes-of.ts';
import type { Session } from './session.ts';

export type ScreenState = NonNullable<Result<'session.key'>['screen']>;
/** All but what depends on the request: how a wait for it ended, and the form in which the screen is shown. */
export type ScreenFacts = Omit<
  ScreenState,
  | 'type'
  | 'session'
  | 'session_id'
  | 'outcome'
  | 'format'
  | 'size'
  | 'cursor'
  | 'first_row'
  | 'text'
  | 'lines'
>;

/** The whole screen as text, now. */
export function screenState(session: Session, outcome: ScreenState['outcome']): ScreenState {
  const { screen } = session;
  return {
    type: 'screen_state',
    ...session.reference,
    outcome,
    size: screen.size,
    cursor: screen.cursor,
    text: screen.text(),
    ...screenFacts(session),
  };
}

/** A later snapshot can ask what has changed since. */
export function screenFacts(session: Session): ScreenFacts {
  const { screen, exit } = session;
  const facts = {
    ...(screen.scrollbackCount > 0 && { scrollback_lines: screen.scrollbackCount }),
    content_hash: session.contentHash,
    revision: session.revision,
    seq: session.parsedSeq,
    ...(screen.title !== '' && { title: screen.title }),
    ...(screen.cwd !== undefined && { cwd: screen.cwd }),
    ...(screen.alternateScreen && { alternate_screen: true as const }),
    modes: modesOf(screen),
    ...(exit && { exit }),
  };
  session.pastLooks.remember(facts.revision, screen);
  return facts;
}
