/**
 * A word that is a key or text, as in `iHello Escape :wq Enter`: a key where it is one as the table of keys spells it,
 * alone or with modifiers and `+`; else text. What could be meant as a key and is spelled otherwise is refused, because
 * `enter` typed into a program is as wrong as Enter pressed in the place of a word. Names of characters are words
 * above all (`less`, `bar`): the character itself can be written.
 */
import { InvalidKeyError, type Key } from './key.ts';
import { modifiers, namedKeys } from './key-names.ts';
import { parseKeys } from './parse-key.ts';
import { spellKey } from './spell-key.ts';

/** No sequence of keys is nearly as long; longer text is not read as one, nor are lines. */
const MAX_KEYS_LENGTH = 1024;

const characterNames = new Set(
  namedKeys.filter(({ name, code }) => code.kind === 'character' && name !== 'Space').map(({ name }) => name),
);
const names = new Set(namedKeys.map(({ name }) => name).filter((name) => !characterNames.has(name)));
const chord = new RegExp(`^(?:${modifiers.map(({ name }) => name).join('|')})\\+\\S+$`, 'u');

/** @returns undefined where it is text @throws InvalidKeyError */
export function readWord(word: string): Key | undefined {
  if (isKey(word)) return parseKeys(word)[0];
  const [first, ...others] = keysIn(word);
  if (first === undefined) {
    const meant = misspeltIn(word);
    if (meant === undefined) return undefined;
    throw new InvalidKeyError(word, `"${word}" is text, or the key ${meant} misspelt`);
  }
  if (others.length > 0) {
    if (!word.split(/\s+/).some(isKey)) return undefined;
    throw new InvalidKeyError(word, `"${word}" is text, or several keys: each key is a word of its own`);
  }
  // One character is the same either way.
  if (first.name === word) return undefined;
  if (isRarelyMeant(first) && !characterNames.has(word) && !word.startsWith('<')) return undefined;
  throw new InvalidKeyError(word, `"${word}" is text, or the key ${spellKey(first)} by another name`);
}

/** `less`, `plus` and `k1` are words, unless a modifier is with them. */
function isRarelyMeant({ name, ctrl, alt, shift, super: isSuper }: Key): boolean {
  if (ctrl || alt || shift || isSuper) return false;
  return (name.length === 1 && name !== ' ') || name.startsWith('KP');
}

function isKey(word: string): boolean {
  return names.has(word) || chord.test(word);
}

function keysIn(word: string): Key[] {
  if (word.length > MAX_KEYS_LENGTH || word.includes('\n')) return [];
  try {
    return parseKeys(word);
  } catch (error) {
    if (error instanceof InvalidKeyError) return [];
    throw error;
  }
}

/** The key that a word is a slip of the fingers away from: `Entre`, `Escpe`, `Ctl+C`. `Entry`, `Night` and `Homes` are words. */
export function misspeltIn(word: string): string | undefined {
  if (!/^[A-Z][A-Za-z]{2,}\d*(?:\+\S+)?$/.test(word)) return undefined;
  const nearest = nearestTo(word);
  if (nearest === undefined || word.includes('+')) return nearest;
  const [written, wanted] = [word.toLowerCase(), nearest.toLowerCase()];
  if (written[0] !== wanted[0] || written.startsWith(wanted)) return undefined;
  const isSwapped = written.length === wanted.length && sorted(written) === sorted(wanted);
  return isSwapped || written.length !== wanted.length ? nearest : undefined;
}

function nearestTo(word: string): string | undefined {
  try {
    parseKeys(word);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidKeyError)) throw error;
    return error.corrected;
  }
}

function sorted(text: string): string {
  return [...text].sort().join('');
}
