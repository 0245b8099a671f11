/** docs/limits.md names, for each bound, a test that there is. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const rows = readFileSync(`${root}/docs/limits.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, what]) => what !== 'what grows');

test('there are bounds', () => {
  expect(rows.length).toBeGreaterThan(10);
});

test.for(rows.map((cells) => [cells[1], cells[4]] as const))('%s: its test is there', ([, tests = '']) => {
  const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files)
    expect(existsSync(`${root}/${file.includes('/') ? file : `tests/daemon/${file}`}`), file).toBe(true);
});
