/** Short messages that go away by themselves. */

import { type ReadonlySignal, signal } from '@preact/signals';
import { messageOf } from './messages.ts';

export interface Notice {
  key: number;
  kind: 'information' | 'error';
  text: string;
}

/** Errors are read twice. */
const SHOWN_MS = { information: 4_000, error: 10_000 };
const MAX_NOTICES = 4;

export class Notices {
  readonly #all = signal<readonly Notice[]>([]);
  #nextKey = 0;

  get all(): ReadonlySignal<readonly Notice[]> {
    return this.#all;
  }

  show(text: string, kind: Notice['kind'] = 'information'): void {
    const others = this.#all.peek().filter((notice) => notice.text !== text);
    const key = this.#nextKey++;
    this.#all.value = [...others, { key, kind, text }].slice(-MAX_NOTICES);
    setTimeout(() => this.dismiss(key), SHOWN_MS[kind]);
  }

  /** What went wrong, with what to do about it. */
  tellError(error: unknown): void {
    this.show(messageOf(error), 'error');
  }

  dismiss(key: number): void {
    this.#all.value = this.#all.value.filter((notice) => notice.key !== key);
  }
}
