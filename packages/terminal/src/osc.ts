/**
 * An OSC string together with what ended it and where it stands, neither of which xterm.js passes to its handlers.
 *
 * Answers end the way the question did (ctlseqs, "OSC Ps ; Pt BEL"): a program that asked with BEL may not
 * look for ST. xterm.js hands the payload over as a range of its decode buffer, and the terminator is the
 * code point behind that range, or the first of a later piece when the range ran to the end of its own.
 */
import type { OscListener, OscReceiver } from './emulator.ts';

const BEL = 0x07;
/** ESC ] or the C1 character for it, which takes as many. */
const INTRODUCER_BYTES = 2;

export function oscReceiver(
  identifier: number,
  /** Counts the pieces decoded so far, knows what is in the current one, and where that stands. */
  decoder: { piece(): number; buffer(): Uint32Array; offsetOf(index: number): number },
  handler: OscListener,
): OscReceiver {
  const bytesBeforePayload = INTRODUCER_BYTES + `${identifier};`.length;
  let payload = '';
  let hasPayload = false;
  let start = 0;
  let endIndex = 0;
  let endPiece = 0;
  return {
    start() {
      payload = '';
      hasPayload = false;
    },
    put(data, from, to) {
      // In one go: a string put together character by character takes fifty times its length.
      payload += String.fromCodePoint(...data.subarray(from, to));
      if (!hasPayload) start = decoder.offsetOf(from) - bytesBeforePayload;
      hasPayload = true;
      endIndex = to;
      endPiece = decoder.piece();
    },
    end(success) {
      const index = decoder.piece() === endPiece ? endIndex : 0;
      const isBel = hasPayload && decoder.buffer()[index] === BEL;
      const data = payload;
      payload = '';
      if (!success) return false;
      const place = { start, end: decoder.offsetOf(index) + (isBel ? 1 : 2) };
      return handler(data, isBel ? '\x07' : '\x1b\\', place);
    },
  };
}
