/**
 * The lines a screen showed at one moment, so that what a later screen shows can be told from them: which
 * characters were not there before.
 *
 * A line of the main screen is known by its number since the first line the screen ever had, so text that
 * merely scrolled is not new, and the same text printed once more on a later line is. The alternate screen
 * does not scroll by: there a line is its row. A program that drew the same characters on the same place again
 * has changed nothing that anybody could see; one that cleared the main screen first has.
 */
import type { Screen } from '../screen.ts';

export class PastLines {
  readonly #isAlternate: boolean;
  readonly #cols: number;
  readonly #erasures: number;
  readonly #texts = new Map<number, string>();
  /** The first line there was. */
  readonly top: number;

  constructor(screen: Screen) {
    this.#isAlternate = screen.alternateScreen;
    this.#cols = screen.size.cols;
    this.#erasures = screen.erasures;
    this.top = screen.topLine;
    const numbered = this.#isAlternate ? 0 : this.top;
    for (const { row, text } of screen.logicalLines()) if (text !== '') this.#texts.set(numbered + row, text);
  }

  /**
   * The text that stood where a line of `screen` begins; '' where there was nothing.
   * @param row of the line on `screen` as it is now; negative above it
   */
  textBefore(screen: Screen, row: number, text: string): string {
    if (screen.alternateScreen !== this.#isAlternate) return '';
    if (!this.#isAlternate && screen.erasures !== this.#erasures) return '';
    // Lines are folded anew at another width, and their numbers change: the same text is taken for the same line.
    if (screen.size.cols !== this.#cols) return this.#holds(text) ? text : '';
    return this.#texts.get(row + (this.#isAlternate ? 0 : screen.topLine)) ?? '';
  }

  #holds(text: string): boolean {
    for (const past of this.#texts.values()) if (past === text) return true;
    return false;
  }
}
