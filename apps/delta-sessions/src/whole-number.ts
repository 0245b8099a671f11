import { Refusal } from './refusal.ts';

/** The longest that a timer can take, in milliseconds: 24 days. */
export const LONGEST_MS = 2_147_483_647;

/**
 * The value of an option. An empty word is what a tool definition passes for a value it was not given.
 * @throws Refusal
 */
export function wholeNumber(text: string | undefined, what: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > LONGEST_MS) {
    throw new Refusal(`Invalid ${what}: ${text}`, `It is a whole number up to ${LONGEST_MS}.`);
  }
  return number;
}
