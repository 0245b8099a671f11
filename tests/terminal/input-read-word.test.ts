/** Which words are keys, which are text, and which could be either. */
import { expect, test } from 'vitest';
import { InvalidKeyError, namedKeys, readWord } from '../../packages/terminal/src/index.ts';

/** Who means the character writes it. */
const CHARACTERS = ['Plus', 'Minus', 'Less', 'Bar', 'Backslash'];

test('every key of the table but named characters is a key by its name, and with modifiers', () => {
  for (const { name } of namedKeys.filter(({ name }) => !CHARACTERS.includes(name)))
    expect([name, readWord(name)?.token]).toEqual([name, name]);
  expect(readWord('Ctrl+C')).toMatchObject({ name: 'C', ctrl: true });
  expect(readWord('Ctrl+Shift+Up')).toMatchObject({ name: 'Up', ctrl: true, shift: true });
  expect(readWord('Ctrl++')).toMatchObject({ name: '+', ctrl: true });
});

test.for([
  ...['iHello', ':wq', 'hello world', 'The End', 'Enter your name', 'i', '+', '', ' ', 'é', 'I a m', 'f5()'],
  ...['less', 'bar', 'plus', 'minus', 'lt', 'k1', 'BAR', 'backslash'],
  ...['Ctrl+C ends it', 'Ctrl+', 'meta-data', '--help', 'Entry', 'x\nEnter', 'a '.repeat(2000)],
  ...[
    'Entry',
    'Night',
    'Homes',
    'Rights',
    'Spare',
    'Lift',
    'Hello',
    'Dawn',
    'Ends',
    'Main+C',
    'Delta',
    'Insect',
  ],
])('%j is text', (word) => {
  expect(readWord(word)).toBeUndefined();
});

test.for([
  ['enter', 'the key Enter'],
  ['END', 'the key End'],
  ['Esc', 'the key Escape'],
  ['C-c', 'the key Ctrl+C'],
  ['Bar', 'the key |'],
  ['<lt>', 'the key <'],
  ['<CR>', 'the key Enter'],
  ['shift-tab', 'the key Shift+Tab'],
  ['Escape : w q Enter', 'several keys'],
  ['Down Down', 'several keys'],
] as const)('%s could be either, and is refused', ([word, meant]) => {
  expect(() => readWord(word)).toThrow(InvalidKeyError);
  expect(() => readWord(word)).toThrow(meant);
});

test('a chord with a key that does not exist is no text', () => {
  expect(() => readWord('Ctrl+Entr')).toThrow(/Enter/);
});

test.for([
  ['Entre', 'Enter'],
  ['Entr', 'Enter'],
  ['Escpe', 'Escape'],
  ['Bakspce', 'Backspace'],
  ['Ctl+C', 'Ctrl+C'],
  ['Crtl+Left', 'Ctrl+Left'],
])('%s is a slip for %s, and is refused', ([word, meant]) => {
  expect(() => readWord(word as string)).toThrow(`"${word}" is text, or the key ${meant} misspelt`);
});
