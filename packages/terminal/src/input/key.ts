/** One key press: what `parseKeys` reads and `encodeKey` writes. */
export interface Key {
  /** The canonical name (`Enter`, `F5`, `KP0`), or the character itself (`a`, `+`, ` `). */
  readonly name: string;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
  readonly super: boolean;
  /** As the user wrote it, for messages. */
  readonly token: string;
}

/** A key that does not exist, or that the program could not be sent in its current mode. */
export class InvalidKeyError extends Error {
  override readonly name = 'InvalidKeyError';
  readonly token: string;
  /** The nearest thing that would have been understood. */
  readonly nearest: string | undefined;
  /** The whole token with that in it. */
  readonly corrected: string | undefined;
  /** What a program that could read the key would get, with escapes as in C. */
  readonly escapes: string | undefined;

  constructor(
    token: string,
    message: string,
    more: { nearest?: string | undefined; corrected?: string; escapes?: string | undefined } = {},
  ) {
    const { nearest, corrected = nearest, escapes } = more;
    super(nearest === undefined ? message : `${message}; did you mean "${nearest}"?`);
    this.token = token;
    this.nearest = nearest;
    this.corrected = corrected;
    this.escapes = escapes;
  }
}

/** Every encoding since xterm's counts modifiers from 1 (ctlseqs, "PC-Style Function Keys"). */
export function modifierNumber(key: Key, shift = key.shift): number {
  return 1 + (shift ? 1 : 0) + (key.alt ? 2 : 0) + (key.ctrl ? 4 : 0) + (key.super ? 8 : 0);
}
