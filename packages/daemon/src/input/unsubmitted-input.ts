/**
 * Whether text was typed at a prompt and not sent off: what is typed next would become part of it.
 * Known from the input alone, because a prompt looks like any other text on the screen.
 */
import { findProcess } from '../processes/process-table.ts';

const SUBMIT = new Set([0x0a, 0x0d]);
const CTRL_C = 0x03;
/** Redraws the screen, and is no text. */
const CTRL_L = 0x0c;

export class UnsubmittedInput {
  #typedTo: number | undefined;

  /** Leader of the process group that had the keyboard when the text was begun; undefined when there is none. */
  get typedTo(): number | undefined {
    return this.#typedTo;
  }

  /** @param leader of the session, to ask who has the keyboard */
  add(bytes: Uint8Array, leader: number): void {
    for (let index = bytes.length - 1; index >= 0; index--) {
      const byte = bytes[index] as number;
      if (byte === CTRL_L) continue;
      if (SUBMIT.has(byte) || byte === CTRL_C) this.#typedTo = undefined;
      else this.#typedTo ??= findProcess(leader)?.foregroundGroup;
      return;
    }
  }
}
