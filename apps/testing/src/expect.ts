/** `expect(screen)`: assertions that wait, for any runner; a failed one rejects with an AssertionError. */
import type { Exit, LookParams, ScreenState, TextOptions } from '@pilotty/sdk';
import { foundOn, Locator, lookOf, textQuery } from '@pilotty/sdk/local';
import { type Attempt, attempt, howItEnded, type Verdict } from './attempt.ts';
import { gridOf } from './cells.ts';
import { type MatchOptions, matchScreen } from './goldens/match-screen.ts';
import { Screen } from './screen.ts';
import { checkStyle, describeStyle, hasStyle, type StyleWanted } from './styles.ts';

export interface WaitOptions {
  /** Deadline in milliseconds (default: that of the launch, 5000). */
  timeout?: number | undefined;
}

/** Where the cursor is, counted from 0, and how it is shown; what is left out does not matter. */
export interface CursorWanted {
  row?: number;
  col?: number;
  visible?: boolean;
  shape?: 'block' | 'underline' | 'bar';
}

/** How the program has ended; what is left out does not matter. A number is an exit code. */
export type ExitWanted = number | { exit_code?: number | null; signal?: string | null };

/** A text, a regular expression, or a locator of this screen. */
export type Shown = string | RegExp | Locator;

/**
 * Assertions about a screen: `await expect(screen).toShow('Ready')`.
 *
 * Each looks at the screen, and again each time it has changed, until it is met or its deadline is over; nothing is
 * polled, and nothing is taken for ready because it was quiet.
 * @throws TypeError for what is no screen: the runner's own expect has another name then
 */
export function expect(screen: Screen): ScreenAssertions {
  if (!(screen instanceof Screen))
    throw new TypeError("expect of pilotty/testing takes a screen: import the runner's under another name");
  return new ScreenAssertions(screen, false);
}

export class ScreenAssertions {
  readonly #screen: Screen;
  readonly #isNegated: boolean;

  /** @internal */
  constructor(screen: Screen, isNegated: boolean) {
    this.#screen = screen;
    this.#isNegated = isNegated;
  }

  /** The opposite, once the program has processed what was sent to it. */
  get not(): Omit<ScreenAssertions, 'not' | 'toMatchScreen'> {
    return new ScreenAssertions(this.#screen, !this.#isNegated);
  }

  /** The text stands in a row of the screen, or the locator finds something. */
  async toShow(what: Shown, options: WaitOptions & TextOptions = {}): Promise<void> {
    const { timeout, ...text } = options;
    const locator = what instanceof Locator ? what : new Locator(this.#screen, textQuery(what, text));
    await this.#meet(
      `toShow(${what instanceof Locator ? what : literal(what)})`,
      lookOf(locator),
      timeout,
      (state) => {
        const found = foundOn(locator, state);
        return {
          isMet: found.length > 0,
          problem: this.#isNegated ? 'shown' : 'not shown',
          detail: found
            .slice(0, 5)
            .map(({ row, col, text }) => `Shown at row ${row}, column ${col}: ${literal(text)}`),
        };
      },
    );
  }

  /** All that the locator or text finds has this style, in each of its cells; it has to find something. */
  async toHaveStyle(what: Shown, style: StyleWanted, options: WaitOptions = {}): Promise<void> {
    checkStyle(style);
    const locator = what instanceof Locator ? what : new Locator(this.#screen, textQuery(what, {}));
    const said = `${what instanceof Locator ? what : literal(what)}, ${JSON.stringify(style)}`;
    await this.#meet(`toHaveStyle(${said})`, lookOf(locator), options.timeout, (state) => {
      const found = foundOn(locator, state);
      const cells = found.flatMap((place) => cellsIn(place, state));
      const others = cells.filter((cell) => !hasStyle(cell.style, style));
      const styles = [...new Set(others.map((cell) => describeStyle(cell.style)))];
      if (cells.length === 0) return { isMet: this.#isNegated, problem: 'nothing of it is shown' };
      return {
        isMet: others.length === 0,
        problem: this.#isNegated ? 'has the style' : 'has another style',
        detail: [
          `Expected: ${this.#isNegated ? 'not ' : ''}${describeStyle(style)}`,
          ...(styles.length > 0 ? [`Found:    ${styles.join('; ')}`] : []),
        ],
      };
    });
  }

  /** The cursor is there, and shown like that. */
  async toHaveCursor(wanted: CursorWanted, options: WaitOptions = {}): Promise<void> {
    await this.#meet(`toHaveCursor(${JSON.stringify(wanted)})`, {}, options.timeout, ({ cursor }) => ({
      isMet: Object.entries(wanted).every(
        ([name, value]) => value === undefined || cursor[name as keyof CursorWanted] === value,
      ),
      problem: this.#isNegated ? 'it is so' : 'it is not so',
      detail: [`Found: ${JSON.stringify(cursor)}`],
    }));
  }

  /** The program has ended, and like that. */
  async toHaveExited(wanted: ExitWanted = {}, options: WaitOptions = {}): Promise<void> {
    const exit = typeof wanted === 'number' ? { exit_code: wanted } : wanted;
    const said = Object.keys(exit).length === 0 ? '' : JSON.stringify(wanted);
    await this.#meet(`toHaveExited(${said})`, {}, options.timeout, (state) => ({
      isMet: state.exit !== undefined && isExit(state.exit, exit),
      ...exitProblem(state),
    }));
  }

  /**
   * The screen is as the golden file beside the test has it. One that is missing is written, once the program waits for
   * input; in CI that is a failure. `PILOTTY_UPDATE_SCREENS=1`, `vitest -u`, `jest -u` and
   * `node --test-update-snapshots` write it anew.
   * @param name of the golden (default: the title and a number)
   */
  async toMatchScreen(name?: string | MatchOptions, options: MatchOptions = {}): Promise<void> {
    const { stack = '' } = new Error('here');
    if (typeof name === 'object') await matchScreen(this.#screen, undefined, name, stack);
    else await matchScreen(this.#screen, name, options, stack);
  }

  async #meet(
    assertion: string,
    look: LookParams,
    timeoutMs: number | undefined,
    judge: Attempt['judge'],
  ): Promise<void> {
    const { stack = '' } = new Error('here');
    const isNegated = this.#isNegated;
    await attempt(this.#screen, {
      assertion: `expect(screen)${isNegated ? '.not' : ''}.${assertion}`,
      look,
      timeoutMs,
      afterInput: isNegated,
      stack,
      judge: (state) => {
        const verdict: Verdict = judge(state);
        return isNegated ? { ...verdict, isMet: !verdict.isMet } : verdict;
      },
    });
  }
}

function isExit(exit: Exit, wanted: Exclude<ExitWanted, number>): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => value === undefined || exit[name as keyof typeof wanted] === value,
  );
}

/** How it ended is what was wrong: nothing was missing before. */
function exitProblem({ exit }: ScreenState): Pick<Verdict, 'problem' | 'saysWhen'> {
  if (exit === undefined) return { problem: 'the program did not end' };
  return { problem: `it ended with ${howItEnded(exit)}`, saysWhen: true };
}

function cellsIn(place: { row: number; col: number; width: number; height: number }, screen: ScreenState) {
  return gridOf(screen)
    .slice(place.row, place.row + place.height)
    .flatMap((cells) =>
      cells.filter(({ col, width }) => col + width > place.col && col < place.col + place.width),
    );
}

function literal(text: string | RegExp): string {
  return typeof text === 'string' ? JSON.stringify(text) : String(text);
}
