/**
 * Either the session has the size of the window, or the letters have the size that shows all of it.
 *
 * A session that was fitted gets back the size it had: another client may rely on it. Two pages that each
 * wanted their own size would go on forever, so the page that resized last keeps it, and the other lets go.
 */
import { effect } from '@preact/signals';
import { fontSize } from '../look/preferences.ts';
import type { Page } from '../page.ts';
import type { Size, TerminalView } from './terminal-view.ts';

/** A window is dragged larger in many steps; the program need not draw all of them. */
const RESIZE_PAUSE_MS = 120;

export class Fitting {
  readonly #page: Page;
  readonly #id: string;
  readonly #view: TerminalView;
  readonly #stopListening: () => void;
  /** What the session has now, as far as is known. */
  #size: Size | undefined;
  /** What it had before this page gave it another. */
  #before: Size | undefined;
  #asked: Size | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page, id: string, view: TerminalView) {
    this.#page = page;
    this.#id = id;
    this.#view = view;
    this.#stopListening = effect(() => {
      fontSize.value;
      if (page.open.isFitted.value) this.#askSoon();
      else this.#letGo();
    });
  }

  placeChanged(): void {
    if (this.#page.open.isFitted.peek()) this.#askSoon();
    else this.#view.scaleToFit();
  }

  /** Called when the terminal has the size that the session has. */
  sessionHas(size: Size): void {
    this.#size = size;
    if (this.#asked !== undefined && !isSame(this.#asked, size)) {
      this.#before = undefined;
      this.#page.open.isFitted.value = false;
    }
    if (!this.#page.open.isFitted.peek()) this.#view.scaleToFit();
  }

  close(): void {
    clearTimeout(this.#pause);
    this.#stopListening();
    this.#giveBack();
  }

  #letGo(): void {
    clearTimeout(this.#pause);
    this.#giveBack();
    this.#view.scaleToFit();
  }

  #giveBack(): void {
    const before = this.#before;
    this.#asked = undefined;
    this.#before = undefined;
    // A session that has ended, or is no more, needs no size.
    if (before !== undefined) this.#resize(before).catch(() => {});
  }

  #askSoon(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#ask(), RESIZE_PAUSE_MS);
  }

  async #ask(): Promise<void> {
    const size = this.#view.sizeThatFits(fontSize.peek());
    if (size === undefined) return;
    this.#before ??= this.#size;
    this.#asked = undefined;
    try {
      await this.#resize(size);
      if (this.#page.open.isFitted.peek()) this.#asked = size;
    } catch (error) {
      this.#before = undefined;
      this.#page.notices.tellError(error);
      this.#page.open.isFitted.value = false;
    }
  }

  #resize({ cols, rows }: Size): Promise<unknown> {
    return this.#page.link.request('session.resize', { session: this.#id, cols, rows });
  }
}

function isSame(one: Size, other: Size): boolean {
  return one.cols === other.cols && one.rows === other.rows;
}
