/**
 * Choosing among sessions, the same for every command that takes more than one: `-s` as often as
 * there are sessions, by name, id or pattern of names, and `--tag`. Sessions that match any of them are selected.
 */
import { ALL_SCOPES } from '@pilotty/client';
import { flag, integer, list, nonEmpty, sessionOf } from './command.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** Of a command that takes many sessions. */
export const allScopes = flag('of all scopes, not only of $PILOTTY_SCOPE');

/** For a command that acts on one session by default; `selectorOf` reads it. */
export const selectorOptions = {
  session: list(
    'NAME',
    nonEmpty,
    "the session, by name, id or pattern such as 'build-*'; else $PILOTTY_SESSION, else the running one started or acted on last",
    's',
  ),
  tag: list('TAG', nonEmpty, 'every session with this tag'),
  'all-scopes': allScopes,
};

/** For a command that acts on every session by default; `manyOf` reads it. */
export const manyOptions = {
  session: list('NAME', nonEmpty, "only this session, by name, id or pattern such as 'build-*'", 's'),
  tag: list('TAG', nonEmpty, 'only sessions with this tag'),
  'all-scopes': allScopes,
};

export interface GivenSelector {
  session: readonly string[];
  tag: readonly string[];
  'all-scopes': boolean;
}

/** An event_cursor: a number, or of a fleet a text, which is the fleet's to read. */
export function cursor(given: string): number {
  return given.startsWith('f1,') ? (given as unknown as number) : integer(given);
}

/** As the protocol's `which`; nothing in it means every session. */
export interface Many {
  sessions?: string[];
  tags?: string[];
  scope?: string;
}

/** One session, or however many are meant. */
export type Selector = { session: string | undefined; many?: undefined } | { many: Many };

/** One `-s` without a pattern is one session, and none at all is the one that `sessionOf` would choose. */
export function selectorOf(given: GivenSelector, io: Io): Selector {
  const [first, ...others] = given.session;
  if (given['all-scopes']) {
    if (first !== undefined || given.tag.length > 0) return { many: manyOf(given) };
    throw new UsageError(
      '--all-scopes needs -s or --tag here',
      "Such as -s '*+build' for each session of this name.",
    );
  }
  const isOne = given.tag.length === 0 && others.length === 0 && !(first && isPattern(first));
  return isOne ? { session: sessionOf({ session: first }, io) } : { many: manyOf(given) };
}

export function manyOf({ session, tag, 'all-scopes': ofAll }: GivenSelector): Many {
  return {
    ...(ofAll && { scope: ALL_SCOPES }),
    ...(session.length > 0 && { sessions: [...session] }),
    ...(tag.length > 0 && { tags: [...tag] }),
  };
}

/** No name has these characters. */
function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}
