/** Names that a session may have, and the one it gets when none is given. */
import {
  meansUsedLast,
  nameParts,
  RequestError,
  SCOPE_PATTERN,
  SCOPE_RULE,
  SCOPE_SEPARATOR,
  scopeOf,
} from '@pilotty/protocol';

const MAX_LENGTH = 64;
const FOREIGN = /[^A-Za-z0-9._-]/g;

/**
 * Makes a wish into a name, see asName().
 * @throws RequestError INVALID_NAME for a path, a control character, nothing, or too much.
 */
export function sessionName(wish: string): string {
  const { scope = '', name } = nameParts(wish);
  const problem = scopeProblem(scope) ?? nameProblem(name);
  if (problem)
    throw new RequestError('INVALID_NAME', `${JSON.stringify(wish)} cannot be a session's name: ${problem}`);
  return asName(wish);
}

/**
 * What a session would be called by this wish: characters that a name cannot have become '-', and '_' at the
 * beginning, where '-' would make it an option. A session is found by the very words it was named with.
 */
export function asName(wish: string): string {
  return behindScope(wish, (name) => name.replace(FOREIGN, '-').replace(/^-/, '_'));
}

/** The same for a pattern, whose `*` and `?` stay. */
export function asPattern(wish: string): string {
  return behindScope(wish, (name) => name.replace(/[^A-Za-z0-9._*?-]/g, '-').replace(/^-/, '_'));
}

/** `+build` is `build`, whatever the scope of who says so. */
function behindScope(wish: string, change: (name: string) => string): string {
  const { scope = '', name } = nameParts(wish);
  return scope === '' ? change(name) : `${scope}${SCOPE_SEPARATOR}${change(name)}`;
}

/** What programs of a session have of its name, so that what they start, and ask for, is of the same scope. */
export function nameVariables(
  { PILOTTY_SCOPE: _, ...env }: Readonly<Record<string, string>>,
  name: string,
): Record<string, string> {
  const scope = scopeOf(name);
  return { ...env, PILOTTY_SESSION: name, ...(scope !== undefined && { PILOTTY_SCOPE: scope }) };
}

function scopeProblem(scope: string): string | undefined {
  if (scope === '' || SCOPE_PATTERN.test(scope)) return undefined;
  return `before the + stands its scope, and ${SCOPE_RULE}`;
}

function nameProblem(wish: string): string | undefined {
  if (wish.trim() === '') return 'it is empty';
  if (meansUsedLast(wish)) return 'it means the session used last in a scope';
  if (/[/\\]|^\.$|\.\./.test(wish)) return 'it is a path';
  if (/[\u0000-\u001f\u007f-\u009f]/.test(wish)) return 'it has a control character';
  if (wish.length > MAX_LENGTH) return `it has ${wish.length} characters, and ${MAX_LENGTH} is the limit`;
  return undefined;
}

/** A name made of the program's, for a session without a given name: 'vim', then 'vim-2'. */
export function nameAfterProgram(program: string, isTaken: (name: string) => boolean): string {
  const base =
    program
      .split('/')
      .at(-1)
      ?.replace(FOREIGN, '-')
      .replace(/^-+/, '')
      .slice(0, MAX_LENGTH - 8) || 'session';
  let name = base;
  for (let number = 2; isTaken(name); number++) name = `${base}-${number}`;
  return name;
}
