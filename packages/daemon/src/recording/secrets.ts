/** What must not be in a recording. */
import type { RE2JS } from 're2js';

export interface Secrets {
  /** Matches where one of `each` does: where a match may be under way. */
  any: RE2JS;
  /** Sought by itself: what one of them matches may begin inside a match of another. */
  each: readonly RE2JS[];
}

/** Compiles patterns in RE2 syntax. @throws RequestError INVALID_INPUT */
export async function secretsOf(patterns: readonly string[]): Promise<Secrets | undefined> {
  if (patterns.length === 0) return undefined;
  // Loaded only where it is asked for.
  const { compileRegex } = await import('../search/regex.ts');
  // Before they are put together: two that are invalid could make one that is valid.
  const each = patterns.map(compileRegex);
  return { any: compileRegex(patterns.map((pattern) => `(?:${pattern})`).join('|')), each };
}
