/**
 * The events of a recording without what must not be in it. Events keep their order and their times: what is held back
 * because a match may be under way holds up those behind it.
 */
import type { CastEvent } from '@pilotty/asciicast';
import type { Secrets } from './secrets.ts';
import { TextRedactor } from './text-redactor.ts';

export class Redaction {
  readonly #secrets: Secrets;
  #output: TextRedactor<number>;
  /** What is typed is a text of its own. */
  readonly #input: TextRedactor<number>;
  /** Events behind output that is held back. */
  #behind: CastEvent[] = [];

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
    this.#output = new TextRedactor(secrets);
    this.#input = new TextRedactor(secrets);
  }

  push(event: CastEvent): CastEvent[] {
    const { timeMs, code, data } = event;
    if (code === 'o') return this.#outputReleased(event);
    if (code === 'i') return this.#inOrder(asEvents('i', this.#input.push(timeMs, data)));
    return this.#inOrder([code === 'm' ? { ...event, data: this.whole(data) } : event]);
  }

  /** A match may be under way in what came last. */
  get isHolding(): boolean {
    return this.#output.isHolding || this.#input.isHolding;
  }

  /** Nothing follows. */
  end(): CastEvent[] {
    const events = [
      ...asEvents('o', this.#output.end()),
      ...asEvents('i', this.#input.end()),
      ...this.#behind,
    ];
    this.#behind = [];
    return events.sort((a, b) => a.timeMs - b.timeMs);
  }

  /** What was held back is on a screen that follows. @returns what is on no screen */
  startOver(): CastEvent[] {
    const behind = this.#behind.filter(({ code }) => code === 'm' || code === 'i');
    this.#behind = [];
    this.#output = new TextRedactor(this.#secrets);
    return behind;
  }

  /**
   * A screen was pushed, and what follows goes on there behind `shown`, wherever the text of the screen ends. @returns what
   * was held back of the screen
   */
  goOnBehind(shown: string): CastEvent[] {
    const output = new TextRedactor<number>(this.#secrets);
    output.startBehind(shown);
    // The screen's text ends there as well: then all of what it may be the beginning of is covered.
    if (output.heldText === this.#output.heldText) return [];
    const released = asEvents('o', this.#output.end());
    this.#output = output;
    return released;
  }

  /** Of a text that is not part of another. */
  whole(text: string): string {
    const redactor = new TextRedactor<true>(this.#secrets);
    return [...redactor.push(true, text), ...redactor.end()].map((part) => part.text).join('');
  }

  #outputReleased(event: CastEvent): CastEvent[] {
    const released = asEvents('o', this.#output.push(event.timeMs, event.data));
    if (this.#behind.length === 0) return released;
    return this.#inOrder(released);
  }

  #inOrder(events: CastEvent[]): CastEvent[] {
    if (this.#output.isHolding) {
      this.#behind.push(...events);
      return [];
    }
    const all = [...this.#behind, ...events].sort((a, b) => a.timeMs - b.timeMs);
    this.#behind = [];
    return all;
  }
}

function asEvents(code: string, released: readonly { tag: number; text: string }[]): CastEvent[] {
  return released.map(({ tag, text }) => ({ timeMs: tag, code, data: text }));
}
