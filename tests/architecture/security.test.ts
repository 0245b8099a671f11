/** Every line of docs/security.md that says what stops an enemy is held by a test that there is. */
import { expect, test } from 'vitest';
import { type CitedTest, missingOf } from './cited-tests.ts';
import { readText } from './workspaces.ts';

interface Threat {
  attempt: string;
  stoppedBy: string;
  tests: CitedTest[];
}

const threats: Threat[] = readText('docs/security.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.split('|').length === 5 && !line.startsWith('| could try'))
  .map((line) => {
    const [, attempt = '', stoppedBy = '', tests = ''] = line.split('|').map((cell) => cell.trim());
    const cited = tests.split('<br>').map((each) => /^`(tests\/\S+)`: (.+)$/.exec(each));
    return {
      attempt,
      stoppedBy,
      tests: cited.map((match) => ({ file: match?.[1] ?? '', title: match?.[2] ?? '' })),
    };
  });

test('each kind of enemy has its lines', () => {
  expect(threats.length).toBeGreaterThan(25);
});

test.each(threats)('$attempt: what stops it is tested', ({ stoppedBy, tests }) => {
  expect(stoppedBy).not.toBe('');
  expect(tests).not.toEqual([]);
  expect(missingOf(tests)).toEqual([]);
});
