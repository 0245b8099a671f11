/** Every invariant of docs/architecture.md is held by a test, and says by which. */
import { expect, test } from 'vitest';
import { type CitedTest, missingOf } from './cited-tests.ts';
import { readText, sourcesOf } from './workspaces.ts';

interface Invariant {
  name: string;
  tests: CitedTest[];
}

const section = /\n## Invariants\n(.*?)\n## /s.exec(readText('docs/architecture.md'))?.[1] ?? '';
/** '- **name** What is so.', and below it '  - `tests/x.test.ts`: the name of a test'. */
const invariants: Invariant[] = section
  .split(/\n(?=- )/)
  .slice(1)
  .map((text) => ({
    name: /^- \*\*([a-z-]+)\*\* /.exec(text)?.[1] ?? `without a name: ${text}`,
    tests: [...text.matchAll(/^ {2}- `(tests\/\S+)`: (.+)$/gm)].map(([, file = '', title = '']) => ({
      file,
      title,
    })),
  }));

test('every invariant has a name of its own', () => {
  const names = invariants.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name, index) => name.startsWith('without') || names.indexOf(name) !== index)).toEqual(
    [],
  );
});

test.each(invariants)('$name names a test, and every test it names is there', ({ tests }) => {
  expect(tests).not.toEqual([]);
  expect(missingOf(tests)).toEqual([]);
});

test('the screen of a session is written in one file', () => {
  const writers = sourcesOf('packages/daemon').filter((file) => /\bscreen\.write\(/.test(readText(file)));
  expect(writers).toHaveLength(1);
});
