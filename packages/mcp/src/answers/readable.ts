/**
 * Output of a command as text: without what only tells a terminal how to show it. A client shows answers to its user as
 * well, on a terminal: no escape sequence of a program must reach that.
 */
import { plainSentence } from '@pilotty/client';

/** ECMA-48: control sequences, strings such as titles, and shorter ones. */
const SEQUENCES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])/g;

/** Of a line that was written over, as by a progress bar, the last state; other control characters by their numbers. */
export function readable(output: string): string {
  return plainSentence(
    output
      .replaceAll(SEQUENCES, '')
      .replaceAll(/\r+\n/g, '\n')
      .replaceAll(/[^\n]*\r(?=[^\n])/g, '')
      .replaceAll('\r', ''),
  );
}
