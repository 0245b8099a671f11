/** The base of all errors of the SDK. A class for each code is in error-classes.ts. */
import type { ErrorCode, ScreenState } from './protocol-types.ts';

/** What an error may say besides its message. */
export interface ErrorMore {
  /** What to try next. */
  suggestion: string;
  /** Facts about the error; docs/errors.md. */
  details?: Record<string, unknown> | undefined;
  /** The screen at that moment. */
  screen?: ScreenState | undefined;
  /** What was answered although something else failed. */
  answer?: unknown;
  /** The error that led to this one. */
  cause?: unknown;
}

/** Set on every error of the SDK: the package may be loaded twice, as a module and as CommonJS. */
const MARK = Symbol.for('pilotty.error');

/**
 * A request that was refused or failed, or that could not be sent.
 *
 * Each code has a class: `error instanceof TimeoutError` and `error.code === 'TIMEOUT'` say the same. An aborted
 * request is rejected with the reason of its signal instead, as with `fetch`.
 */
export class PilottyError<Code extends ErrorCode = ErrorCode> extends Error {
  /** The one that a class stands for; the base stands for all. */
  protected static readonly code: string | undefined = undefined;

  /** One of docs/errors.md. */
  readonly code: Code;
  /** What to try next. */
  readonly suggestion: string;
  /** Facts about the error; docs/errors.md. */
  declare readonly details: Record<string, unknown> | undefined;
  /** The screen when it failed, where it helps: after a wait, a locator or an `only_if` that was not met. */
  declare readonly screen: ScreenState | undefined;
  /**
   * What was answered although the wait failed: an act that was done and whose wait was not met, the output of a command
   * up to its deadline.
   */
  declare readonly answer: unknown;

  /** @internal */
  constructor(code: Code, message: string, more: ErrorMore) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = new.target.name;
    this.code = code;
    this.suggestion = more.suggestion;
    // Not listed when the error is printed: a screen is long, and its text is in the message where it helps.
    const { details, screen, answer } = more;
    for (const [name, value] of Object.entries({ details, screen, answer }))
      Object.defineProperty(this, name, { value });
    Object.defineProperty(this, MARK, { value: true });
  }

  /** Also for an error of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null || !(MARK in value)) return false;
    // biome-ignore lint/complexity/noThisInStatic: the class that was asked, which may be one of a code.
    const { code } = this;
    return code === undefined || (value as { code?: unknown }).code === code;
  }
}
