/**
 * Whether text was typed at a prompt and not sent off: what is typed next would become part of it.
 * Known from the input alone, because a prompt looks like any other text on the screen.
 */
import { findProcess } from '../processes/process-table.ts';

const SUBMIT = new Set([0x0a, 0x0d]);
const CTRL_C = 0x03;
/** Ends what the terminal has of a line, see VEOF in termios(3). */
const CTRL_D = 0x04;
/** Empties the line, see VKILL. */
const CTRL_U = 0x15;
const LINE_ENDERS = new Set([...SUBMIT, CTRL_C, CTRL_D, CTRL_U]);
/** Each takes back a character, see VERASE. */
const ERASERS = new Set([0x08, 0x7f]);
/** Redraws the screen, and is no text. */
const CTRL_L = 0x0c;

export class UnsubmittedInput {
  #typedTo: number | undefined;
  #lineBytes = 0;

  /** Bytes since a line was last ended: at most so many stand in the line that is being typed. */
  get lineBytes(): number {
    return this.#lineBytes;
  }

  /** Leader of the process group that had the keyboard when the text was begun; undefined when there is none. */
  get typedTo(): number | undefined {
    return this.#typedTo;
  }

  /** @param leader of the session, to ask who has the keyboard */
  add(bytes: Uint8Array, leader: number): void {
    this.#lineBytes = lengthOfLastLine(bytes, this.#lineBytes);
    for (let index = bytes.length - 1; index >= 0; index--) {
      const byte = bytes[index] as number;
      if (byte === CTRL_L) continue;
      if (SUBMIT.has(byte) || byte === CTRL_C) this.#typedTo = undefined;
      else this.#typedTo ??= findProcess(leader)?.foregroundGroup;
      return;
    }
  }
}

function lengthOfLastLine(bytes: Uint8Array, before: number): number {
  const ender = bytes.findLastIndex((byte) => LINE_ENDERS.has(byte));
  let length = ender === -1 ? before : 0;
  for (const byte of bytes.subarray(ender + 1))
    length = ERASERS.has(byte) ? Math.max(0, length - 1) : length + 1;
  return length;
}

/** The longest line of what is typed, behind `before` bytes that stand in its first line already. */
export function longestLineOf(bytes: Uint8Array, before: number): number {
  let longest = before;
  let length = before;
  for (const byte of bytes) {
    if (SUBMIT.has(byte) || byte === CTRL_D) length = 0;
    else length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}
