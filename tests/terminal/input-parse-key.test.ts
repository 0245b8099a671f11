import { describe, expect, test } from 'vitest';
import {
  InvalidKeyError,
  type Key,
  modifiers,
  namedKeys,
  parseKeys,
  spellKey,
} from '../../packages/terminal/src/index.ts';

/** A key in one spelling, to compare by: C, A, S, D for the modifiers, then the name. */
function spell(key: Key): string {
  return `${key.ctrl ? 'C-' : ''}${key.alt ? 'A-' : ''}${key.shift ? 'S-' : ''}${key.super ? 'D-' : ''}${key.name}`;
}

function refusalOf(argument: string): InvalidKeyError {
  try {
    parseKeys(argument);
  } catch (error) {
    if (error instanceof InvalidKeyError) return error;
    throw error;
  }
  throw new Error(`"${argument}" was accepted`);
}

describe('spellings that are understood', () => {
  test.each([
    ['a', 'a'],
    ['A', 'A'],
    ['é', 'é'],
    ['€', '€'],
    ['字', '字'],
    ['😀', '😀'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['Enter', 'Enter'],
    ['RETURN', 'Enter'],
    ['esc', 'Escape'],
    ['Space', ' '],
    ['BackTab', 'S-Tab'],
    ['Shift+Tab', 'S-Tab'],
    ['pgup', 'PageUp'],
    ['ArrowUp', 'Up'],
    ['f24', 'F24'],
    ['Plus', '+'],
    ['Minus', '-'],
    ['+', '+'],
    ['-', '-'],
    ['<', '<'],
    ['>', '>'],
    ['Ctrl++', 'C-+'],
    ['Ctrl+-', 'C--'],
    ['Ctrl+Plus', 'C-+'],
    ['Control+A', 'C-A'],
    ['ctrl+shift+ArrowLeft', 'C-S-Left'],
    ['Meta+x', 'A-x'],
    ['Option+x', 'A-x'],
    ['A+x', 'A-x'],
    ['Cmd+k', 'D-k'],
    ['Win+e', 'D-e'],
    ['Super+Alt+Ctrl+Shift+Delete', 'C-A-S-D-Delete'],
    ['KP0', 'KP0'],
    ['Numpad9', 'KP9'],
    ['KPEnter', 'KPEnter'],
    ['Ctrl+KPPlus', 'C-KPPlus'],
    // vim
    ['<C-x>', 'C-x'],
    ['<c-w>', 'C-w'],
    ['<cr>', 'Enter'],
    ['<CR>', 'Enter'],
    ['<Esc>', 'Escape'],
    ['<M-x>', 'A-x'],
    ['<A-x>', 'A-x'],
    ['<D-x>', 'D-x'],
    ['<S-Tab>', 'S-Tab'],
    ['<C-S-Up>', 'C-S-Up'],
    ['<lt>', '<'],
    ['<C-lt>', 'C-<'],
    ['<C->>', 'C->'],
    ['<C-->', 'C--'],
    ['<Space>', ' '],
    ['<BS>', 'Backspace'],
    ['<kPlus>', 'KPPlus'],
    ['<F1>', 'F1'],
    // tmux
    ['C-x', 'C-x'],
    ['c-x', 'C-x'],
    ['M-x', 'A-x'],
    ['S-Up', 'S-Up'],
    ['C-M-x', 'C-A-x'],
    ['C--', 'C--'],
    ['BSpace', 'Backspace'],
    ['DC', 'Delete'],
    ['IC', 'Insert'],
    ['NPage', 'PageDown'],
    ['PPage', 'PageUp'],
    ['BTab', 'S-Tab'],
    ['KP/', 'KPDivide'],
    ['C-KP-', 'C-KPMinus'],
  ])('%s is %s', (written, meant) => {
    const [key] = parseKeys(written);
    expect(key && spell(key)).toBe(meant);
    expect(key?.token).toBe(written);
  });

  test('every name and alias of the table finds its key, in any case', () => {
    for (const { name, aliases } of namedKeys) {
      const [expected] = parseKeys(name);
      for (const alias of [name, ...aliases].flatMap((a) => [a, a.toLowerCase(), a.toUpperCase()])) {
        expect({ ...parseKeys(alias)[0], token: '' }, alias).toEqual({ ...expected, token: '' });
      }
    }
  });

  test('no two keys share a name', () => {
    const names = namedKeys.flatMap(({ name, aliases }) => [name, ...aliases]).map((n) => n.toLowerCase());
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('every modifier alias holds its modifier', () => {
    for (const { modifier, name, aliases } of modifiers) {
      for (const alias of [name, ...aliases])
        expect(parseKeys(`${alias}+x`)[0]?.[modifier], alias).toBe(true);
    }
  });

  test('a sequence is read in order, whatever the blanks between', () => {
    expect(parseKeys('  Ctrl+X   s\tEnter ').map(spell)).toEqual(['C-X', 's', 'Enter']);
  });
});

describe('however a key was written, it is spelled one way', () => {
  test.each([
    ['ctrl-c <C-c> ^C Control+C Ctrl+c', 'Ctrl+C'],
    ['C-S-t <S-C-t> ctrl+shift+T', 'Ctrl+Shift+T'],
    ['ENTER return CR <CR>', 'Enter'],
    ['esc <Esc> Escape', 'Escape'],
    ['M-x alt+x A-x', 'Alt+x'],
    ['M-X', 'Alt+X'],
    ['cmd+k D-k', 'Super+K'],
    ['BackTab BTab S-Tab', 'Shift+Tab'],
    ['Ctrl++ C-Plus', 'Ctrl+Plus'],
    ['C-- Ctrl+Minus', 'Ctrl+Minus'],
    ['Space', 'Space'],
    ['+ Plus', '+'],
    ['<lt> Less <', '<'],
    ['ctrl-é', 'Ctrl+é'],
    ['pgup PPage', 'PageUp'],
    ['kp_enter', 'KPEnter'],
  ])('%s', (written, spelled) => {
    const keys = parseKeys(written.replace('^C ', ''));
    expect(new Set(keys.map(spellKey))).toEqual(new Set([spelled]));
  });

  test('and that spelling is read as the same key', () => {
    for (const { name } of namedKeys) {
      for (const modifier of ['', 'Ctrl+', 'Alt+', 'Shift+', 'Ctrl+Alt+Shift+', 'Super+']) {
        const [key] = parseKeys(modifier + name);
        if (key === undefined) throw new Error(name);
        expect({ ...parseKeys(spellKey(key))[0], token: '' }).toEqual({ ...key, token: '' });
      }
    }
  });
});

describe('what is refused', () => {
  test.each([
    ['Ctl+C', 'Unknown modifier "Ctl" in "Ctl+C"; did you mean "Ctrl"?', 'Ctrl'],
    ['Crtl-C', 'Unknown modifier "Crtl" in "Crtl-C"; did you mean "Ctrl"?', 'Ctrl'],
    ['Contrl+c', 'Unknown modifier "Contrl" in "Contrl+c"; did you mean "Control"?', 'Control'],
    ['a+b', 'Unknown modifier "a" in "a+b"', undefined],
    ['x+y', 'Unknown modifier "x" in "x+y"', undefined],
    ['c+x', 'Unknown modifier "c" in "c+x"', undefined],
    ['Enter+x', 'Unknown modifier "Enter" in "Enter+x"', undefined],
    ['Ctrl+x+y', 'Unknown modifier "x" in "Ctrl+x+y"', undefined],
    ['Page-Up', 'Unknown modifier "Page" in "Page-Up"; did you mean "PageUp"?', 'PageUp'],
    ['Entr', 'Unknown key "Entr"; did you mean "Enter"?', 'Enter'],
    ['Ctrl+Bakspace', 'Unknown key "Bakspace" in "Ctrl+Bakspace"; did you mean "Backspace"?', 'Backspace'],
    ['F25', 'Unknown key "F25", as function keys are F1 to F24; did you mean "Ctrl+F1"?', 'Ctrl+F1'],
    ['F99', 'Unknown key "F99", as function keys are F1 to F24', undefined],
    ['^C', 'Unknown key "^C"; did you mean "Ctrl+C"?', 'Ctrl+C'],
    ['hello', 'Unknown key "hello"; keys are single characters or names, and text is typed', undefined],
    [
      '<Nope>',
      'Unknown key "Nope" in "<Nope>"; keys are single characters or names, and text is typed',
      undefined,
    ],
    ['Ctrl', '"Ctrl" is a modifier without a key, as in "Ctrl+C"', undefined],
    ['Shift+Ctrl', '"Ctrl" in "Shift+Ctrl" is a modifier without a key, as in "Ctrl+C"', undefined],
    ['Ctrl+', 'A key is missing after "Ctrl+"', undefined],
    ['Ctrl+Control+x', 'The modifier "Control" in "Ctrl+Control+x" is there twice', undefined],
    ['\x1b', '"\\x1b" holds a control character; write the key\'s name', undefined],
    ['', 'No key was given; the space bar is written Space', undefined],
    ['   ', 'No key was given; the space bar is written Space', undefined],
  ])('%j: %s', (argument, message, nearest) => {
    const refusal = refusalOf(argument);
    expect(refusal.message).toBe(message);
    expect(refusal.nearest).toBe(nearest);
  });

  test.each([
    ['Entr', 'Enter'],
    ['Crtl-C', 'Ctrl-C'],
    ['<C-Entr>', '<C-Enter>'],
    ['Ctrl+Bakspace', 'Ctrl+Backspace'],
    ['Page-Up', 'PageUp'],
    ['^C', 'Ctrl+C'],
    ['F25', 'Ctrl+F1'],
    ['hello', undefined],
  ])('%s is corrected as a whole: %s', (argument, corrected) => {
    expect(refusalOf(argument).corrected).toBe(corrected);
  });

  test('one wrong key in a sequence refuses the sequence and is named', () => {
    expect(refusalOf('a Ctrl+C Ctl+D Enter').token).toBe('Ctl+D');
  });

  test('64 keys are read and 65 are not', () => {
    expect(parseKeys(Array(64).fill('a').join(' '))).toHaveLength(64);
    expect(refusalOf(Array(65).fill('a').join(' ')).message).toBe('65 keys were given and 64 is the limit');
  });

  test('a megabyte is no key and is refused at once', () => {
    expect(refusalOf('x'.repeat(1_000_000)).message).toBe(
      'Unknown key "xxxxxxxxxxxxxxxxxxxx…", 1000000 characters long; text is typed',
    );
  });

  test.each(['++', 'Ctrl+++', '<>', '<C->', '--', 'ab', 'éa'])('%s is no key', (argument) => {
    expect(refusalOf(argument).token).toBe(argument);
  });
});
