/** One number for how a screen looks, and one that grows whenever a look has found it changed. */
import type { Screen } from '@pilotty/terminal';

export class Revisions {
  readonly #screen: Screen;
  #revision = 1;
  #hash: number | undefined;
  #lastSeen: number | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get state(): { revision: number; hash: number } {
    return { revision: this.revision, hash: this.hash };
  }

  /** Of a screen that looks as that one did. */
  adopt({ revision, hash }: { revision: number; hash: number }): void {
    this.#revision = revision;
    this.#lastSeen = hash;
    this.#hash = undefined;
  }

  /** The screen was drawn on; how it looks is found out on request. */
  drawn(): void {
    this.#hash = undefined;
  }

  /** Text, styles and cursor as one number below 2^53; equal screens have equal hashes. */
  get hash(): number {
    if (this.#hash !== undefined) return this.#hash;
    this.#hash = this.#screen.hash();
    if (this.#lastSeen !== undefined && this.#hash !== this.#lastSeen) this.#revision += 1;
    this.#lastSeen = this.#hash;
    return this.#hash;
  }

  get revision(): number {
    void this.hash;
    return this.#revision;
  }
}
