/** Where to cut output so that all lines of the first part can be seen: on the screen, and in what is kept above it. */

/** LF, VT and FF, one after the other: each begins a line. */
const FIRST_LINE_END = 0x0a;
const LAST_LINE_END = 0x0c;
const ESC = 0x1b;
/** U+0080 to U+009F are C2 80 to C2 9F. */
const C1_LEAD = 0xc2;

/** ED, and a full reset; the alternate screen is shown, or no longer. CSI may be one character. */
const ERASERS = /(?:\x1b\[|\xc2\x9b)(?:[?0-9;]*J|\?(?:1049|1047|47)[hl])|\x1bc/g;

/** @returns how many bytes there are before the next sequence that erases what they draw; one that they begin with does not count */
export function prefixBeforeErasure(bytes: Buffer): number {
  if (!bytes.includes(ESC) && !bytes.includes(C1_LEAD)) return bytes.length;
  const text = bytes.toString('latin1');
  ERASERS.lastIndex = 1;
  return ERASERS.exec(text)?.index ?? bytes.length;
}

const LONGEST_ERASER = 16;

/** Whether what these bytes draw begins with such a sequence. */
export function beginsWithErasure(bytes: Buffer): boolean {
  ERASERS.lastIndex = 0;
  return ERASERS.exec(bytes.toString('latin1', 0, LONGEST_ERASER))?.index === 0;
}

/** @returns how many bytes, at least one if there are any */
export function prefixOfLines(bytes: Uint8Array, { lines, cols }: { lines: number; cols: number }): number {
  // Most pieces are far below the bound, whatever is in them.
  if (bytes.length <= lines) return bytes.length;
  let begun = 0;
  let inRow = 0;
  for (let index = 0; index < bytes.length; index++) {
    inRow += 1;
    const byte = bytes[index] as number;
    // Compared one by one: this is done for each byte of a flood that is searched.
    if ((byte <= LAST_LINE_END && byte >= FIRST_LINE_END) || inRow === cols) {
      begun += 1;
      inRow = 0;
    }
    if (begun >= lines) return index + 1;
  }
  return bytes.length;
}
