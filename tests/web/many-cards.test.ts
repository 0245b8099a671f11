/** Many sessions at once: moved among, sorted out, chosen, opened side by side. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../harness/until.ts';
import { openSession, test } from './browser.ts';

test('arrow keys go through all cards, in both directions, and the focus is kept over a session', async ({
  pilotty,
  web,
}) => {
  const names = Array.from({ length: 12 }, (_, index) => `card-${index + 10}`);
  for (const name of names) await pilotty.spawn(name, ['cat']);
  const page = await web.visitLoggedIn({ viewport: { width: 1600, height: 1000 } });
  await page.getByRole('link', { name: 'Open card-21:' }).waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await focusedCard(page)).toBe('card-10');
  await page.keyboard.press('ArrowRight');
  expect(await focusedCard(page)).toBe('card-11');
  const columns = await page.evaluate<number>(
    'getComputedStyle(document.querySelector(".tiles")).gridTemplateColumns.split(" ").length',
  );
  await page.keyboard.press('ArrowDown');
  expect(await focusedCard(page)).toBe(`card-${11 + columns}`);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  expect(await focusedCard(page)).toBe('card-10');
  for (let step = 1; step < columns; step++) await page.keyboard.press('ArrowRight');
  expect(await focusedCard(page)).toBe(`card-${9 + columns}`);

  await page.keyboard.press('Enter');
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.press('Control+Shift+E');
  await until('the focus back', async () => (await focusedCard(page)) === `card-${9 + columns}`);
  // Escape in the filter gives the keys back: the next one is a command.
  await page.keyboard.press('/');
  await page.keyboard.type('card-15');
  await page.keyboard.press('Escape');
  await page.keyboard.press('v');
  await page.locator('.rows').waitFor();
});

test('a filter by state, dismissing and running again, and tiles that fill the width', async ({
  pilotty,
  web,
}) => {
  for (const name of ['one', 'two', 'three']) await pilotty.spawn(name, ['cat'], { tags: [name] });
  await pilotty.spawn('broken', ['sh', '-c', 'exit 2']);
  await pilotty.spawn('older', ['sh', '-c', 'exit 2']);
  const page = await web.visitLoggedIn({ viewport: { width: 1920, height: 1080 } });
  await page.getByRole('link', { name: 'Open broken:' }).waitFor();
  // Three tags with one session each share a row, and the row has no room for another.
  const boxes = await page.locator('.card').evaluateAll((all) => {
    return all
      .slice(0, 3)
      .map((each) => ({ top: each.getBoundingClientRect().top, width: each.clientWidth }));
  });
  expect(new Set(boxes.map(({ top }) => Math.round(top))).size).toBe(1);

  await page.getByLabel('Filter sessions').fill('is:failed');
  await page.getByRole('link', { name: 'Open one:' }).waitFor({ state: 'detached' });
  expect(await page.locator('.card').count()).toBe(2);
  await page.getByRole('button', { name: 'Dismiss older' }).click();
  await page.getByRole('link', { name: 'Open older:' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Run broken again' }).click();
  await page.getByText('This is its last screen.').waitFor();
  const { sessions } = (await pilotty.run('list-sessions', '--all')).json();
  expect(sessions.filter(({ command }: { command: string }) => command.includes('exit 2'))).toMatchObject([
    { name: 'broken', restarts: 1 },
  ]);
});

test('an error in a dialog stays in it, and its buttons too', async ({ pilotty, web }) => {
  web.expectComplaint(/status of 4\d\d/);
  await pilotty.spawn('any', ['cat']);
  const page = await web.visitLoggedIn({ viewport: { width: 390, height: 780 } });
  await page.getByRole('link', { name: 'Open any:' }).waitFor();
  await page.keyboard.press('n');
  await page.keyboard.type('nmp-no-such-program test');
  await page.keyboard.press('Enter');
  const problem = page.getByRole('alert').filter({ hasText: 'nmp-no-such-program' });
  await problem.waitFor();
  expect(await problem.textContent()).not.toContain('/bin');
  const overflow =
    'document.querySelector("dialog").scrollWidth - document.querySelector("dialog").clientWidth';
  expect(await page.evaluate(overflow)).toBe(0);
  await page.getByRole('button', { name: 'Start' }).click({ trial: true });
});

test('selected sessions are opened side by side, and the keys go to the one that has the focus', async ({
  pilotty,
  web,
}) => {
  for (const name of ['left', 'right', 'other']) await pilotty.spawn(name, ['cat']);
  const page = await web.visitLoggedIn();
  for (const name of ['left', 'right']) await page.getByLabel(`Select ${name}`).check();
  await page.getByRole('button', { name: 'Open side by side' }).click();
  const pane = (name: string) => page.getByRole('region', { name, exact: true });
  await pane('right').locator('.xterm-rows').waitFor();
  await pane('left').locator('.xterm-rows').waitFor();
  // Also in the one that has never had the focus.
  await pane('right').locator('.xterm-cursor-outline').waitFor({ state: 'attached' });
  await pane('right').locator('.xterm-screen').click();
  await page.keyboard.type('to the right\n');
  await pane('right').locator('.xterm-rows').getByText('to the right').first().waitFor();
  await page.getByRole('heading', { name: 'right' }).waitFor();
  await pane('left').locator('.xterm-screen').click();
  await page.keyboard.type('to the left\n');
  await pane('left').locator('.xterm-rows').getByText('to the left').first().waitFor();

  await page.getByRole('button', { name: 'Sessions beside' }).click();
  await page.getByRole('button', { name: 'Open other beside' }).click();
  await pane('other').locator('.xterm-rows').waitFor();
  await page.getByRole('button', { name: 'Show as tabs' }).click();
  await page
    .getByRole('navigation', { name: 'Open sessions' })
    .getByRole('button', { name: 'right' })
    .click();
  await pane('left').waitFor({ state: 'hidden' });
  await pane('right').waitFor();
  await page.getByRole('button', { name: 'Sessions beside' }).click();
  await page.getByRole('button', { name: 'Show side by side' }).click();
  await pane('right').getByRole('button', { name: 'Only right' }).click();
  await pane('left').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Shift+E');
  await openSession(page, 'other');
});

async function focusedCard(page: Page): Promise<string | undefined> {
  return page.evaluate<string | undefined>(
    'document.activeElement.closest(".card, .row")?.getAttribute("data-session") ?? undefined',
  );
}
