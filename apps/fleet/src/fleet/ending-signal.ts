/** What many hosts are asked at once ends with who asked, and when it is over. */
import { setMaxListeners } from 'node:events';

/** Aborted with either; so many may listen as there are hosts. */
export function endingSignal(ending: AbortController, given: AbortSignal | undefined): AbortSignal {
  const signal = given === undefined ? ending.signal : AbortSignal.any([given, ending.signal]);
  setMaxListeners(0, signal);
  return signal;
}
