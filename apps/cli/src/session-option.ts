import { nonEmpty, value } from './command.ts';
import type { Io } from './io.ts';

export const sessionOption = value(
  'NAME',
  nonEmpty,
  'the session, by name or id; else $PILOTTY_SESSION, else the one used last',
  's',
);

/** Left out, the daemon takes the session used last, else the one called default. */
export function sessionOf(given: { session: string | undefined }, io: Io): string | undefined {
  return given.session ?? (io.env.PILOTTY_SESSION || undefined);
}
