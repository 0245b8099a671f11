/**
 * For how long a screen has looked the same, apart from clocks: also where the program draws it again and again.
 *
 * To look takes longer than to draw a little, so of what is drawn between two looks only the first differing piece is
 * looked at; what draws spinners costs one look at each, and what draws the same again some.
 */
import { nextMoment } from '../moment.ts';
import type { Session } from '../session/session.ts';

/** Of what is drawn between two questions so many pieces are looked at. */
const LOOKS = 24;
const CLOCK = /\b\d{1,2}:\d\d(?::\d\d)?\b/g;

export class Calm {
  readonly #session: Session;
  #shown: string | undefined;
  #since: number;
  /** Undefined: it looks different since, as far as that is known. */
  #looksLeft: number | undefined;
  #isDrawnSince = true;

  constructor(session: Session) {
    this.#session = session;
    this.#since = session.times.drawn;
  }

  /** To be called after each piece that was drawn. */
  drawn(): void {
    this.#isDrawnSince = true;
    if (!this.#looksLeft) return;
    this.#looksLeft -= 1;
    if (!this.#isSame()) this.#looksLeft = undefined;
  }

  /** The moment since which it looks as it does. */
  get since(): number {
    if (this.#isDrawnSince) {
      const wasSame = this.#looksLeft !== undefined;
      if (!this.#isSame() || !wasSame) this.#since = Math.min(nextMoment(), this.#session.times.drawn);
      this.#isDrawnSince = false;
      this.#looksLeft = LOOKS;
    }
    return this.#since;
  }

  /** What is postponed of a flood is not drawn for this. */
  #isSame(): boolean {
    const { screen } = this.#session;
    const shown = screen.hasUndrawnLines
      ? undefined
      : `${screen.topLine} ${screen.text().replace(CLOCK, '#')}`;
    const isSame = shown !== undefined && shown === this.#shown;
    this.#shown = shown;
    return isSame;
  }
}
