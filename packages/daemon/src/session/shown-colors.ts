/** Which colours a session's program is told of: those of who began to look last, then of the others, then of its start. */
import type { Screen } from '@pilotty/terminal';

type Colors = NonNullable<Screen['shownColors']>;

export class ShownColors {
  readonly #screen: Screen;
  readonly #shown: Colors[] = [];

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** @returns what ends it; idempotent */
  add(colors: Colors | undefined): () => void {
    if (colors === undefined) return () => {};
    // An object of its own, so that two viewers with the same colours are two.
    const own = { ...colors };
    this.#shown.push(own);
    this.#tell();
    return () => {
      const index = this.#shown.indexOf(own);
      if (index >= 0) this.#shown.splice(index, 1);
      this.#tell();
    };
  }

  #tell(): void {
    this.#screen.shownColors = this.#shown.at(-1);
  }
}
