/** What a rule waits for, and what of it an input of a user changes. */
import type { Awaited } from '../waiting/condition.ts';
import type { Sign } from './signs.ts';

/** What a rule waits for; the same for all sessions. */
export interface Watched {
  readonly awaited: Awaited;
  /** Of the texts that it looks for; undefined where it cannot rest. */
  readonly signs: readonly Sign[] | undefined;
}

export function readsText({ awaited: { text, regex } }: Watched): boolean {
  return (text ?? regex) !== undefined;
}

/** Of what counts from an input there are only texts and expressions. */
export function onlyTextsCount({ awaited }: Watched): boolean {
  const { title, prompt, reads, password, bell, command_finished } = awaited;
  return [title, prompt, reads, password, bell, command_finished].every(
    (condition) => condition === undefined || condition === false,
  );
}

/** Whether what a session has been sent changes what counts. */
export function countsFromInput(watched: Watched): boolean {
  return readsText(watched) || !onlyTextsCount(watched);
}
