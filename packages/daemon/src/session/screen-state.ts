/** A screen as answers and errors show it, wherever one stands in them: the answer of a snapshot, or that of a part of it. */
import type { Exit, Result } from '@pilotty/protocol';
import type { Screen } from '@pilotty/terminal';
import { modesOf } from './modes-of.ts';
import type { PastLooks } from './past-looks.ts';
import type { SessionReference } from './reference.ts';
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

/** What an answer tells of, now or as it was. */
export interface ShownScreen {
  readonly reference: SessionReference;
  readonly screen: Screen;
  readonly contentHash: number;
  readonly revision: number;
  readonly parsedSeq: number;
  readonly exit: Exit | undefined;
  readonly pastLooks: PastLooks;
}

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
export function screenFacts(shown: ShownScreen): ScreenFacts {
  const { screen, exit } = shown;
  const facts = {
    ...(screen.scrollbackCount > 0 && { scrollback_lines: screen.scrollbackCount }),
    content_hash: shown.contentHash,
    revision: shown.revision,
    seq: shown.parsedSeq,
    ...(screen.title !== '' && { title: screen.title }),
    ...(screen.cwd !== undefined && { cwd: screen.cwd }),
    ...(screen.alternateScreen && { alternate_screen: true as const }),
    modes: modesOf(screen),
    ...(exit && { exit }),
  };
  shown.pastLooks.remember(facts.revision, screen);
  return facts;
}
