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
import { inputTimedOut } from '../session/input-timed-out.ts';
import { screenState } from '../session/screen-state.ts';
import type { Session } from '../session/session.ts';
import { drawingEnds, settled } from '../waiting/conditions.ts';
import { type Answer, waitUntil } from '../waiting/wait.ts';
import { Act } from './act.ts';
import { elementNamed, elementsOf, elementWithText } from './elements.ts';
import type { Handlers } from './handler.ts';
import { encodeKeys } from './keys-to-send.ts';
import { LostElement } from './lost-element.ts';

export const chooseHandlers: Handlers<'session.choose'> = {
  'session.choose': async (services, params, call) => {
    const act = await Act.begin(services, params, params.timeout_ms, call);
    try {
      await act.untilDrawn();
      act.checkScreen();
      const { element, keys } = await new Chooser(act).choose(params);
      return {
        type: 'chosen',
        ...act.session.reference,
        ...act.sent,
        keys,
        element,
        ...(await act.waitAndCapture()),
      };
    } finally {
      act.end();
    }
  },
};

/** A program that has begun to redraw its focus has done so after this long without more. */
const FRAME_QUIET_MS = 40;
/** One that has not begun by then does nothing with the key. */
const REACTION_MS = 250;
/** A menu of some hundred rows; beyond, a person would search. */
const MAX_KEYS = 300;

/** Where none of the likely keys helps, one of these may. */
const EVERY_KEY: readonly FocusKey[] = ['Down', 'Up', 'Tab', 'Shift+Tab', 'Right', 'Left'];

class Chooser {
  readonly #act: Act;
  readonly #session: Session;
  readonly #lost: LostElement;
  readonly #pressed: string[] = [];

  constructor(act: Act) {
    this.#act = act;
    this.#session = act.session;
    this.#lost = new LostElement(act.session.screen);
  }

  /** @returns the element, and the keys that led to it */
  async choose({ ref, text }: ParsedParams<'session.choose'>): Promise<{ element: Element; keys: string[] }> {
    const wanted = ref ?? (await this.#act.found(() => elementWithText(this.#session, text ?? ''))).ref;
    const { element: sought } = elementNamed(this.#session, wanted);
    this.#act.describe('session.choose', { text: text ?? sought.text });
    const element = await this.#moveTo(wanted);
    await this.#press(activationKey(element));
    return { element, keys: this.#pressed };
  }

  async #moveTo(ref: string): Promise<Element> {
    /** Keys that have been pressed on a screen that looked just so, and did not lead to the end. */
    const tried = new Map<number, Set<FocusKey>>();
    while (this.#pressed.length < MAX_KEYS) {
      this.#act.catchUp();
      const { target, from } = this.#find(ref);
      if (target.focused) return target;
      const { contentHash } = this.#session;
      const useless = tried.get(contentHash) ?? new Set();
      tried.set(contentHash, useless);
      const keys = [...keysTowards(from, target), ...EVERY_KEY];
      const key = keys.find((candidate) => !useless.has(candidate));
      if (!key) break;
      useless.add(key);
      await this.#press(key);
      await waitUntil(this.#session, this.#redrawn(), this.#act.deadline);
      this.#session.requireRunning();
      if (this.#act.deadline.isOver) throw inputTimedOut(this.#session, this.#act.sent.bytes);
    }
    throw new RequestError(
      'CONDITION_FAILED',
      `No key brought the focus to ${ref} in session '${this.#session.name}'`,
      {
        suggestion: "Look with 'pilotty snapshot --elements', and press keys with 'pilotty key'.",
        details: {
          ...this.#session.reference,
          keys: this.#pressed,
          screen: screenState(this.#session, 'immediate'),
        },
      },
    );
  }

  /** The element, and the one that has the focus. @throws RequestError REF_STALE once its text is gone too */
  #find(ref: string): { target: Element; from: Element | undefined } {
    try {
      const { element: target } = elementNamed(this.#session, ref);
      const from = focusedNear(elementsOf(this.#session), target);
      this.#lost.seen(target, from);
      return { target, from };
    } catch (error) {
      const found =
        error instanceof RequestError && error.code === 'REF_STALE' ? this.#lost.find() : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }

  #redrawn(): () => Answer<true> {
    const session = this.#session;
    const still = settled(session, FRAME_QUIET_MS);
    const drawn = drawingEnds(session);
    const { seq } = this.#act.sent;
    return () => {
      const leftMs = REACTION_MS - session.times.inputIdleMs;
      if (session.parsedSeq <= seq && leftMs > 0) return { askAgainInMs: leftMs };
      const answer = still();
      // On a busy machine a program may stop for longer in the middle of a frame.
      return 'holds' in answer ? drawn() : answer;
    };
  }

  async #press(name: string): Promise<void> {
    await this.#act.send(encodeKeys(parseKeys(name), this.#session));
    this.#pressed.push(name);
  }
}
