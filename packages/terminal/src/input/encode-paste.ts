/**
 * Pasted text as a terminal hands it over: xterm's ctlseqs, "Bracketed Paste Mode".
 *
 * The text cannot end its own bracket: end markers are taken out, with those that only appear
 * once another is gone, in one pass over the bytes. Controls are blanks (xterm's disallowedPasteControls): to a program
 * that knows no brackets, or a terminal that edits lines, they are keys, and ^C, ^D or ^U would end what was pasted.
 */
const START_MARKER = '\x1b[200~';
const END_MARKER = '\x1b[201~';
/** The same with CSI as one C1 control character. */
const END_MARKER_C1 = '\u009b201~';

const CR = 0x0d;
const LF = 0x0a;
const TILDE = 0x7e;
const TAB = 0x09;
const SPACE = 0x20;
const DEL = 0x7f;
/** U+0080 to U+009F are this and one of their own number. */
const C1_LEAD = 0xc2;
const C1_LAST = 0x9f;

/** What has to be looked at byte by byte: nearly no text has any, and one of megabytes would hold up others. */
const UNUSUAL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

export function encodePaste(text: string, modes: { readonly bracketedPaste: boolean }): Uint8Array {
  const encoder = new TextEncoder();
  if (!UNUSUAL.test(text)) {
    const lines = text.replaceAll('\n', '\r');
    return encoder.encode(modes.bracketedPaste ? `${START_MARKER}${lines}${END_MARKER}` : lines);
  }
  const source = encoder.encode(text);
  const start = encoder.encode(modes.bracketedPaste ? START_MARKER : '');
  const end = encoder.encode(modes.bracketedPaste ? END_MARKER : '');
  const endMarkers = [END_MARKER, END_MARKER_C1].map((marker) => encoder.encode(marker));

  const bytes = new Uint8Array(start.length + source.length + end.length);
  bytes.set(start);
  let length = start.length;
  for (let index = 0; index < source.length; index++) {
    const byte = source[index] as number;
    // Enter is CR, however the text spells its line ends.
    if (byte === LF && source[index - 1] === CR) continue;
    bytes[length++] = byte === LF ? CR : byte;
    if (byte !== TILDE) continue;
    const written = bytes.subarray(start.length, length);
    length -= endMarkers.find((marker) => endsWith(written, marker))?.length ?? 0;
  }
  length = start.length + withoutControls(bytes.subarray(start.length, length));
  bytes.set(end, length);
  return bytes.subarray(0, length + end.length);
}

/** In place. @returns how many bytes are left: a C1 control has two, and its blank has one */
function withoutControls(bytes: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number;
    const next = bytes[index + 1] ?? 0;
    const isC1 = byte === C1_LEAD && next >= 0x80 && next <= C1_LAST;
    const isControl = byte < SPACE && byte !== TAB && byte !== CR;
    bytes[length++] = isC1 || isControl || byte === DEL ? SPACE : byte;
    if (isC1) index++;
  }
  return length;
}

function endsWith(bytes: Uint8Array, ending: Uint8Array): boolean {
  const offset = bytes.length - ending.length;
  return offset >= 0 && ending.every((byte, index) => bytes[offset + index] === byte);
}
