/**
 * Input as a person's terminal sends it, read back as text and keys: the reverse of encodeKey(). For showing what was
 * typed; what is sent on are the bytes themselves.
 */
import { encodeKey, type KeyModes } from './encode-key.ts';
import { InvalidKeyError, type Key } from './key.ts';
import { namedKeys } from './key-names.ts';
import { spellKey } from './spell-key.ts';

export type InputPart = { text: string } | { key: string };

/** Escape and what follows it, a control character, or text. */
const PARTS = /\x1b(?:\x1b?\[[0-?]*[ -/]*[@-~]|\x1b?O.|[\s\S])?|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/gu;
const NONE = { shift: false, alt: false, ctrl: false, super: false } as const;
const HELD: readonly Partial<Record<keyof typeof NONE, true>>[] = [
  {},
  { shift: true },
  { ctrl: true },
  { alt: true },
  { shift: true, ctrl: true },
  { shift: true, alt: true },
  { alt: true, ctrl: true },
];

/** The names of all keys by what they send, in the modes that were asked for last: those seldom change. */
let known: { readonly modes: string; readonly keys: ReadonlyMap<string, string> } | undefined;

/** @returns undefined for what is no UTF-8, and where it has a sequence that no key sends in these modes */
export function readInput(bytes: Uint8Array, modes: KeyModes): InputPart[] | undefined {
  let input: string;
  try {
    input = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const keys = keysBySequence(modes);
  const parts: InputPart[] = [];
  for (const part of input.match(PARTS) ?? []) {
    const isText = (part[0] ?? '') >= ' ' && part !== '\x7f';
    const key = isText ? undefined : keys.get(part);
    if (!isText && key === undefined) return undefined;
    parts.push(key === undefined ? { text: part } : { key });
  }
  return parts;
}

function keysBySequence(modes: KeyModes): ReadonlyMap<string, string> {
  const { applicationCursor, applicationKeypad, kittyFlags, modifyOtherKeys } = modes;
  const name = JSON.stringify([applicationCursor, applicationKeypad, kittyFlags, modifyOtherKeys]);
  if (known?.modes !== name) known = { modes: name, keys: new Map(sequencesIn(modes)) };
  return known.keys;
}

/** The plainest name of a sequence comes last, and so counts: Enter, which is Ctrl+M too. */
function* sequencesIn(modes: KeyModes): Generator<[string, string]> {
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const named = (isShifted: boolean) =>
    namedKeys
      .filter(({ code }) => code.kind !== 'keypad' && code.kind !== 'character')
      .filter(({ code }) => (code.kind === 'shifted') === isShifted)
      .map(({ name }) => name);
  const inOrder = [named(true), [...characters, ...named(false)]];
  for (const [held, keyNames] of inOrder.flatMap((names) =>
    [...HELD].reverse().map((held) => [held, names] as const),
  )) {
    for (const keyName of keyNames) {
      const key: Key = { ...NONE, ...held, name: keyName, token: keyName };
      try {
        yield [Buffer.from(encodeKey(key, modes)).toString(), spellKey(key)];
      } catch (error) {
        // Not every key can be sent in every mode.
        if (!(error instanceof InvalidKeyError)) throw error;
      }
    }
  }
}
