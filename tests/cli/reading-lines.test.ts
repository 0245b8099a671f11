/**
 * Plain lines are read by a reader of their own, and the first other one of a process by a parser of its own options: both
 * must read what the parser of all reads.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command, Option } from '../../apps/cli/src/command.ts';
import { readLine } from '../../apps/cli/src/command-line.ts';
import { groups } from '../../apps/cli/src/commands/index.ts';
import { readPlainLine } from '../../apps/cli/src/plain-line.ts';
import { splitWords } from '../../apps/cli/src/split-words.ts';

const declarations = await Promise.all(
  Object.values(groups)
    .flatMap((commands) => Object.values(commands))
    .map(async (load) => (await load()).declaration),
);

/** What is read, or what is wrong: of a line that is the first of its command, or a later one. */
function read(declaration: Command, line: readonly string[], isFirst: boolean): unknown {
  const command = { ...declaration };
  const outcome = () => {
    try {
      return readLine(command, line);
    } catch (error) {
      return { error: (error as Error).name, message: (error as Error).message };
    }
  };
  if (!isFirst) outcome();
  return outcome();
}

function expectTheSame(declaration: Command, line: readonly string[]): void {
  const plain = readPlainLine(declaration, line);
  if (plain !== undefined) expect(plain, line.join(' ')).toEqual(read(declaration, line, false));
  expect(read(declaration, line, true), line.join(' ')).toEqual(read(declaration, line, false));
}

test('every example', () => {
  for (const declaration of declarations)
    for (const [line] of declaration.examples) {
      const [, name, ...words] = splitWords(line.split(' | ')[0] ?? '') ?? [];
      if (name === declaration.name) expectTheSame(declaration, words);
    }
});

test.each(declarations.map((declaration) => [declaration.name, declaration] as const))(
  '%s: its options with and without values, in any order, and what it does not know',
  (_, declaration) => {
    const options = Object.entries<Option<unknown>>(declaration.options ?? {});
    const flags = [
      '--json',
      '-q',
      '-h',
      '--help',
      '--fields',
      '--unknown',
      '-X',
      '--',
      '-',
      '-20:-1',
      '-1',
    ].concat(
      options.flatMap(([name, { short }]) => [
        `--${name}`,
        `--${name}=5`,
        ...(short === undefined ? [] : [`-${short}`, `-${short}x`, `-q${short}`]),
      ]),
    );
    const words = ['Enter', 'a', '5s', '10', 'full', 'text', 'NAME=x', '80x24', ''];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...flags, ...words, ...words), { maxLength: 6 }), (line) =>
        expectTheSame(declaration, line),
      ),
      { numRuns: 60 },
    );
  },
);

test.each([
  ['key', '-s quiet Enter'],
  ['snapshot', '-s quiet --format compact'],
  ['key', '--wait-text ready --wait-timeout 5s Enter --json'],
  ['list-sessions', '--all'],
  ['wait-for', 'ready --session quiet --regex'],
  ['spawn', '--name editor vim -u NONE'],
  ['spawn', '-- -x --name y'],
  ['run', 'make -- test'],
])('the line %s %s is plain', (name, line) => {
  const declaration = declarations.find((one) => one.name === name) as Command;
  expect(readPlainLine(declaration, line.split(' '))).toEqual(read(declaration, line.split(' '), false));
});

test.each([
  ['key', '-s'],
  ['key', '-s -1 Enter'],
  ['key', 'Enter Enter'],
  ['key', '-qs quiet Enter'],
  ['key', '--session=quiet Enter'],
  ['key', '-h'],
  ['key', '-- Enter'],
  ['key', '--wait-timeout soon Enter'],
  ['key', ''],
  ['key', '--unknown Enter'],
  ['send', '-l Enter'],
  ['spawn', '--record vim'],
  ['spawn', '--'],
  ['type', '-v'],
])('the line %s %s is not', (name, line) => {
  const declaration = declarations.find((one) => one.name === name) as Command;
  expect(
    readPlainLine(
      declaration,
      line.split(' ').filter((word) => word !== ''),
    ),
  ).toBeUndefined();
});
