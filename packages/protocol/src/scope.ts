/**
 * Scopes: names that do not collide. `SCOPE+NAME` is the full name of a session in a scope; a client in that scope may
 * leave its prefix out. A convenience, and no boundary: a full name reaches every session.
 */

/** No name has it, and it has no meaning for a shell, in a pattern of names, or in HOST/NAME and HOST:NAME of a fleet. */
export const SCOPE_SEPARATOR = '+';

/** As a parameter: the sessions of all scopes, and those of none. */
export const ALL_SCOPES = '*';

/** The same characters as in a name; no path, and no option. */
export const SCOPE_PATTERN = /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

export const SCOPE_RULE =
  'a scope is 1 to 64 letters, digits or ._-, begins with a letter, a digit or _, and has no two dots in a row';

/** What has a scope before its name, or says with an empty one that it has none; `g++` is a mere name. */
const FULL = /^([A-Za-z0-9_*?][A-Za-z0-9._*?-]*)?\+(?!\+)(.+)$/s;
const LAST = /^([A-Za-z0-9_][A-Za-z0-9._-]*)?\+$/;

/** The scope in the name of a session, or in what means the one used last; undefined where it has none. */
export function scopeOf(name: string): string | undefined {
  const at = name.indexOf(SCOPE_SEPARATOR);
  return at > 0 ? name.slice(0, at) : undefined;
}

/** A name or pattern as it was given, in its parts; an empty scope says that it is in none. */
export function nameParts(given: string): { scope?: string; name: string } {
  const [, scope = '', name] = (given.includes(SCOPE_SEPARATOR) && FULL.exec(given)) || [];
  return name === undefined ? { name: given } : { scope, name };
}

/** What a client in a scope means by a name or a pattern: `build` is its own, `other+build` and `+build` are not. */
export function fullName(given: string, scope: string | undefined): string {
  if (scope === undefined || meansUsedLast(given) || nameParts(given).scope !== undefined) return given;
  return `${scope}${SCOPE_SEPARATOR}${given}`;
}

/** The name of the session that is meant, as lists have it. */
export function listedName(given: string, own: string | undefined): string {
  const { scope, name } = nameParts(fullName(given, own));
  return scope ? `${scope}${SCOPE_SEPARATOR}${name}` : name;
}

/** `SCOPE+`, and `+` for those in none. */
export function meansUsedLast(given: string): boolean {
  return given.endsWith(SCOPE_SEPARATOR) && LAST.test(given);
}
