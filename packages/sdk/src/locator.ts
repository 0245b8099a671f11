/**
 * Finds something on the screen, again each time it is used: a locator is a way to look, and holds nothing.
 *
 * It looks at the screen, and again when that has changed, so nothing is polled. What it acts on is what it has found:
 * the daemon sends a click only if the screen is still the one that was looked at, and else it is looked at again.
 */

import { ConditionFailedError, RefStaleError } from './error-classes.ts';
import { errorOf } from './errors.ts';
import type { Bounds, Found, Query } from './found.ts';
import { framedScreen } from './framed-screen.ts';
import type { CallOptions } from './link.ts';
import type {
  ChooseParams,
  ChooseResult,
  ClickParams,
  ClickResult,
  LookParams,
  ScreenElement,
  ScreenState,
  SnapshotParams,
} from './protocol-types.ts';

/** What a locator needs of its session. */
interface Screens {
  readonly name: string;
  snapshot(params: SnapshotParams, options: CallOptions): Promise<ScreenState>;
  click(params: ClickParams, options: CallOptions): Promise<ClickResult>;
  choose(params: ChooseParams, options: CallOptions): Promise<ChooseResult>;
}

/** How long a locator looks for what is not there yet. */
export interface LocatorParams {
  /** Deadline in milliseconds (default: 30000). */
  timeout_ms?: number | undefined;
}

/** What is waited for: `visible`: it is on the screen; `hidden`: it is not. */
export interface LocatorWaitParams extends LocatorParams {
  /** (default: visible) */
  state?: 'visible' | 'hidden' | undefined;
}

/** How to click, and what to wait for afterwards. */
export interface LocatorClickParams
  extends LocatorParams,
    Omit<ClickParams, 'row' | 'col' | 'ref' | 'text' | 'only_if'> {}

/** What to wait for after a choice. */
export interface LocatorChooseParams
  extends LocatorParams,
    Omit<ChooseParams, 'ref' | 'text' | 'only_if' | 'timeout_ms'> {}

const DEFAULT_TIMEOUT_MS = 30_000;

type Pick = { at: number } | undefined;

let foundBy: (locator: Locator, screen: ScreenState) => Found[];
let queryOf: (locator: Locator) => Query;

/** What the locator finds on a screen that was looked at as `lookOf()` says. */
export function foundOn(locator: Locator, screen: ScreenState): Found[] {
  return foundBy(locator, screen);
}

/** What has to be known of the screen. */
export function lookOf(locator: Locator): LookParams {
  return queryOf(locator).look;
}

/**
 * A way to find something on the screen: `session.getByText('Save')`, `session.getByElement('button', { text: 'OK' })`.
 *
 * Strict: where several places fit, acting on it and reading of it fail with a ConditionFailedError that lists them;
 * `first()`, `last()` and `nth()` choose one. What it needs is waited for, up to `timeout_ms`.
 */
export class Locator {
  static {
    foundBy = (locator, screen) => locator.#fitting(screen);
    queryOf = (locator) => locator.#query;
  }

  readonly #screens: Screens;
  readonly #query: Query;
  readonly #pick: Pick;

  /** @internal */
  constructor(screens: Screens, query: Query, pick?: Pick) {
    this.#screens = screens;
    this.#query = query;
    this.#pick = pick;
  }

  /** As it was written, for messages. */
  toString(): string {
    const { name } = this.#query;
    if (this.#pick === undefined) return name;
    const { at } = this.#pick;
    return at === 0 ? `${name}.first()` : at === -1 ? `${name}.last()` : `${name}.nth(${at})`;
  }

  /** The first of them, from the top and the left. */
  first(): Locator {
    return this.nth(0);
  }

  /** The last of them. */
  last(): Locator {
    return this.nth(-1);
  }

  /** The one at this place, counted from 0; from -1 backwards. */
  nth(index: number): Locator {
    return new Locator(this.#screens, this.#query, { at: index });
  }

  /** How many there are on the screen now. */
  async count(options: CallOptions = {}): Promise<number> {
    return (await this.all(options)).length;
  }

  /** Everything that fits on the screen now, in reading order. */
  async all(options: CallOptions = {}): Promise<Found[]> {
    return this.#fitting(await this.#look({}, options));
  }

  /** Whether at least one is on the screen now. */
  async isVisible(options: CallOptions = {}): Promise<boolean> {
    return (await this.count(options)) > 0;
  }

  /**
   * Waits until at least one is on the screen, or none is.
   * @throws TimeoutError with the screen; SessionExitedError if the program ends before
   */
  async waitFor(params: LocatorWaitParams = {}, options: CallOptions = {}): Promise<void> {
    const { state = 'visible', timeout_ms: timeoutMs } = params;
    await this.#until(`be ${state}`, timeoutMs, options, async (screen) =>
      this.#fitting(screen).length > 0 === (state === 'visible') ? true : undefined,
    );
  }

  /**
   * Its text, once it is on the screen.
   * @throws TimeoutError, SessionExitedError; ConditionFailedError where there are several
   */
  async textContent(params: LocatorParams = {}, options: CallOptions = {}): Promise<string> {
    return (await this.#one(params, options)).text;
  }

  /**
   * Where it is, in cells counted from 0, once it is on the screen.
   * @throws TimeoutError, SessionExitedError; ConditionFailedError where there are several
   */
  async bounds(params: LocatorParams = {}, options: CallOptions = {}): Promise<Bounds> {
    const { row, col, width, height } = await this.#one(params, options);
    return { row, col, width, height };
  }

  /**
   * The element, once it is on the screen; of a text, the smallest element that it stands in.
   * @throws TimeoutError, SessionExitedError; ConditionFailedError where there are several
   */
  async element(params: LocatorParams = {}, options: CallOptions = {}): Promise<ScreenElement> {
    return await this.#until('be an element', params.timeout_ms, options, async (screen) => {
      const found = this.#oneOn(screen);
      return found && elementAt(found, screen);
    });
  }

  /**
   * Clicks its middle, once it is on the screen: what was found is what is clicked, or nothing.
   * @throws MouseDisabledError where the program does not use the mouse: `choose()` uses keys;
   * TimeoutError, SessionExitedError; ConditionFailedError where there are several
   */
  async click(params: LocatorClickParams = {}, options: CallOptions = {}): Promise<ClickResult> {
    const { timeout_ms: timeoutMs, ...click } = params;
    return await this.#until('be clicked', timeoutMs, options, async (screen) => {
      const found = this.#oneOn(screen);
      if (found === undefined) return undefined;
      return await ifUnchanged(this.#screens.click({ ...click, ...placeOf(found, screen) }, options), screen);
    });
  }

  /**
   * Moves to the element with Tab or the arrow keys and presses Enter, or Space for a checkbox: for programs without a mouse.
   * @throws ConditionFailedError where there are several, or where no key leads to it; TimeoutError, SessionExitedError
   */
  async choose(params: LocatorChooseParams = {}, options: CallOptions = {}): Promise<ChooseResult> {
    const { timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS, ...choose } = params;
    return await this.#until('be chosen', timeoutMs, options, async (screen, leftMs) => {
      const found = this.#oneOn(screen);
      const element = found && elementAt(found, screen);
      if (element === undefined) return undefined;
      const request = { ...choose, ref: element.ref, timeout_ms: leftMs };
      return await ifUnchanged(this.#screens.choose(request, options), screen);
    });
  }

  async #one({ timeout_ms: timeoutMs }: LocatorParams, options: CallOptions): Promise<Found> {
    return await this.#until('be visible', timeoutMs, options, async (screen) => this.#oneOn(screen));
  }

  /** Looks at each screen there is, until one gives an answer. */
  async #until<T>(
    what: string,
    timeoutMs: number = DEFAULT_TIMEOUT_MS,
    options: CallOptions,
    attempt: (screen: ScreenState, leftMs: number) => Promise<T | undefined>,
  ): Promise<T> {
    const began = performance.now();
    const leftMs = () => Math.max(0, Math.ceil(timeoutMs - (performance.now() - began)));
    let screen = await this.#look({}, options);
    for (;;) {
      const answer = await attempt(screen, leftMs());
      if (answer !== undefined) return answer;
      if (screen.exit !== undefined) throw this.#failed('SESSION_EXITED', 'The program ended', what, screen);
      if (leftMs() === 0) throw this.#failed('TIMEOUT', `Timed out after ${timeoutMs} ms`, what, screen);
      const { revision } = screen;
      screen = await this.#look({ await_change: revision, timeout_ms: leftMs() }, options);
    }
  }

  #look(params: SnapshotParams, options: CallOptions): Promise<ScreenState> {
    return this.#screens.snapshot({ ...this.#query.look, ...params }, options);
  }

  /** Those of the picked place, or all. */
  #fitting(screen: ScreenState): Found[] {
    const found = this.#query.find(screen);
    if (this.#pick === undefined) return found;
    const picked = found.at(this.#pick.at);
    return picked === undefined ? [] : [picked];
  }

  /** @throws ConditionFailedError where there are several */
  #oneOn(screen: ScreenState): Found | undefined {
    const found = this.#fitting(screen);
    if (found.length <= 1) return found[0];
    const places = found.map(
      ({ row, col, text }, index) => `  ${index}: ${JSON.stringify(text)} at row ${row}, column ${col}`,
    );
    const message = `${this} fits ${found.length} places in session '${this.#screens.name}'`;
    throw errorOf('CONDITION_FAILED', [`${message}:`, ...places].join('\n'), {
      suggestion: 'Say which with first(), last() or nth(), or look for more of its text, or with exact.',
      details: { found },
      screen,
    });
  }

  #failed(code: string, what: string, wanted: string, screen: ScreenState): Error {
    const message = `${what}: ${this} was to ${wanted} in session '${this.#screens.name}'`;
    return errorOf(code, [message, ...framedScreen(screen)].join('\n'), {
      suggestion:
        'Compare with the screen; session.snapshot({ elements: true }) lists the elements there are.',
      screen,
    });
  }
}

/** The daemon finds an element again by its ref, when it clicks; a text is clicked where it stood if nothing has changed. */
function placeOf(found: Found, screen: ScreenState): ClickParams {
  if (found.element !== undefined) return { ref: found.element.ref };
  const col = found.col + Math.floor((found.width - 1) / 2);
  return { row: found.row, col, only_if: { revision: screen.revision } };
}

/** @returns undefined where nothing was sent, because the screen has changed since it was looked at */
async function ifUnchanged<T>(act: Promise<T>, looked: ScreenState): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof RefStaleError) return undefined;
    const hasChanged =
      error instanceof ConditionFailedError &&
      error.details?.keys === undefined &&
      error.screen?.revision !== looked.revision;
    if (hasChanged) return undefined;
    throw error;
  }
}

function elementAt(found: Found, { elements = [] }: ScreenState): ScreenElement | undefined {
  if (found.element !== undefined) return found.element;
  return elements
    .filter(
      ({ row, col, width, height }) =>
        found.row >= row &&
        found.row < row + height &&
        found.col >= col &&
        found.col + found.width <= col + width,
    )
    .sort((a, b) => a.width * a.height - b.width * b.height)[0];
}
