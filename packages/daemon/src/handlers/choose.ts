/**
 * Choosing an element by keys, as a person would without a mouse: press a key that may bring the
 * focus nearer, look, take another if it did not, and press Enter only when the element has it.
 */
import { type ParsedParams, RequestError } from '@pilotty/protocol';
import {
  activationKey,
  type Element,
  type FocusKey,
  focusedNear,
  keysTowards,
  parseKeys,
} from '@pilotty/terminal';
import type { Deadline } from '../call.ts';
import { elementNamed, elementsOf, elementWithText } from '../session/elements.ts';
import type { Session } from '../session/session.ts';
import { settled } from '../waiting/conditions.ts';
import { type Answer, waitUntil } from '../waiting/wait.ts';
import { acting } from './acting.ts';
import type { Handlers } from './handler.ts';
import { encodeKeys, send } from './sending.ts';

export const chooseHandlers: Handlers<'session.choose'> = {
  'session.choose': (services, params, call) =>
    acting(services, params, params.timeout_ms, call, (session, deadline) =>
      new Chooser(session, deadline).choose(params),
    ),
};

/** A program that has begun to redraw its focus has done so after this long without more. */
const FRAME_QUIET_MS = 40;
/** One that has not begun by then does nothing with the key. */
const REACTION_MS = 250;
/** A menu of some hundred rows; beyond, a person would search. */
const MOST_KEYS = 300;

/** Where none of the likely keys helps, one of these may. */
const EVERY_KEY: readonly FocusKey[] = ['Down', 'Up', 'Tab', 'Shift+Tab', 'Right', 'Left'];

class Chooser {
  readonly #session: Session;
  readonly #deadline: Deadline;
  readonly #pressed: string[] = [];
  #sent = { seq: 0, bytes: 0 };

  constructor(session: Session, deadline: Deadline) {
    this.#session = session;
    this.#deadline = deadline;
  }

  async choose({ ref, text }: ParsedParams<'session.choose'>) {
    const wanted = ref ?? elementWithText(this.#session, text ?? '').ref;
    const target = await this.#moveTo(wanted);
    await this.#press(activationKey(target));
    return {
      type: 'chosen' as const,
      session: this.#session.name,
      ...this.#sent,
      keys: this.#pressed,
      element: target,
    };
  }

  async #moveTo(ref: string): Promise<Element> {
    /** Keys that have been pressed on a screen that looked just so, and did not lead to the end. */
    const tried = new Map<number, Set<FocusKey>>();
    while (this.#pressed.length < MOST_KEYS) {
      const { element: target } = elementNamed(this.#session, ref);
      if (target.focused) return target;
      const { contentHash } = this.#session;
      const useless = tried.get(contentHash) ?? new Set();
      tried.set(contentHash, useless);
      const from = focusedNear(elementsOf(this.#session), target);
      const keys = [...keysTowards(from, target), ...EVERY_KEY];
      const key = keys.find((candidate) => !useless.has(candidate));
      if (!key) break;
      useless.add(key);
      await this.#press(key);
      await waitUntil(this.#session, this.#redrawn(), this.#deadline);
      this.#session.requireRunning();
      if (this.#deadline.signal.aborted) break;
    }
    throw new RequestError(
      'CONDITION_FAILED',
      `No key brought the focus to ${ref} in session '${this.#session.name}'`,
      {
        suggestion: "Look with 'pilotty snapshot --elements', and press keys with 'pilotty key'.",
        details: { keys: this.#pressed, screen: this.#session.screen.text() },
      },
    );
  }

  #redrawn(): () => Answer<true> {
    const session = this.#session;
    const still = settled(session, FRAME_QUIET_MS);
    const { seq } = this.#sent;
    return () => {
      const leftMs = REACTION_MS - session.times.inputIdleMs;
      return session.drawnSeq > seq || leftMs <= 0 ? still() : { askAgainInMs: leftMs };
    };
  }

  async #press(name: string): Promise<void> {
    const bytes = encodeKeys(parseKeys(name), this.#session);
    const { seq, bytes: count } = await send(this.#session, bytes, this.#deadline);
    this.#sent = { seq, bytes: this.#sent.bytes + count };
    this.#pressed.push(name);
  }
}
