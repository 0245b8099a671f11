/**
 * Bytes that are not UTF-8 become U+FFFD, one for each maximal part of a character (The Unicode Standard, 3.9, "U+FFFD
 * Substitution of Maximal Subparts"), as in xterm, VTE and kitty. xterm.js leaves them out, so that what stands behind
 * them on a row moves to the left.
 */

const REPLACEMENT = [0xef, 0xbf, 0xbd];

/** Behind a replacement, what has to be taken from a place in the repaired bytes for that in the original. */
export interface Shift {
  from: number;
  by: number;
}

export interface Repaired {
  bytes: Uint8Array;
  shifts: readonly Shift[];
}

/** The bytes themselves where nothing is wrong with them. */
export function repairUtf8(bytes: Uint8Array): Repaired {
  let sound = 0;
  while (sound < bytes.length) {
    // Most of all output.
    if ((bytes[sound] as number) < 0x80) {
      sound++;
      continue;
    }
    const length = lengthAt(bytes, sound);
    if (length < 0) break;
    sound += length;
  }
  if (sound === bytes.length) return { bytes, shifts: [] };
  const repaired: number[] = Array.from(bytes.subarray(0, sound));
  const shifts: Shift[] = [];
  for (let at = sound; at < bytes.length; ) {
    const found = lengthAt(bytes, at);
    const length = Math.abs(found);
    const isWhole = found > 0;
    if (isWhole) for (let i = at; i < at + length; i++) repaired.push(bytes[i] as number);
    else repaired.push(...REPLACEMENT);
    at += length;
    if (!isWhole) shifts.push({ from: repaired.length, by: repaired.length - at });
  }
  return { bytes: Uint8Array.from(repaired), shifts };
}

/** The length of a character; negative, that of what could have begun one and does not go on. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  const wanted = lengthOf(lead);
  if (wanted === 0) return -1;
  for (let length = 1; length < wanted; length++)
    if (!goesOn(lead, length, bytes[at + length] ?? 0)) return -length;
  return wanted;
}

/** How many of the bytes before `end` begin a character that may go on behind it. */
export function begunBytes(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const lead = bytes[end - back] as number;
    if ((lead & 0xc0) === 0x80) continue;
    if (lengthOf(lead) <= back) return 0;
    for (let index = 1; index < back; index++)
      if (!goesOn(lead, index, bytes[end - back + index] as number)) return 0;
    return back;
  }
  return 0;
}

/** By its first byte; 0 for one that begins none. */
function lengthOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Table 3-7, "Well-Formed UTF-8 Byte Sequences". */
function goesOn(lead: number, index: number, byte: number): boolean {
  if ((byte & 0xc0) !== 0x80) return false;
  if (index > 1) return true;
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte <= 0x9f;
  if (lead === 0xf0) return byte >= 0x90;
  return lead !== 0xf4 || byte <= 0x8f;
}
