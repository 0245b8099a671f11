/** What is quoted for a shell comes back from real shells as it was. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLine, shellQuote, singleQuoted } from '../../packages/protocol/src/shell-quote.ts';
import { pathOf } from '../harness/programs.ts';

const AWKWARD = [
  '',
  ' ',
  "'",
  "''",
  "it's",
  '"',
  '\\',
  '\\\\n',
  '$HOME',
  '`id`',
  '$(id)',
  '*',
  '~',
  '~root',
  '=ls',
  'a=b',
  '%1',
  '-n',
  '--x=y z',
  '!!',
  '#no',
  'a#b',
  '{a,b}',
  '[ab]',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  '\n',
  '\t',
  'line\nline\n',
  '\r',
  '\x1b[0m',
  'é😀',
  '^x^y',
];

describe.each(['sh', 'bash', 'zsh', 'dash', 'ksh'].filter((name) => pathOf(name) !== undefined))(
  '%s',
  (shell) => {
    const readBack = (line: string) =>
      execFileSync(shell, ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
        .split('\0')
        .slice(0, -1);

    test('takes back every awkward word, quoted as little as can be and always', () => {
      for (const quote of [shellQuote, singleQuoted])
        expect(readBack(AWKWARD.map(quote).join(' '))).toEqual(AWKWARD);
    });

    test('takes back any text', () => {
      const words = fc.array(
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
        {
          minLength: 1,
          maxLength: 50,
        },
      );
      fc.assert(
        fc.property(words, (given) => {
          expect(readBack(given.map(shellQuote).join(' '))).toEqual(given);
        }),
        { numRuns: 20 },
      );
    });

    test('runs a program whose name could be an assignment', () => {
      const run = () =>
        execFileSync(shell, ['-c', commandLine(['a=b', 'c=d'])], { encoding: 'utf8', stdio: 'pipe' });
      expect(run).toThrow(/not found/);
    });
  },
);

test('what needs no quotes has none', () => {
  expect(commandLine(['git', 'log', '--format=%h', '-n1', 'HEAD~1', 'a b'])).toBe(
    "git log --format=%h -n1 'HEAD~1' 'a b'",
  );
});
