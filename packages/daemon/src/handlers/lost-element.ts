/**
 * An element that is chosen, on a screen that no longer looks as if there were elements: where a menu is nothing but rows
 * and a highlight, some positions of the highlight say too little. Its text still stands at its place then, and
 * it has the focus when it looks as what had the focus before.
 */
import { type Element, type Screen, styledLines } from '@pilotty/terminal';

export class LostElement {
  readonly #screen: Screen;
  #known: { target: Element; from: Element | undefined; plain: string; highlighted: string } | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Both are on the screen now, and the second has the focus. */
  seen(target: Element, from: Element | undefined): void {
    const highlighted = from ? this.#styleAt(from) : '';
    this.#known = { target, from, plain: this.#styleAt(target), highlighted };
  }

  /** undefined where its text is not there any more. */
  find(): { target: Element; from: Element | undefined } | undefined {
    if (this.#known === undefined) return undefined;
    const { target, from, plain, highlighted } = this.#known;
    if (from === undefined || plain === highlighted || !this.#stands(target)) return undefined;
    const isFocused = this.#styleAt(target) === highlighted && this.#styleAt(from) !== highlighted;
    return { target: isFocused ? { ...target, focused: true } : target, from };
  }

  #stands({ row, col, text }: Element): boolean {
    return this.#screen.rowTexts()[row]?.startsWith(text, col) ?? false;
  }

  /** How its first character looks. */
  #styleAt({ row, col }: Element): string {
    let end = 0;
    for (const { text, ...style } of styledLines(this.#screen, { first: row, last: row })[0] ?? []) {
      end += text.length;
      if (end > col) return JSON.stringify(style);
    }
    return '';
  }
}
