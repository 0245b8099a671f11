/**
 * The keys that a terminal in raw mode sends, by name. A lone Escape and the beginning of a sequence look the same: what
 * is not complete is kept until more comes, or until `flush`. A paste is one thing, and none of its characters a key.
 */

export type TypedKey = { name: string } | { text: string } | { pasted: string };

const SEQUENCES: Readonly<Record<string, string>> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  H: 'Home',
  F: 'End',
  Z: 'Shift+Tab',
  '1~': 'Home',
  '4~': 'End',
  '5~': 'PageUp',
  '6~': 'PageDown',
  '7~': 'Home',
  '8~': 'End',
};
const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'Enter',
  '\n': 'Enter',
  '\t': 'Tab',
  '\x7f': 'Backspace',
  '\b': 'Backspace',
  '\x03': 'Ctrl+C',
  '\x04': 'Ctrl+D',
  '\x0c': 'Ctrl+L',
  '\x15': 'Ctrl+U',
  '\x1a': 'Ctrl+Z',
};
const PASTE = { begin: '\x1b[200~', end: '\x1b[201~' };
const COMPLETE = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])/;
const BEGUN = /^\x1b(?:\[[0-?]*[ -/]*|O)?$/;
/** Of a sequence; what is longer is none. */
const MAX_SEQUENCE = 32;
/** Of a paste that does not end. */
const MAX_PASTE = 65_536;

export class KeyReader {
  readonly #decoder = new TextDecoder();
  #rest = '';

  read(bytes: Uint8Array): TypedKey[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const keys: TypedKey[] = [];
    for (let key = this.#next(); key !== undefined; key = this.#next()) if (key !== 'none') keys.push(key);
    return keys;
  }

  /** Something has come that may be only a beginning. */
  get isPending(): boolean {
    return this.#rest !== '' && !this.#rest.startsWith(PASTE.begin);
  }

  /** Nothing more has come for a while. */
  flush(): TypedKey[] {
    if (!this.isPending) return [];
    const isEscape = this.#rest === '\x1b';
    this.#rest = '';
    return isEscape ? [{ name: 'Escape' }] : [];
  }

  #next(): TypedKey | 'none' | undefined {
    const rest = this.#rest;
    if (rest === '') return undefined;
    if (rest.startsWith(PASTE.begin)) return this.#paste();
    if (rest.startsWith('\x1b')) return this.#sequence();
    const [character = ''] = rest;
    this.#rest = rest.slice(character.length);
    const name = CONTROLS[character];
    if (name !== undefined) return { name };
    return character < ' ' ? 'none' : { text: character };
  }

  #sequence(): TypedKey | 'none' | undefined {
    const rest = this.#rest;
    if (BEGUN.test(rest) && rest.length <= MAX_SEQUENCE) return undefined;
    const complete = COMPLETE.exec(rest)?.[0];
    if (complete === undefined) {
      // Alt with a key, or nothing known: the Escape alone.
      this.#rest = rest.slice(1);
      return { name: 'Escape' };
    }
    this.#rest = rest.slice(complete.length);
    const name = SEQUENCES[complete.slice(2)];
    return name === undefined ? 'none' : { name };
  }

  #paste(): TypedKey | undefined {
    const end = this.#rest.indexOf(PASTE.end);
    if (end === -1 && this.#rest.length < MAX_PASTE) return undefined;
    const pasted = this.#rest.slice(PASTE.begin.length, end === -1 ? undefined : end);
    this.#rest = end === -1 ? '' : this.#rest.slice(end + PASTE.end.length);
    return { pasted };
  }
}
