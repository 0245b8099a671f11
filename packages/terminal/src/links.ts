/**
 * The links of OSC 8: which address the text of a cell leads to.
 *
 * Kept here and not by xterm.js, which holds a marker for every row of every link and moves each of them
 * at every line feed: a listing of ten thousand linked files would make each further line cost ten
 * thousand steps. It also says that every linked cell is underlined with dashes.
 */
import type { Emulator, ExtendedAttributes } from './emulator.ts';
import { flatCopy } from './flat-copy.ts';
import { CELL_WORDS, HAS_EXTENDED, type Line } from './lines/cells.ts';

/** Of all addresses retained; text whose address has been evicted since is no link any more. */
const MAX_RETAINED_BYTES = 4 * 1024 * 1024;
/** Of an address in both maps, besides its characters (measured in Node 20). */
const ENTRY_BYTES = 150;
/** As in VTE and iTerm2. */
const ADDRESS_LIMIT = 2083;

export class Links {
  readonly #addresses = new Map<number, string>();
  readonly #numbers = new Map<string, number>();
  #last = 0;
  #oldest = 1;
  #bytes = 0;

  constructor(emulator: Emulator) {
    const { _inputHandler: handler } = emulator.core;
    const Linked = linkedAttributes(handler.getAttrData().extended);
    emulator.onOsc(8, (data) => {
      // Parameters first; the address is all behind them, semicolons included.
      const separator = data.indexOf(';');
      if (separator === -1) return true;
      const address = data.slice(separator + 1);
      const isLink = address !== '' && address.length <= ADDRESS_LIMIT;
      const attributes = handler.getAttrData();
      attributes.extended = new Linked(attributes.extended.ext, isLink ? this.#numberOf(address) : 0);
      attributes.updateExtended();
      return true;
    });
  }

  addressAt(line: Line | undefined, column: number): string | undefined {
    if (line === undefined || ((line._data[column * CELL_WORDS + 2] ?? 0) & HAS_EXTENDED) === 0)
      return undefined;
    return this.address(line._extendedAttrs[column]?.urlId ?? 0);
  }

  /** What the addresses take. */
  get bytes(): number {
    return this.#bytes;
  }

  address(number: number): string | undefined {
    return this.#addresses.get(number);
  }

  /** The same address has the same number; `id=` only groups for highlighting, which is not drawn here. */
  #numberOf(address: string): number {
    const known = this.#numbers.get(address);
    if (known !== undefined) return known;
    const number = ++this.#last;
    const own = flatCopy(address);
    this.#addresses.set(number, own);
    this.#numbers.set(own, number);
    this.#bytes += bytesOf(own);
    while (this.#bytes > MAX_RETAINED_BYTES) this.#forgetOldest();
    return number;
  }

  #forgetOldest(): void {
    const address = this.#addresses.get(this.#oldest) ?? '';
    this.#addresses.delete(this.#oldest++);
    this.#numbers.delete(address);
    this.#bytes -= bytesOf(address);
  }
}

function bytesOf(address: string): number {
  return ENTRY_BYTES + 2 * address.length;
}

type AttributesClass = new (ext: number, urlId: number) => ExtendedAttributes;

/** The attributes of xterm.js, whose underline stays what the program asked for under a link as well. */
function linkedAttributes(sample: ExtendedAttributes): AttributesClass {
  const Original = sample.constructor as AttributesClass;
  return class Linked extends Original {
    override get ext(): number {
      return this._ext;
    }

    override set ext(value: number) {
      this._ext = value;
    }

    override get underlineStyle(): number {
      return (this._ext >>> 26) & 7;
    }

    override set underlineStyle(value: number) {
      this._ext = (this._ext & ~(7 << 26)) | ((value & 7) << 26);
    }

    override clone(): ExtendedAttributes {
      return new Linked(this._ext, this.urlId);
    }
  };
}
