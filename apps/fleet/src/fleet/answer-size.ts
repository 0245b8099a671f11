/** How much of the answers of hosts is held at a time, and how much of them one answer may be. */
import { MAX_MESSAGE_BYTES, RequestError } from '@pilotty/client';
import { MAX_LINKS_AT_ONCE } from '../link/window.ts';

/** Until it is known how large answers are. */
const FIRST_AT_ONCE = 8;
/** Of text: what is held of it takes some times as much. */
const HELD_BYTES = 8 * 1024 * 1024;
/** Beside its text, each value of an answer has a name and some signs. */
const VALUE_BYTES = 16;

/** Of one question to many hosts. */
export class AnswerSizes {
  #largest: number | undefined;
  #whole = 0;

  add(answer: unknown): void {
    const bytes = sizeOf(answer);
    this.#largest = Math.max(this.#largest ?? 1, bytes);
    this.#whole += bytes;
  }

  /** So many hosts are asked at the same time. */
  atOnce(): number {
    if (this.#largest === undefined) return FIRST_AT_ONCE;
    return Math.max(2, Math.min(MAX_LINKS_AT_ONCE, Math.floor(HELD_BYTES / this.#largest)));
  }

  /** For who wants the answer whole: it may be as long as that of one daemon. @throws RequestError LIMIT_REACHED */
  requireWhole(fleet: string): void {
    if (this.#whole <= MAX_MESSAGE_BYTES) return;
    throw new RequestError(
      'LIMIT_REACHED',
      `the answers of the hosts of ${fleet} exceed together what one answer may be: ${MAX_MESSAGE_BYTES / 1024 / 1024} MiB`,
      { suggestion: "Name fewer hosts, such as -s 'build-1*/*', or ask for less of each session." },
    );
  }
}

/** In bytes, as long as its text is plain. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  for (const one of Object.values(value)) bytes += sizeOf(one);
  return bytes;
}
