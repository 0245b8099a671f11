/**
 * Either the session has the size of its place in the window, or the letters have the size that shows all of it.
 *
 * A session that was fitted gets back the size it had before anybody fitted it: another client may rely on it. That size
 * is known to all pages of a browser, and given back also by a page that is closed. Two pages that each wanted their own
 * size would go on forever, so the page that resized last keeps it, and the other lets go until it is given back.
 */
import { effect } from '@preact/signals';
import { fontSize } from '../look/preferences.ts';
import type { Page } from '../page.ts';
import type { Pane } from './open-terminals.ts';
import type { Size, TerminalView } from './terminal-view.ts';

/** A window is dragged larger in many steps; the program need not draw all of them. */
const RESIZE_PAUSE_MS = 120;
const STORED = 'pilotty.size-before.';

export class Fitting {
  readonly #page: Page;
  readonly #pane: Pane;
  readonly #view: TerminalView;
  readonly #stopListening: () => void;
  /** What the session has now, as far as is known. */
  #size: Size | undefined;
  /** What it had before it was fitted. */
  #before: Size | undefined;
  #asked: Size | undefined;
  /** Another page's size has replaced the one that was asked for here. */
  #isOverruled = false;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page, pane: Pane, view: TerminalView) {
    this.#page = page;
    this.#pane = pane;
    this.#view = view;
    this.#stopListening = effect(() => {
      fontSize.value;
      if (pane.isFitted.value) this.#askSoon();
      else this.#letGo();
    });
    addEventListener('pagehide', this.#leave);
  }

  placeChanged(): void {
    if (this.#pane.isFitted.peek()) this.#askSoon();
    else this.#view.scaleToFit();
  }

  /** Called when the terminal has the size that the session has. */
  sessionHas(size: Size): void {
    this.#size = size;
    const isMine = this.#asked !== undefined && isSame(this.#asked, size);
    if (this.#asked !== undefined && !isMine) {
      this.#isOverruled = true;
      this.#pane.isFitted.value = false;
    } else if (isMine && this.#isOverruled) {
      // Whoever had fitted it has left, and has given back what was asked for here.
      this.#isOverruled = false;
      this.#pane.isFitted.value = true;
    }
    if (!this.#pane.isFitted.peek()) this.#view.scaleToFit();
  }

  close(): void {
    clearTimeout(this.#pause);
    removeEventListener('pagehide', this.#leave);
    this.#stopListening();
    this.#giveBack((size) => void this.#resize(size).catch(() => {}));
  }

  readonly #leave = (): void => {
    this.#giveBack((size) => this.#page.access.resizeAtOnce(this.#pane.id, size));
  };

  #letGo(): void {
    clearTimeout(this.#pause);
    // A session that has ended, or is no more, needs no size.
    this.#giveBack((size) => void this.#resize(size).catch(() => {}));
    this.#view.scaleToFit();
  }

  #giveBack(resize: (size: Size) => void): void {
    const before = this.#before;
    // It is for the page that has it to give it back.
    if (before === undefined || this.#isOverruled) return;
    this.#asked = undefined;
    this.#before = undefined;
    localStorage.removeItem(STORED + this.#pane.id);
    resize(before);
  }

  #askSoon(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#ask(), RESIZE_PAUSE_MS);
  }

  async #ask(): Promise<void> {
    const size = this.#view.sizeThatFits(fontSize.peek());
    if (size === undefined) return;
    if (this.#asked !== undefined && isSame(this.#asked, size) && !this.#isOverruled) return;
    this.#before ??= this.#sizeBefore();
    this.#asked = undefined;
    this.#isOverruled = false;
    try {
      await this.#resize(size);
      if (this.#pane.isFitted.peek()) this.#asked = size;
    } catch (error) {
      this.#before = undefined;
      this.#page.notices.tellError(error);
      this.#pane.isFitted.value = false;
    }
  }

  #sizeBefore(): Size | undefined {
    const key = STORED + this.#pane.id;
    const [, cols, rows] = /^(\d+)x(\d+)$/.exec(localStorage.getItem(key) ?? '') ?? [];
    if (cols !== undefined && rows !== undefined) return { cols: Number(cols), rows: Number(rows) };
    if (this.#size !== undefined) localStorage.setItem(key, `${this.#size.cols}x${this.#size.rows}`);
    return this.#size;
  }

  #resize({ cols, rows }: Size): Promise<unknown> {
    return this.#page.link.request('session.resize', { session: this.#pane.id, cols, rows });
  }
}

function isSame(one: Size, other: Size): boolean {
  return one.cols === other.cols && one.rows === other.rows;
}
