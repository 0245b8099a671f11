/** What a wait has found, and where that stands on the screen that is answered with it, which may be a later one. */
import type { Result } from '@pilotty/protocol';
import type { Match } from '../search/line-search.ts';
import { matchNow } from '../search/match-now.ts';
import type { Session } from '../session/session.ts';

type Waited = Result<'session.wait'>;

export class MatchOnFrame {
  readonly #session: Session;
  #found: Match | undefined;
  #onFrame: Waited['match'];

  constructor(session: Session) {
    this.#session = session;
  }

  readonly found = (match: Match): void => {
    this.#found = match;
  };

  /** The screen is described as it is now. */
  readonly look = (): void => {
    if (this.#found) this.#onFrame = matchNow(this.#session, this.#found);
  };

  /** The answer of the wait beside that screen, which a failed wait has in its own answer too. */
  beside({ screen: _, ...waited }: Waited): Waited {
    return { ...waited, ...(this.#onFrame && { match: this.#onFrame }) };
  }
}
