import type { Key } from './key.ts';
import { modifiers } from './key-names.ts';

/** A key as docs/keys.md writes it, however it was written: `Ctrl+C` for `ctrl-c`, `C-c` and `<C-c>`. */
export function spellKey(key: Key): string {
  if (!key.shift && !key.alt && !key.ctrl && !key.super) return spellName(key, false);
  const held = modifiers.filter(({ modifier }) => key[modifier]).map(({ name }) => name);
  return [...held, spellName(key, held.length > 0)].join('+');
}

function spellName({ name, ctrl, super: isSuper }: Key, isModified: boolean): string {
  if (name === ' ') return 'Space';
  // These join a modifier to its key.
  if (isModified && name === '+') return 'Plus';
  if (isModified && name === '-') return 'Minus';
  // With these the case of a letter means nothing, and in capitals it is written everywhere.
  return (ctrl || isSuper) && /^[a-z]$/.test(name) ? name.toUpperCase() : name;
}
