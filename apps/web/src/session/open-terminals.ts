/** The terminals that are open, and which of them has the keys: for the commands that are about it. */
import { computed, type Signal, signal } from '@preact/signals';
import type { Notices } from '../notices/notices.ts';
import { copyText } from './copy-text.ts';
import type { Size, TerminalView } from './terminal-view.ts';

export interface Pane {
  readonly id: string;
  readonly view: Signal<TerminalView | undefined>;
  readonly size: Signal<Size | undefined>;
  /** The session follows the size of its place in this window. */
  readonly isFitted: Signal<boolean>;
  /** Something was typed into it since it was opened. */
  readonly isTyped: Signal<boolean>;
  /** The daemon does not know it any more. */
  readonly isGone: Signal<boolean>;
  /** The terminal could not be loaded. */
  readonly problem: Signal<string | undefined>;
}

export class OpenTerminals {
  readonly isSearched = signal(false);
  readonly #panes = signal<ReadonlyMap<string, Pane>>(new Map());
  readonly #focused = signal<string | undefined>(undefined);
  /** Held by the key bar until the next key. */
  readonly heldKeys = signal<ReadonlySet<'Ctrl' | 'Alt'>>(new Set());
  readonly current = computed(() => {
    const panes = this.#panes.value;
    return panes.get(this.#focused.value ?? '') ?? panes.values().next().value;
  });
  readonly view = computed(() => this.current.value?.view.value);
  readonly isThere = computed(() => this.view.value !== undefined);
  readonly #notices: Notices;
  #fittedNext: string | undefined;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** Of the session, as long as it is open. */
  begin(id: string): Pane {
    const pane = {
      id,
      view: signal<TerminalView | undefined>(undefined),
      size: signal<Size | undefined>(undefined),
      isFitted: signal(this.#fittedNext === id),
      isTyped: signal(false),
      isGone: signal(false),
      problem: signal<string | undefined>(undefined),
    };
    if (this.#fittedNext === id) this.#fittedNext = undefined;
    this.isSearched.value = false;
    this.#panes.value = new Map(this.#panes.peek()).set(id, pane);
    return pane;
  }

  end(id: string): void {
    const panes = new Map(this.#panes.peek());
    panes.delete(id);
    this.#panes.value = panes;
  }

  pane(id: string): Pane | undefined {
    return this.#panes.value.get(id);
  }

  focus(id: string): void {
    this.focused(id);
    this.#panes.peek().get(id)?.view.peek()?.focus();
  }

  /** It has the focus. */
  focused(id: string): void {
    if (this.#focused.peek() === id) return;
    this.#focused.value = id;
    this.isSearched.value = false;
  }

  async copySelection(): Promise<void> {
    await copyText(this.view.peek(), this.#notices);
  }

  /** It will be given the size of its place when it is opened. */
  willFit(id: string): void {
    this.#fittedNext = id;
  }

  toggleHeld(key: 'Ctrl' | 'Alt'): void {
    const held = new Set(this.heldKeys.peek());
    if (!held.delete(key)) held.add(key);
    this.heldKeys.value = held;
  }

  /** The key as it is pressed with what is held, which is let go of. */
  withHeld(key: string): string {
    const held = [...this.heldKeys.peek()];
    if (held.length > 0) this.heldKeys.value = new Set();
    return [...held, key].join('+');
  }
}
