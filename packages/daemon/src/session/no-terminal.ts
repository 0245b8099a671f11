/** What needs a terminal is refused, with nothing done, where the program of a session has none (spawn with `pipe`). */
import { RequestError } from '@pilotty/protocol';
import type { SessionReference } from './reference.ts';

/** @param what cannot be done, after "Session 'NAME' " */
export function noTerminal(reference: SessionReference, what: string, suggestion: string): RequestError {
  return new RequestError(
    'NO_TERMINAL',
    `Session '${reference.session}' ${what}: its program runs without a terminal`,
    { suggestion, details: { ...reference } },
  );
}
