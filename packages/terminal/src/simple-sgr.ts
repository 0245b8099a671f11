/**
 * SGR of the common kinds, read straight from its bytes: CSI … m with numbers alone. Underlines, and what has colours of
 * its own beside the two of a cell, are not simple.
 */
import type { Core } from './emulator.ts';
import {
  BLINK,
  BOLD,
  COLOR_MASK,
  COLOR_MODE_16,
  COLOR_MODE_256,
  COLOR_MODE_MASK,
  DIM,
  INVERSE,
  INVISIBLE,
  ITALIC,
  STRIKETHROUGH,
} from './lines/cells.ts';

const PALETTE_INDEX = 0xff;
const PALETTE_MASK = COLOR_MODE_MASK | PALETTE_INDEX;
const BRIGHT = 8;
/** More parameters, or longer ones, are not common. */
const MAX_PARAMETERS = 16;
const MAX_DIGITS = 3;

export class SimpleSgr {
  readonly #handler: Core['_inputHandler'];
  readonly #parameters = new Uint16Array(MAX_PARAMETERS);
  #fg = 0;
  #bg = 0;

  constructor({ _inputHandler }: Core) {
    this.#handler = _inputHandler;
  }

  /** @returns where the sequence ends; `start` where it is another, and then nothing has changed */
  apply(bytes: Uint8Array, start: number): number {
    const end = this.read(bytes, start);
    if (end === start) return start;
    const attributes = this.#handler.getAttrData();
    attributes.fg = this.#fg;
    attributes.bg = this.#bg;
    return end;
  }

  /** As apply(), and changes nothing. Nothing that is simple changes what another one is. */
  read(bytes: Uint8Array, start: number): number {
    if (bytes[start + 1] !== 0x5b) return start;
    let count = 0;
    let value = 0;
    let digits = 0;
    for (let at = start + 2; ; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + byte - 0x30;
        digits++;
        if (digits > MAX_DIGITS) return start;
      } else if (byte === 0x3b || byte === 0x6d) {
        this.#parameters[count++] = value;
        if (byte === 0x6d) return this.#takeAll(count) ? at + 1 : start;
        if (count === MAX_PARAMETERS) return start;
        value = 0;
        digits = 0;
      } else return start;
    }
  }

  #takeAll(count: number): boolean {
    const attributes = this.#handler.getAttrData();
    this.#fg = attributes.fg;
    this.#bg = attributes.bg;
    for (let index = 0; index < count; ) {
      const taken = this.#take(index, count);
      if (taken === 0) return false;
      index += taken;
    }
    return true;
  }

  /** @returns how many parameters belong to the one at `index`; 0 where it is not simple */
  #take(index: number, count: number): number {
    const code = this.#parameters[index] as number;
    if (code >= 30 && code <= 37) this.#fg = palette(this.#fg, COLOR_MODE_16, code - 30);
    else if (code >= 40 && code <= 47) this.#bg = palette(this.#bg, COLOR_MODE_16, code - 40);
    else if (code >= 90 && code <= 97) this.#fg = palette(this.#fg, COLOR_MODE_16, BRIGHT | (code - 90));
    else if (code >= 100 && code <= 107) this.#bg = palette(this.#bg, COLOR_MODE_16, BRIGHT | (code - 100));
    else if (code === 38 || code === 48) return this.#takeColor(index, count);
    else if (code !== 0) return this.#style(code) ? 1 : 0;
    else {
      // The colour of an underline goes as well, also where nothing is underlined.
      if (this.#handler.getAttrData().extended._ext !== 0) return 0;
      this.#fg = 0;
      this.#bg = 0;
    }
    return 1;
  }

  #style(code: number): boolean {
    if (code === 1) this.#fg |= BOLD;
    else if (code === 2) this.#bg |= DIM;
    else if (code === 3) this.#bg |= ITALIC;
    else if (code === 5) this.#fg |= BLINK;
    else if (code === 7) this.#fg |= INVERSE;
    else if (code === 8) this.#fg |= INVISIBLE;
    else if (code === 9) this.#fg |= STRIKETHROUGH;
    else if (code === 22) {
      this.#fg &= ~BOLD;
      this.#bg &= ~DIM;
    } else if (code === 23) this.#bg &= ~ITALIC;
    else if (code === 25) this.#fg &= ~BLINK;
    else if (code === 27) this.#fg &= ~INVERSE;
    else if (code === 28) this.#fg &= ~INVISIBLE;
    else if (code === 29) this.#fg &= ~STRIKETHROUGH;
    else if (code === 39) this.#fg &= ~COLOR_MASK;
    else if (code === 49) this.#bg &= ~COLOR_MASK;
    else return false;
    return true;
  }

  /** 38;5;N and 38;2;R;G;B, and the same with 48. */
  #takeColor(index: number, count: number): number {
    const [code, mode, one, two, three] = this.#parameters.subarray(index, index + 5);
    const word = code === 38 ? this.#fg : this.#bg;
    let changed: number;
    if (mode === 5 && index + 3 <= count) changed = palette(word, COLOR_MODE_256, (one ?? 0) & PALETTE_INDEX);
    else if (mode === 2 && index + 5 <= count)
      changed = (word & ~COLOR_MASK) | COLOR_MODE_MASK | rgb(one ?? 0, two ?? 0, three ?? 0);
    else return 0;
    if (code === 38) this.#fg = changed;
    else this.#bg = changed;
    return mode === 5 ? 3 : 5;
  }
}

/** xterm.js leaves what a true colour had besides the index. */
function palette(word: number, mode: number, index: number): number {
  return (word & ~PALETTE_MASK) | mode | index;
}

function rgb(red: number, green: number, blue: number): number {
  return ((red & 0xff) << 16) | ((green & 0xff) << 8) | (blue & 0xff);
}
