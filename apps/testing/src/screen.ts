/**
 * The screen of a program that is tested: what is done to it, what it shows, and the trace of both.
 *
 * An act resolves when the program's terminal has taken it. What it leads to is waited for by `expect(screen)`,
 * by a locator, or by the act's own `wait`.
 */
import type {
  CallOptions,
  ChooseParams,
  ChooseResult,
  ClickParams,
  ClickResult,
  Conditions,
  ElementOptions,
  Exit,
  KeyParams,
  MouseParams,
  ResizeParams,
  ScreenElement,
  ScreenState,
  ScrollParams,
  SendParams,
  SendPart,
  Session,
  SnapshotParams,
  TextOptions,
  WaitResult,
} from '@pilotty/sdk';
import { asyncDispose, elementQuery, Locator, textQuery } from '@pilotty/sdk/local';
import type { Closing } from './closing.ts';
import type { Place } from './place.ts';
import { stormSizes } from './resize-storm.ts';
import { type StyleWanted, styleQuery } from './styles.ts';
import type { Trace } from './trace/trace.ts';

/** How an act is sent, and what to wait for afterwards. */
export type ActParams = Pick<KeyParams, 'wait'>;

interface Facts {
  session: Session;
  place: Place;
  trace: Trace;
  closing: Closing;
  title: string;
  timeoutMs: number;
  testFile: string | undefined;
  stormBeforeActs: number;
}

let create: (facts: Facts) => Screen;
let partsOf: (screen: Screen) => Facts & { processed: (timeoutMs: number) => Promise<void> };

export function screenOver(facts: Facts): Screen {
  return create(facts);
}

/** What assertions need of it. */
export function innerOf(screen: Screen): ReturnType<typeof partsOf> {
  return partsOf(screen);
}

/** A program on a terminal of its own, in a directory of its own. Made by `launch()`. */
export class Screen implements AsyncDisposable {
  static {
    create = (facts) => new Screen(facts);
    partsOf = (screen) => ({ ...screen.#facts, processed: (timeoutMs) => screen.#processed(timeoutMs) });
  }

  readonly #facts: Facts;
  /** Something was sent whose effect may not be on the screen yet. */
  #isActPending = false;

  private constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The session as the SDK has it, for what has no method here. What is done through it is not in the trace. */
  get session(): Session {
    return this.#facts.session;
  }

  /** The name of its session, for messages. */
  get name(): string {
    return this.#facts.session.name;
  }

  /** The program's working directory, `~/work` for it. */
  get cwd(): string {
    return this.#facts.place.cwd;
  }

  /** The program's home directory. */
  get home(): string {
    return this.#facts.place.home;
  }

  /**
   * Where a file of the test is: relative to the working directory, or from the home directory with `~/`.
   * @throws TypeError for one that would be outside of the test's directory
   */
  pathOf(name: string): string {
    return this.#facts.place.pathOf(name);
  }

  /** What the program has written to a file. */
  async readFile(name: string): Promise<string> {
    return Buffer.from(await this.#facts.place.readFile(this.pathOf(name))).toString();
  }

  /** Presses keys and chords, separated by spaces: `'Escape : w q Enter'`, `'Ctrl+C'`; docs/keys.md names them. */
  async key(keys: string, params: ActParams = {}, options: CallOptions = {}): Promise<void> {
    await this.#act(`key ${keys}`, () => this.session.key(keys, params, options));
  }

  /** Types text as it is. */
  async type(
    text: string,
    params: ActParams & { enter?: boolean } = {},
    options: CallOptions = {},
  ): Promise<void> {
    const enter = params.enter ? ', Enter' : '';
    await this.#act(`type ${JSON.stringify(text)}${enter}`, () => this.session.type(text, params, options));
  }

  /** Sends text and keys as one act: `screen.send(['/needle', 'Enter', 'n'])`. */
  async send(
    parts: readonly SendPart[],
    params: Omit<SendParams, 'parts'> = {},
    options: CallOptions = {},
  ): Promise<void> {
    await this.#act(`send ${JSON.stringify(parts)}`, () => this.session.send(parts, params, options));
  }

  /** Pastes text, in brackets where the program has asked for that. */
  async paste(text: string, params: ActParams = {}, options: CallOptions = {}): Promise<void> {
    await this.#act(`paste ${JSON.stringify(text)}`, () => this.session.paste(text, params, options));
  }

  /** Clicks a cell, an element or a text; `screen.getByText('Save').click()` waits for it. */
  async click(params: ClickParams, options: CallOptions = {}): Promise<ClickResult> {
    return await this.#act(`click ${JSON.stringify(params)}`, () => this.session.click(params, options));
  }

  /** Chooses an element by keys, as a person would without a mouse. */
  async choose(params: ChooseParams, options: CallOptions = {}): Promise<ChooseResult> {
    return await this.#act(`choose ${JSON.stringify(params)}`, () => this.session.choose(params, options));
  }

  /** Turns the mouse wheel. */
  async scroll(
    direction: ScrollParams['direction'],
    params: Omit<ScrollParams, 'direction'> = {},
    options: CallOptions = {},
  ): Promise<void> {
    await this.#act(`scroll ${direction}`, () => this.session.scroll(direction, params, options));
  }

  /** Sends one event of the mouse, or a drag. */
  async mouse(params: MouseParams, options: CallOptions = {}): Promise<void> {
    await this.#act(`mouse ${JSON.stringify(params)}`, () => this.session.mouse(params, options));
  }

  /** Sends a signal to the foreground process group: `screen.signal('INT')`. */
  async signal(signal: string, params: ActParams = {}, options: CallOptions = {}): Promise<void> {
    await this.#act(`signal ${signal}`, () => this.session.signal(signal, params, options));
  }

  /** Changes the size of the terminal; the program is notified. */
  async resize(size: Pick<ResizeParams, 'cols' | 'rows'>, options: CallOptions = {}): Promise<void> {
    await this.#act(`resize to ${size.cols}×${size.rows}`, () => this.session.resize(size, options));
  }

  /** Resizes the terminal as often as that, to small, wide and high, without waiting, and back to the size it has. */
  async resizeStorm(times: number): Promise<void> {
    await this.#facts.trace.step('act', `resize ${times} times`, async () => {
      const { size } = await this.session.snapshot();
      for (const { cols, rows } of stormSizes(size, times)) await this.session.resize({ cols, rows });
      this.#isActPending = true;
    });
  }

  /**
   * Waits until all conditions are met: those of docs/protocol.md, `session.wait`. `expect(screen)` mostly says it better.
   * @throws TimeoutError, SessionExitedError with the screen
   */
  async waitFor(conditions: Conditions, options: CallOptions = {}): Promise<WaitResult> {
    const timeout = { timeout_ms: this.#facts.timeoutMs };
    return await this.#step('assertion', `wait for ${JSON.stringify(conditions)}`, () =>
      this.session.waitFor({ ...timeout, ...conditions }, options),
    );
  }

  /** A name in the trace for what comes: `screen.note('the wizard')`. */
  note(title: string): void {
    this.#facts.trace.note(title);
  }

  /** The screen as data: text, cursor, size, styles if asked for. */
  async snapshot(params: SnapshotParams = {}, options: CallOptions = {}): Promise<ScreenState> {
    const screen = await this.session.snapshot(params, options);
    this.#facts.trace.see(screen);
    return screen;
  }

  /** The text of the screen now, one line a row. */
  async text(): Promise<string> {
    return (await this.snapshot({ styles: true })).text ?? '';
  }

  /** How the program has ended; undefined while it runs. */
  async exit(): Promise<Exit | undefined> {
    return (await this.snapshot()).exit;
  }

  /** A way to find a text on the screen. A string is found as it is; it must stand in one row. */
  getByText(text: string | RegExp, options: TextOptions = {}): Locator {
    return new Locator(this, textQuery(text, options));
  }

  /** A way to find what a person would take for a control: `getByElement('button', { text: 'OK' })`; docs/elements.md. */
  getByElement(kind: ScreenElement['kind'], options: ElementOptions = {}): Locator {
    return new Locator(this, elementQuery(kind, options));
  }

  /** A way to find neighbouring cells of a row by their style: `getByStyle({ inverse: true })`. */
  getByStyle(style: StyleWanted): Locator {
    return new Locator(this, styleQuery(style));
  }

  /** Writes the trace now, whatever became of the test. @returns the path of its HTML file */
  async saveTrace(): Promise<string> {
    return await this.#facts.closing.saveTrace();
  }

  /** Ends the program and what it has started, and removes its directory. Writes the trace if something has failed. */
  async close(): Promise<void> {
    await this.#facts.closing.close();
  }

  /** `await using`: as `close()`. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  async #act<T>(title: string, act: () => Promise<T>): Promise<T> {
    const { stormBeforeActs } = this.#facts;
    if (stormBeforeActs > 0) await this.resizeStorm(stormBeforeActs);
    return await this.#step('act', title, async () => {
      const answer = await act();
      this.#isActPending = true;
      return answer;
    });
  }

  async #step<T>(kind: 'act' | 'assertion', title: string, run: () => Promise<T>): Promise<T> {
    const { trace, closing } = this.#facts;
    try {
      return await trace.step(kind, title, run);
    } catch (error) {
      closing.failed(error);
      throw error;
    }
  }

  /** Until the program waits for input again, or has ended: then what it shows is its answer to what was sent. */
  async #processed(timeoutMs: number): Promise<void> {
    if (!this.#isActPending) return;
    const processed = whenProcessed(this.#facts.place);
    await this.session.waitFor({ ...processed, exit: true, any: true, timeout_ms: timeoutMs });
    this.#isActPending = false;
  }
}

/** Where the kernel does not say what a program waits for, it is taken to have answered when it is quiet. */
const QUIET_MS = 250;

export function whenProcessed({ isLinux }: Place): Conditions {
  return isLinux ? { reads: true } : { idle_ms: QUIET_MS };
}
