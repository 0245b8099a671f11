/** Makes errors of the SDK from what the client, the daemon or an answer says. */
import { type ErrorBody, errors } from '@pilotty/client';
import { errorClasses } from './error-classes.ts';
import { framedScreen } from './framed-screen.ts';
import type { ErrorMore, PilottyError } from './pilotty-error.ts';
import type { ErrorCode, ErrorFacts, ScreenState, WaitResult } from './protocol-types.ts';

/** An error of this code; of a code that only a newer daemon knows, an InternalError. */
export function errorOf(code: string, message: string, more: Partial<ErrorMore> = {}): PilottyError {
  const known = (Object.hasOwn(errorClasses, code) ? code : 'INTERNAL_ERROR') as ErrorCode;
  const suggestion = more.suggestion ?? errors[known].suggestion;
  const screen = more.screen ?? (more.details?.screen as ScreenState | undefined);
  // The table ties each code to its class; TypeScript cannot follow that through a variable.
  const ErrorClass = errorClasses[known] as unknown as typeof PilottyError;
  return new ErrorClass(known, message, { ...more, suggestion, screen });
}

export function errorOfFacts(facts: ErrorFacts): PilottyError {
  const { code, message, suggestion, details } = facts;
  return errorOf(code, message, { suggestion, details: details as Record<string, unknown> | undefined });
}

/** The client's own errors as the SDK's; anything else, such as the reason of an abort, as it is. */
export function asPilottyError(error: unknown): unknown {
  if (!(error instanceof Error) || !('toBody' in error) || typeof error.toBody !== 'function') return error;
  const { code, message, suggestion, details } = error.toBody() as ErrorBody;
  return errorOf(code, message, { suggestion, details, cause: error.cause });
}

/**
 * Does nothing where there was no wait, or it was met.
 * @throws TimeoutError, SessionExitedError with what was answered, and the screen
 */
export function requireMet(wait: WaitResult | undefined, answer: unknown, wanted: object | undefined): void {
  if (wait === undefined || wait.holds) return;
  const screen = wait.screen ?? (answer as { screen?: ScreenState }).screen;
  const code = wait.outcome === 'exited' ? 'SESSION_EXITED' : 'TIMEOUT';
  const what = code === 'TIMEOUT' ? `Timed out after ${wait.duration_ms} ms` : 'The program ended';
  const lines = [
    `${what}, and what was waited for was not met: ${describe(wanted, wait.missing)} in session '${wait.session}'`,
    ...(wait.nearest_line === undefined ? [] : [`The nearest line: ${wait.nearest_line}`]),
    ...framedScreen(screen),
  ];
  throw errorOf(code, lines.join('\n'), {
    suggestion:
      code === 'TIMEOUT'
        ? 'Wait for something that the screen shows, or give it longer with timeout_ms.'
        : 'See session.output() and session.status() for how it ended.',
    screen,
    answer,
  });
}

/** 'text "Save", prompt' */
function describe(wanted: object = {}, missing: readonly string[]): string {
  const given = wanted as Record<string, unknown>;
  return missing
    .map((name) => {
      const value = given[name] ?? given[`${name}_ms`];
      return value === undefined || value === true ? name : `${name} ${JSON.stringify(value)}`;
    })
    .join(', ');
}
