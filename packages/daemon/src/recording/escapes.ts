/** Tells the text of a terminal's output from its escape sequences, character by character (ECMA-48, 5.4 and 5.6). */

export type Part =
  /** Shown, or a control character such as a newline. */
  | 'text'
  /** Of a sequence. */
  | 'sequence'
  /** What an OSC, DCS or the like carries. */
  | 'payload';

const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ST = 0x9c;
const CSI = 0x9b;
/** DCS, SOS, OSC, PM, APC, by what follows ESC; as one character they are 0x40 higher. */
const STRINGS: ReadonlySet<number> = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f]);

export class Escapes {
  #state: 'text' | 'escape' | 'csi' | 'string' | 'string escape' = 'text';

  get isInside(): boolean {
    return this.#state !== 'text';
  }

  next(code: number): Part {
    switch (this.#state) {
      case 'text':
        return this.#text(code);
      case 'escape':
        return this.#escape(code);
      case 'csi':
        if ((code >= 0x40 && code <= 0x7e) || code === CAN || code === SUB) this.#state = 'text';
        else if (code === ESC) this.#state = 'escape';
        return 'sequence';
      case 'string':
        return this.#string(code);
      case 'string escape':
        return this.#escape(code);
    }
  }

  #text(code: number): Part {
    if (code === ESC) this.#state = 'escape';
    else if (code === CSI) this.#state = 'csi';
    else if (code >= 0x80 && code < 0xa0 && STRINGS.has(code - 0x40)) this.#state = 'string';
    else return 'text';
    return 'sequence';
  }

  #escape(code: number): Part {
    if (code === 0x5b) this.#state = 'csi';
    else if (STRINGS.has(code)) this.#state = 'string';
    else if (code === ESC) this.#state = 'escape';
    // Intermediate characters: more follows.
    else if (code < 0x20 || code > 0x2f) this.#state = 'text';
    return 'sequence';
  }

  #string(code: number): Part {
    if (code === ESC) this.#state = 'string escape';
    else if (code === BEL || code === ST || code === CAN || code === SUB) this.#state = 'text';
    else return 'payload';
    return 'sequence';
  }
}
