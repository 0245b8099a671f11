/** `toMatchScreen`: the screen against its golden, or the golden from the screen. */
import type { Bounds, ScreenState } from '@pilotty/sdk';
import { foundOn, Locator, lookOf } from '@pilotty/sdk/local';
import { attempt } from '../attempt.ts';
import { gridOf, masked } from '../cells.ts';
import { updates } from '../runner.ts';
import { innerOf, type Screen, whenProcessed } from '../screen.ts';
import { difference } from './difference.ts';
import { type GoldenKind, goldenOf } from './golden.ts';
import { goldenPath, readGolden, takeName, writeGolden } from './golden-file.ts';

export interface MatchOptions {
  /** `text`: what it says; `styled`: with styles and cursor; `svg`: a picture (default: text). */
  as?: GoldenKind | undefined;
  /** Not compared: what a locator finds, or a region in cells. */
  mask?: readonly (Locator | Bounds)[] | undefined;
  /** Deadline in milliseconds (default: that of the launch, 5000). */
  timeout?: number | undefined;
}

const counts = new WeakMap<Screen, number>();

export async function matchScreen(
  screen: Screen,
  name: string | undefined,
  { as: kind = 'text', mask = [], timeout }: MatchOptions,
  stack: string,
): Promise<void> {
  const path = pathFor(screen, name, kind);
  const golden = readGolden(path);
  const mode = updates();
  const look = mask.some((one) => one instanceof Locator && lookOf(one).elements) ? { elements: true } : {};
  const render = (state: ScreenState) => goldenOf(kind, lookAt(screen, state, mask));
  const common = {
    assertion: `expect(screen).toMatchScreen(${name === undefined ? '' : JSON.stringify(name)})`,
    look,
    timeoutMs: timeout,
    stack,
  };
  if (mode === 'all' || (golden === undefined && mode === 'new')) {
    await waitsForInput(screen, timeout);
    const state = await attempt(screen, {
      ...common,
      afterInput: false,
      judge: () => ({ isMet: true, problem: '' }),
    });
    const rendered = render(state);
    if (rendered !== golden) writeGolden(path, rendered);
    return;
  }
  await attempt(screen, {
    ...common,
    afterInput: golden === undefined,
    judge: (state) => {
      if (golden === undefined)
        return { isMet: false, problem: `there is no golden ${path}`, detail: MISSING };
      const rendered = render(state);
      const detail = [`- ${path}`, '+ the screen', '', ...differenceOf(kind, golden, rendered), '', UPDATE];
      return { isMet: rendered === golden, problem: 'differs from its golden', detail };
    },
    ...(golden === undefined && { timeoutMs: 0 }),
  });
}

const UPDATE =
  'If the screen is right: run again with PILOTTY_UPDATE_SCREENS=1, vitest -u, jest -u or node --test-update-snapshots.';
const MISSING = ['It is not written in CI: run the test elsewhere, look at the file, and commit it.'];

/** A picture's lines say nothing to a person. */
function differenceOf(kind: GoldenKind, golden: string, rendered: string): string[] {
  return kind === 'svg' ? ['(pictures: the trace shows the screen)'] : difference(golden, rendered);
}

/**
 * What is written is a screen that the program leaves as it is until it is sent more.
 * @throws where that does not come within the deadline
 */
async function waitsForInput(screen: Screen, timeout: number | undefined): Promise<void> {
  const { place, timeoutMs } = innerOf(screen);
  await screen.waitFor({ ...whenProcessed(place), exit: true, any: true, timeout_ms: timeout ?? timeoutMs });
}

function lookAt(screen: Screen, state: ScreenState, mask: readonly (Locator | Bounds)[]) {
  const { place } = innerOf(screen);
  const lines = state.lines?.map((spans) =>
    spans.map((span) => ({ ...span, text: place.withoutRandomPart(span.text) })),
  );
  const regions = mask.flatMap((one) => (one instanceof Locator ? foundOn(one, state) : [one]));
  const { size, cursor } = state;
  return { grid: masked(gridOf({ ...state, lines: lines ?? [] }), regions), size, cursor };
}

/** @throws Error where the test's file is not known, or another launch has the name that was made up */
function pathFor(screen: Screen, name: string | undefined, kind: GoldenKind): string {
  const { testFile, title } = innerOf(screen);
  if (testFile === undefined)
    throw new Error('the test file is not known: pass testFile: import.meta.url (or __filename) to launch()');
  if (name !== undefined) return goldenPath(testFile, name, kind);
  const number = (counts.get(screen) ?? 0) + 1;
  counts.set(screen, number);
  const path = goldenPath(testFile, `${title} ${number}`, kind);
  if (takeName(path, screen)) return path;
  throw new Error(`two launches are called '${title}': give launch() a title, or toMatchScreen() a name`);
}
