import { expect, test } from 'vitest';
import { programWords } from '../../apps/web/src/sessions/program-words.ts';

test.each([
  ['', {}],
  ['  htop ', { argv: ['htop'] }],
  ['vim -u NONE notes/today.txt', { argv: ['vim', '-u', 'NONE', 'notes/today.txt'] }],
  ['make && ./run', { command: 'make && ./run' }],
  ["echo 'two words'", { command: "echo 'two words'" }],
  ['LANG=C ls', { command: 'LANG=C ls' }],
  ['ls ~', { command: 'ls ~' }],
])('%j typed as a command is %j', (typed, words) => {
  expect(programWords(typed)).toEqual(words);
});
