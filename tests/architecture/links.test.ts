/** Pages point at files; files move. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readText, root } from './workspaces.ts';

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');

test.each(pages)('every link in %s leads to a file', (page) => {
  const targets = [...readText(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target = '']) => target);
  const broken = targets.filter(
    (target) => !target.includes('://') && !existsSync(join(root, dirname(page), target)),
  );
  expect(broken).toEqual([]);
});

test('the index of the documentation leads to every page', () => {
  const index = readText('docs/README.md');
  const unnamed = pages
    .filter((page) => /^docs\/(?!decisions\/|cookbook\/|examples\/|sdk-api\/|README)/.test(page))
    .map((page) => page.replace('docs/', ''))
    .filter((page) => !index.includes(`(${page})`));
  expect(unnamed).toEqual([]);
});
