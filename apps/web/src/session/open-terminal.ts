/** The terminal that fills the page, for the commands that are about it. */
import { computed, signal } from '@preact/signals';
import type { Notices } from '../notices/notices.ts';
import type { TerminalView } from './terminal-view.ts';

export class OpenTerminal {
  readonly view = signal<TerminalView | undefined>(undefined);
  readonly isSearched = signal(false);
  /** The session follows the size of this window. */
  readonly isFitted = signal(false);
  readonly isThere = computed(() => this.view.value !== undefined);
  readonly #notices: Notices;
  #fittedNext: string | undefined;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  async copySelection(): Promise<void> {
    const text = this.view.peek()?.selection ?? '';
    if (text === '') return;
    try {
      await navigator.clipboard.writeText(text);
      this.#notices.show('Copied.');
    } catch {
      // Without TLS, and away from localhost, a browser has no clipboard for pages; its own command still works.
      this.view.peek()?.focus();
      if (document.execCommand('copy')) this.#notices.show('Copied.');
      else this.#notices.show('The browser does not let this page copy.', 'error');
    }
  }

  /** It will be given the size of the window when it is opened. */
  willFit(id: string): void {
    this.#fittedNext = id;
  }

  /** Another session: nothing of the last one's is kept. */
  begin(id: string): void {
    this.isSearched.value = false;
    this.isFitted.value = this.#fittedNext === id;
    this.#fittedNext = undefined;
  }
}
