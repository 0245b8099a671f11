/**
 * Texts that are too long for an answer: the answer has the beginning and the end, and a resource has all of it, as
 * long as it is among the newest. They are in this process: after it ends the text is gone.
 */
import { randomBytes } from 'node:crypto';
import { MAX_LONG_TEXT_BYTES, MAX_LONG_TEXTS } from '../limits.ts';
import type { Part } from './answer.ts';

/** Of what is shown; errors stand at the end. */
const SHARE_OF_BEGINNING = 0.3;

export class LongTexts {
  /** The oldest first. */
  readonly #texts = new Map<string, string>();
  #bytes = 0;

  get(id: string): string | undefined {
    return this.#texts.get(id);
  }

  /** The whole text, or its beginning and its end with a link to all of it. */
  show(text: string, maxBytes: number, name: string): Part[] {
    const bytes = Buffer.byteLength(text);
    if (bytes <= maxBytes) return text === '' ? [] : [{ type: 'printed', text }];
    const beginning = fromStart(text, Math.floor(maxBytes * SHARE_OF_BEGINNING));
    const end = fromEnd(text, maxBytes - Buffer.byteLength(beginning));
    const shown = Buffer.byteLength(beginning) + Buffer.byteLength(end);
    const uri = `pilotty://texts/${this.#keep(text, bytes)}`;
    return [
      ...(beginning === '' ? [] : [{ type: 'printed' as const, text: beginning }]),
      { type: 'facts', text: `[${bytes - shown} of ${bytes} bytes are left out here; ${uri} has all of it]` },
      { type: 'printed', text: end },
      { type: 'rest', uri, name, bytes },
    ];
  }

  #keep(text: string, bytes: number): string {
    const id = randomBytes(9).toString('base64url');
    this.#texts.set(id, text);
    this.#bytes += bytes;
    for (const [oldest, itsText] of this.#texts) {
      if (this.#texts.size <= MAX_LONG_TEXTS && this.#bytes <= MAX_LONG_TEXT_BYTES) break;
      this.#texts.delete(oldest);
      this.#bytes -= Buffer.byteLength(itsText);
    }
    return id;
  }
}

/** Whole lines where one ends in the last half; never half a character. */
function fromStart(text: string, maxBytes: number): string {
  const cut = Buffer.from(text)
    .subarray(0, maxBytes)
    .toString()
    .replace(/\uFFFD+$/, '');
  const lineEnd = cut.lastIndexOf('\n');
  return lineEnd > cut.length / 2 ? cut.slice(0, lineEnd) : cut;
}

function fromEnd(text: string, maxBytes: number): string {
  const all = Buffer.from(text);
  const cut = all
    .subarray(Math.max(0, all.length - maxBytes))
    .toString()
    .replace(/^\uFFFD+/, '');
  const lineEnd = cut.indexOf('\n');
  return lineEnd !== -1 && lineEnd < cut.length / 2 ? cut.slice(lineEnd + 1) : cut;
}
