/**
 * Reads keys as people write them: `Ctrl+C`, `Control+A`, `ArrowUp`; vim's `<C-x>`, `<CR>`, `<lt>`;
 * tmux's `C-x`, `M-x`, `S-Up`, `BSpace`.
 *
 * Every part of a token is understood or the whole sequence is refused; nothing is dropped.
 */
import { InvalidKeyError, type Key } from './key.ts';
import { type KeyCode, type ModifierName, modifiers, namedKeys } from './key-names.ts';
import { findNearest } from './nearest.ts';

/** More than this in one argument is text, for which there is `type`. */
const MAX_KEYS = 64;

/** No key is nearly as long; what is longer is not compared with every name there is. */
const MAX_TOKEN_LENGTH = 64;

/** Made when it is needed first: it takes as long as half of Node's own start. */
let graphemes: Intl.Segmenter | undefined;

const keysByName = new Map<string, { readonly name: string; readonly code: KeyCode }>(
  namedKeys.flatMap((key) => [key.name, ...key.aliases].map((alias) => [alias.toLowerCase(), key])),
);
const modifiersByName = new Map<string, ModifierName>(
  modifiers.flatMap(({ name, aliases, modifier }) =>
    [name, ...aliases].map((alias) => [spelling(alias), modifier]),
  ),
);
const keyNames = namedKeys.flatMap((key) => [key.name, ...key.aliases]);
const modifierNames = modifiers.flatMap(({ name, aliases }) => [name, ...aliases]);

/** Reads one argument of 1 to 64 keys separated by spaces; throws InvalidKeyError before giving back any. */
export function parseKeys(argument: string): Key[] {
  const tokens = argument.split(/[ \t\r\n]+/).filter((token) => token !== '');
  if (tokens.length === 0) {
    throw new InvalidKeyError(argument, 'No key was given; the space bar is written Space');
  }
  if (tokens.length > MAX_KEYS) {
    throw new InvalidKeyError(
      tokens[MAX_KEYS] ?? '',
      `${tokens.length} keys were given and ${MAX_KEYS} is the limit`,
    );
  }
  return tokens.map(parseKey);
}

function parseKey(token: string): Key {
  if (token.length > MAX_TOKEN_LENGTH) {
    const start = `${token.slice(0, 20)}…`;
    throw new InvalidKeyError(
      start,
      `Unknown key "${start}", ${token.length} characters long; text is typed`,
    );
  }
  const vim = /^<(.{2,})>$/su.exec(token)?.[1];
  const held = new Set<ModifierName>();
  let rest = vim ?? token;
  // A separator counts only between two things, so that "+", "Ctrl++", "C--" and "KP+" mean what they say.
  for (let parts = splitModifier(rest); parts !== undefined; parts = splitModifier(rest)) {
    const modifier = modifiersByName.get(spelling(parts.modifier, parts.separator));
    if (modifier === undefined) throw unknownModifier(token, parts.modifier);
    if (held.has(modifier)) {
      throw new InvalidKeyError(token, `The modifier "${parts.modifier}" in "${token}" is there twice`);
    }
    held.add(modifier);
    rest = parts.rest;
  }
  const named = keysByName.get(rest.toLowerCase());
  if (named?.code.kind === 'shifted' && named.code.kitty === undefined) held.add('shift');
  return {
    name: named ? canonicalName(named.name, named.code) : character(token, rest),
    shift: held.has('shift'),
    alt: held.has('alt'),
    ctrl: held.has('ctrl'),
    super: held.has('super'),
    token,
  };
}

function splitModifier(text: string): { modifier: string; separator: string; rest: string } | undefined {
  const [, modifier, separator, rest] = /^([^+-]+)([+-])(.+)$/su.exec(text) ?? [];
  return modifier && separator && rest ? { modifier, separator, rest } : undefined;
}

/** A key that only stands for another (Space, BackTab) goes by what it stands for. */
function canonicalName(name: string, code: KeyCode): string {
  if (code.kind === 'character') return code.text;
  return code.kind === 'shifted' && code.kitty === undefined ? code.of : name;
}

/**
 * Names are not case-sensitive. Of one letter they are, or `a+b` would be Alt+b; but with a dash,
 * as vim and tmux have it, `c-x` is as good as `C-x`.
 */
function spelling(modifier: string, separator = '+'): string {
  if (modifier.length > 1) return modifier.toLowerCase();
  return separator === '-' ? modifier.toUpperCase() : modifier;
}

function character(token: string, text: string): string {
  if (/[\p{Cc}\p{Cs}]/u.test(text)) {
    throw new InvalidKeyError(token, `"${printable(token)}" holds a control character; write the key's name`);
  }
  if (text.length === 1 || isOneGrapheme(text)) return text;
  throw unknownKey(token, text);
}

function isOneGrapheme(text: string): boolean {
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...graphemes.segment(text)].length === 1;
}

function unknownModifier(token: string, modifier: string): InvalidKeyError {
  const message = `Unknown modifier "${modifier}" in "${token}"`;
  // "Page-Up" is no modifier gone wrong but a name.
  const joined = keysByName.get(token.replace(/[+-]/g, '').toLowerCase());
  const near = findNearest(modifier, modifierNames);
  if (near === undefined) return new InvalidKeyError(token, message, { nearest: joined?.name });
  return new InvalidKeyError(token, message, { nearest: near, corrected: token.replace(modifier, near) });
}

function unknownKey(token: string, text: string): InvalidKeyError {
  const where = text === token ? '' : ` in "${token}"`;
  if (modifiersByName.has(spelling(text))) {
    return new InvalidKeyError(token, `"${text}"${where} is a modifier without a key, as in "Ctrl+C"`);
  }
  if (/[+-]$/.test(text) && modifiersByName.has(spelling(text.slice(0, -1)))) {
    return new InvalidKeyError(token, `A key is missing after "${text}"${where}`);
  }
  // The caret notation of stty and tmux.
  if (/^\^.$/u.test(text)) {
    const nearest = `Ctrl+${text.slice(1)}`;
    return new InvalidKeyError(token, `Unknown key "${text}"${where}`, { nearest });
  }
  const [, number] = /^F(\d+)$/i.exec(text) ?? [];
  if (number !== undefined) {
    // terminfo's kf25 to kf36 for xterm-256color. F2 is near to F25, and not what was meant.
    const of = Number(number) - 24;
    const nearest = of >= 1 && of <= 12 ? `Ctrl+F${of}` : undefined;
    const message = `Unknown key "${text}"${where}, as function keys are F1 to F24`;
    return new InvalidKeyError(token, message, { nearest });
  }
  const nearest = findNearest(text, keyNames);
  const hint = nearest === undefined ? '; keys are single characters or names, and text is typed' : '';
  return new InvalidKeyError(token, `Unknown key "${text}"${where}${hint}`, {
    nearest,
    corrected: nearest && token.replace(text, nearest),
  });
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]/gu, (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
