/** axe-core on every part of the page, in every look. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openSession, test } from './browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const looks: [string, BrowserContextOptions][] = [
  ['dark', { colorScheme: 'dark' }],
  ['light', { colorScheme: 'light' }],
  ['dark, high contrast', { colorScheme: 'dark', contrast: 'more' }],
  ['light, high contrast', { colorScheme: 'light', contrast: 'more' }],
  ['on a phone', { viewport: { width: 390, height: 840 }, hasTouch: true, isMobile: true }],
];

test.for(looks)('axe finds nothing serious: %s', { timeout: 180_000 }, async ([, look], { pilotty, web }) => {
  web.expectComplaint(/401|Authentication failed/);
  await pilotty.run(
    'spawn',
    '--name',
    'build',
    '--tag',
    'one',
    '--tag',
    'two',
    'sh',
    '-c',
    'printf "Go on? [y/n] "; exec cat',
  );
  await pilotty.run('record', 'start', '-s', 'build');
  await pilotty.run('record', 'mark', '-s', 'build', 'here');
  await pilotty.run('spawn', '--name', 'failed', 'sh', '-c', 'exit 1');
  await pilotty.run('spawn', '--name', 'doomed', 'cat');
  // axe is put into the page from outside, which the page's own policy rightly forbids.
  const options = { ...look, bypassCSP: true };
  const stranger = await web.visit(web.url, options);
  await stranger.getByLabel('Token').waitFor();
  const found = { login: await serious(stranger) };

  const page = await web.visitLoggedIn(options);
  await page.getByRole('complementary', { name: 'waiting' }).getByRole('link', { name: 'build' }).waitFor();
  await page.getByRole('button', { name: 'Events' }).click();
  // It can be undone for some seconds, which axe may take longer than.
  await page.getByRole('button', { name: 'Kill doomed' }).click();
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  Object.assign(found, { overview: await serious(page) });
  for (const name of ['New session', 'Keyboard shortcuts', 'Commands', 'Rename build', 'Tags of build']) {
    await page.getByRole('button', { name }).first().click();
    await page.getByRole('dialog').waitFor();
    Object.assign(found, { [name]: await serious(page) });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await openSession(page, 'build');
  await page.getByRole('button', { name: 'Search' }).click();
  Object.assign(found, { session: await serious(page) });
  await page.getByRole('button', { name: 'Recordings' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).waitFor();
  Object.assign(found, { 'recordings of a session': await serious(page) });
  await page.getByRole('dialog').getByRole('button', { name: 'Record…' }).click();
  await page.getByLabel('File').waitFor();
  Object.assign(found, { 'a recording is begun': await serious(page) });
  await page.keyboard.press('Escape');
  await page.goto(`${web.url}#/recordings`);
  await page.getByRole('link', { name: 'Play build' }).waitFor();
  Object.assign(found, { recordings: await serious(page) });
  await page.getByRole('link', { name: 'Play build' }).click();
  await page.getByRole('button', { name: 'here' }).waitFor();
  Object.assign(found, { player: await serious(page) });
  expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([]);
});

async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
