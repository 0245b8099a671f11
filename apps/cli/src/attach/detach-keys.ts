/**
 * Finds the keys that are for us among what is typed, and loses none: what only looks like their beginning is passed on
 * as soon as another key, or a moment, shows that it was not. Text of a paste is never taken for keys.
 */
import { UsageError } from '../usage-error.ts';

/** Ctrl+\ is SIGQUIT, which few type; alone it still reaches the program. */
export const DEFAULT_DETACH_KEYS = 'Ctrl+\\ d';
/** Time for the second key. */
export const KEY_PAUSE_MS = 1000;
/** Time for the rest of a sequence that came in two pieces; Alt+[ is the beginning of one. */
const SEQUENCE_PAUSE_MS = 50;

const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';
// A key in any encoding: a sequence, Alt and a character, or one character; in latin1, so that no byte is lost.
const TOKEN = /\x1b\[[0-9:;<=>?]*[ -/]*[@-~]|\x1bO[ -~]|\x1b[^\x1b[O]|[\xc0-\xff][\x80-\xbf]*|[\s\S]/g;
const UNFINISHED = /\x1b\[[0-9:;<=>?]*$/;

export interface KeySpelling {
  /** As the user wrote it. */
  name: string;
  code: number;
  isCtrl: boolean;
}

/** 'Ctrl+\\ d', 'ctrl-p,ctrl-q', '^]'. @throws UsageError */
export function parseDetachKeys(given: string): KeySpelling[] {
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0 || words.length > 3)
    throw new UsageError(`is '${given}', and must be one to three keys, such as 'Ctrl+\\ d'`);
  const keys = words.map(parseKey);
  if (!keys[0]?.isCtrl)
    throw new UsageError(`is '${given}', and must begin with Ctrl and a key`, "Such as 'Ctrl+] d'.");
  return keys;
}

function parseKey(word: string): KeySpelling {
  const [, ctrl, character = ''] = /^(ctrl[-+]|c-|\^)?([!-~])$/i.exec(word) ?? [];
  const code = (ctrl === undefined ? character : character.toLowerCase()).charCodeAt(0);
  const isCtrl = ctrl !== undefined;
  if (Number.isNaN(code) || (isCtrl && !/^[a-z@[\\\]^_]$/.test(character.toLowerCase())))
    throw new UsageError(`has the key '${word}', and each must be a character or Ctrl and one: Ctrl+], d`);
  return { name: isCtrl ? `Ctrl+${character}` : character, code, isCtrl };
}

export interface Bound<Action> {
  keys: readonly KeySpelling[];
  action: Action;
}

interface Found<Action> {
  /** For the program, before the action. */
  bytes: Buffer;
  action: Action | undefined;
}

export class TypedKeys<Action> {
  readonly #bindings: readonly Bound<Action>[];
  /** Tokens that may be the beginning of a binding, and the bindings they may be of. */
  #held: string[] = [];
  #matched = 0;
  #fitting: readonly Bound<Action>[];
  #unfinished = '';
  #isPasting = false;

  constructor(bindings: readonly Bound<Action>[]) {
    this.#bindings = bindings;
    this.#fitting = bindings;
  }

  /** How long until flush() is due, where nothing more is typed; undefined: there is nothing to pass on. */
  get pauseMs(): number | undefined {
    if (this.#unfinished !== '') return SEQUENCE_PAUSE_MS;
    return this.#held.length > 0 ? KEY_PAUSE_MS : undefined;
  }

  take(bytes: Uint8Array): Found<Action>[] {
    const text = this.#unfinished + Buffer.from(bytes).toString('latin1');
    const end = UNFINISHED.exec(text)?.index ?? text.length;
    this.#unfinished = text.slice(end);
    const found: Found<Action>[] = [];
    let passed = '';
    for (const token of tokens(text.slice(0, end))) {
      const { released, action } = this.#press(token);
      passed += released;
      if (action === undefined) continue;
      found.push({ bytes: Buffer.from(passed, 'latin1'), action });
      passed = '';
    }
    if (passed !== '') found.push({ bytes: Buffer.from(passed, 'latin1'), action: undefined });
    return found;
  }

  /** Time is over: it was not for us. */
  flush(): Buffer {
    const text = this.#release() + this.#unfinished;
    this.#unfinished = '';
    return Buffer.from(text, 'latin1');
  }

  #press(token: string): { released: string; action?: Action } {
    if (token === PASTE_BEGIN) this.#isPasting = true;
    if (token === PASTE_END) this.#isPasting = false;
    if (this.#isPasting) return { released: this.#release() + token };
    if (this.#matched > 0 && isAside(token)) {
      this.#held.push(token);
      return { released: '' };
    }
    let released = '';
    let fitting = this.#fittingWith(token);
    if (fitting.length === 0 && this.#matched > 0) {
      released = this.#release();
      fitting = this.#fittingWith(token);
    }
    if (fitting.length === 0) return { released: released + token };
    this.#matched += 1;
    const whole = fitting.find(({ keys }) => keys.length === this.#matched);
    if (whole === undefined) {
      this.#fitting = fitting;
      this.#held.push(token);
      return { released };
    }
    this.#release();
    return { released, action: whole.action };
  }

  #fittingWith(token: string): Bound<Action>[] {
    return this.#fitting.filter(({ keys }) => {
      const key = keys[this.#matched];
      return key !== undefined && spells(token, key);
    });
  }

  /** Begins anew. @returns what was held */
  #release(): string {
    const held = this.#held.join('');
    this.#held = [];
    this.#matched = 0;
    this.#fitting = this.#bindings;
    return held;
  }
}

function* tokens(text: string): Generator<string> {
  for (const [token] of text.matchAll(TOKEN)) yield token;
}

const CTRL = 4;
const KITTY = /^\x1b\[(\d+)(?::\d*)*(?:;(\d+)(?::(\d))?)?(?:;[\d:]*)?u$/;
const OTHER_KEYS = /^\x1b\[27;(\d+);(\d+)~$/;
/** Shift, Ctrl and Alt on their own, in the keyboard protocol of kitty. */
const isModifierKey = (code: number) => code >= 57_441 && code <= 57_454;

/** A key let go, or a modifier: between two keys of ours it changes nothing. */
function isAside(token: string): boolean {
  const [, code = '', , event] = KITTY.exec(token) ?? [];
  return event === '3' || isModifierKey(Number(code));
}

function spells(token: string, { code, isCtrl }: KeySpelling): boolean {
  const [, kittyCode, kittyModifiers = '1', event] = KITTY.exec(token) ?? [];
  if (kittyCode !== undefined)
    return event !== '3' && Number(kittyCode) === code && hasOnlyCtrl(Number(kittyModifiers), isCtrl);
  const [, otherModifiers, otherCode] = OTHER_KEYS.exec(token) ?? [];
  if (otherCode !== undefined)
    return Number(otherCode) === code && hasOnlyCtrl(Number(otherModifiers), isCtrl);
  return token.length === 1 && token.charCodeAt(0) === (isCtrl ? code & 0x1f : code);
}

/** Caps Lock and Num Lock count for nothing. */
function hasOnlyCtrl(parameter: number, isCtrl: boolean): boolean {
  return ((parameter - 1) & 0b111111) === (isCtrl ? CTRL : 0);
}
