/** What a failed assertion says: what was expected, the screen as it is, what happened last, and where the trace is. */
import type { ScreenState } from '@pilotty/sdk';
import { framedScreen } from '@pilotty/sdk/local';
import { framesOf } from './runner.ts';

/** An assertion about a screen that was not met; runners show it as any failed assertion. */
export class ScreenAssertionError extends Error {
  /** As of assertions of Node. */
  readonly code = 'ERR_ASSERTION';
  /** The screen when it failed. */
  declare readonly screen: ScreenState;
  /** Where the trace is; undefined if none is kept. */
  declare readonly trace: string | undefined;

  /** @internal */
  constructor(message: string, more: { screen: ScreenState; trace: string | undefined; stack: string }) {
    super(message);
    this.name = 'AssertionError';
    // A screen is long, and stands in the message.
    for (const name of ['screen', 'trace'] as const)
      Object.defineProperty(this, name, { value: more[name], enumerable: false });
    this.stack = [`AssertionError: ${message}`, ...framesOf(more.stack)].join('\n');
  }
}

export interface Failure {
  /** 'expect(screen).toShow("Ready")' */
  assertion: string;
  /** 'not shown within 5000 ms' */
  problem: string;
  /** More lines: what was expected, what was found instead. */
  detail: readonly string[];
  screen: ScreenState;
  recent: readonly string[];
  trace: string | undefined;
}

export function messageOf({ assertion, problem, detail, screen, recent, trace }: Failure): string {
  const { size, cursor } = screen;
  const place = `${size.cols}×${size.rows}, cursor at row ${cursor.row}, column ${cursor.col}`;
  return [
    `${assertion} failed: ${problem}`,
    ...(detail.length > 0 ? ['', ...detail] : []),
    '',
    `The screen (${place}):`,
    ...framedScreen({ ...screen, format: 'text' }),
    ...(recent.length > 0 ? ['', 'What happened last:', ...recent.map((line) => `  ${line}`)] : []),
    ...(trace === undefined ? [] : ['', `Trace: ${trace}`]),
  ].join('\n');
}
