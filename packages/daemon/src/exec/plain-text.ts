/** What is meant for a terminal, as it would be said elsewhere. Bytes are kept as they are: they need not be text. */

/** Escape sequences (ECMA-48 control sequences and strings, the choice of a character set), and a terminal's line ends. */
const TERMINAL_ONLY = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[=>])|\r(?=\n)/g;
const UNFINISHED = /(?:\r|\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[()])?)$/;
/** A control string that is longer is none. */
const LONGEST_UNFINISHED = 4096;

export function plainText(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(TERMINAL_ONLY, ''), 'latin1');
}

/** How many of the bytes can be made plain before more of them has come. */
export function finishedLength(bytes: Buffer): number {
  const start = Math.max(0, bytes.length - LONGEST_UNFINISHED);
  const unfinished = UNFINISHED.exec(bytes.toString('latin1', start));
  return unfinished ? start + unfinished.index : bytes.length;
}
