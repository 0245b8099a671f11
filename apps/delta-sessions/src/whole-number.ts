import { MAX_DURATION_MS } from '@pilotty/client';
import { Refusal } from './refusal.ts';

/**
 * The value of an option. An empty word is what a tool definition passes for a value it was not given.
 * @throws Refusal
 */
export function wholeNumber(text: string | undefined, what: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > MAX_DURATION_MS) {
    throw new Refusal(`Invalid ${what}: ${text}`, `It is a whole number up to ${MAX_DURATION_MS}.`);
  }
  return number;
}
