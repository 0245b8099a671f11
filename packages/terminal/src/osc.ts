/**
 * An OSC string together with what ended it, which xterm.js does not tell its handlers.
 *
 * Answers end the way the question did (ctlseqs, "OSC Ps ; Pt BEL"): a program that asked with BEL may not
 * look for ST. xterm.js hands the payload over as a range of its decode buffer, and the terminator is the
 * code point behind that range, or the first of a later piece when the range ran to the end of its own.
 */
import type { OscReceiver } from './emulator.ts';

/** Longer strings carry data, not questions or settings. */
const PAYLOAD_LIMIT = 8192;
const BEL = 0x07;

export function oscReceiver(
  /** Counts the pieces decoded so far, and where the current one is. */
  decoder: { piece(): number; buffer(): Uint32Array },
  handler: (data: string, terminator: string) => boolean,
  { cutsLongPayload } = { cutsLongPayload: false },
): OscReceiver {
  let payload = '';
  let hasPayload = false;
  let endIndex = 0;
  let endPiece = 0;
  return {
    start() {
      payload = '';
      hasPayload = false;
    },
    put(data, start, end) {
      for (let i = start; i < end && payload.length <= PAYLOAD_LIMIT; i++) {
        payload += String.fromCodePoint(data[i] as number);
      }
      hasPayload = true;
      endIndex = end;
      endPiece = decoder.piece();
    },
    end(success) {
      const index = decoder.piece() === endPiece ? endIndex : 0;
      const terminator = hasPayload && decoder.buffer()[index] === BEL ? '\x07' : '\x1b\\';
      const data = payload;
      payload = '';
      if (!success || (data.length > PAYLOAD_LIMIT && !cutsLongPayload)) return false;
      return handler(data, terminator);
    },
  };
}
