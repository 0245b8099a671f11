/**
 * For how long a screen has looked the same, apart from clocks and a cursor that the program draws: also where it draws the
 * screen again and again. And for how long nothing but an animation has changed: a spinner, and numbers that count.
 *
 * To look takes longer than to draw a little, so of what is drawn between two looks only the first differing piece is
 * looked at; what draws spinners costs one look at each, and what draws the same again some.
 */
import { nextMoment } from '../moment.ts';
import type { Session } from '../session/session.ts';

/** Of what is drawn between two questions so many pieces are looked at. */
const LOOKS = 24;
const CLOCK = /\b\d{1,2}:\d\d(?::\d\d)?\b/g;
/** A block that stands alone at the end of a row, or of what is typed in a frame. */
const DRAWN_CURSOR = /(?<![█▌▏])[█▌▏](?=\s*[│┃|]?\s*$)/gm;
const TRAILING = /\s+$/gm;
/** Braille dots, quarters of a circle, stars; lines and strokes where they stand alone. */
const ANIMATION = /[\u2800-\u28ff◐◓◑◒◴◷◶◵✢✳✶✻✽]|(?<!\S)[-|/\\*·∙•](?!\S)|\d+/gu;

export class Calm {
  readonly #session: Session;
  #shown: string | undefined;
  #since: number;
  /** Undefined: it looks different since, as far as that is known. */
  #looksLeft: number | undefined;
  #isDrawnSince = true;
  #still = '';
  #stillSince: number;

  constructor(session: Session) {
    this.#session = session;
    this.#since = this.#stillSince = session.times.drawn;
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
      if (!this.#isSame() || !wasSame) this.#since = this.#lastDrawn;
      const still = this.#shown?.replace(ANIMATION, '');
      if (still === undefined || still !== this.#still) this.#stillSince = this.#lastDrawn;
      this.#still = still ?? '';
      this.#isDrawnSince = false;
      this.#looksLeft = LOOKS;
    }
    return this.#since;
  }

  /** The moment since which, as far as it was looked at, nothing but an animation has changed. */
  get stillSince(): number {
    return Math.min(this.since, this.#stillSince);
  }

  get #lastDrawn(): number {
    return Math.min(nextMoment(), this.#session.times.drawn);
  }

  /** What is postponed of a flood is not drawn for this. */
  #isSame(): boolean {
    const { screen } = this.#session;
    const shown = screen.hasUndrawnLines
      ? undefined
      : `${screen.topLine} ${screen.text().replace(CLOCK, '#').replace(DRAWN_CURSOR, '').replace(TRAILING, '')}`;
    const isSame = shown !== undefined && shown === this.#shown;
    this.#shown = shown;
    return isSame;
  }
}
