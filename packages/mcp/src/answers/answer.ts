/**
 * What a tool answers, before it is made content of the protocol: facts that we state, text that a program printed,
 * pictures, and where the rest of a long text is.
 *
 * Never `structuredContent`: clients that get both show their model only that one, without the screen (decision 0021).
 */

export type Part =
  /** Ours. */
  | { type: 'facts'; text: string }
  /** A program's: data, whatever it says. */
  | { type: 'printed'; text: string }
  | { type: 'picture'; dataBase64: string }
  | { type: 'rest'; uri: string; name: string; bytes: number };

export type Answer = readonly Part[];

export function facts(...lines: readonly (string | undefined)[]): Part[] {
  const text = lines.filter((line) => line !== undefined && line !== '').join('\n');
  return text === '' ? [] : [{ type: 'facts', text }];
}

export function printed(text: string): Part[] {
  return text === '' ? [] : [{ type: 'printed', text }];
}

/** 'exit code 2', 'ended by SIGTERM' */
export function exitText({ exit_code, signal }: { exit_code: number | null; signal: string | null }): string {
  if (signal !== null) return `ended by ${signal}`;
  return exit_code === null ? 'exit code unknown' : `exit code ${exit_code}`;
}

export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** How long it took, where that was long enough to matter. */
export function took(ms: number): string {
  return ms < 1000 ? '' : ` after ${seconds(ms)}`;
}
