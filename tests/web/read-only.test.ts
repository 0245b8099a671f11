/** A login that may only look, by a token of `serve --share`. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../harness/until.ts';
import { openSession, seeRow, test } from './browser.ts';

const ASKS = ['/bin/sh', '-c', 'printf "Go on? [y/n] "; read -r word; exec cat'];

test('a shared login looks, is offered nothing else and told so, and logs out', async ({ pilotty, web }) => {
  web.expectComplaint(/401|Authentication failed/);
  await pilotty.spawn('asks', ASKS, { tags: ['one', 'demo'] });
  await pilotty.spawn('ended', ['/bin/sh', '-c', 'exit 3']);
  await pilotty.run('wait-for', '-s', 'asks', 'Go on?');
  const { url } = (await pilotty.run('serve', '--share')).json() as { url: string };
  const page = await web.visit(url);
  await page.locator('[data-waiter="asks"]').getByText('Go on?').waitFor();
  await page.locator('.card[data-session="ended"]').waitFor();
  await page.getByText('Read-only', { exact: true }).waitFor();
  expect(await offered(page)).toEqual([]);
  await page.getByRole('checkbox', { name: 'Select asks' }).check();
  await page.getByText('1 selected').waitFor();
  expect(await offered(page)).toEqual([]);
  await page.getByRole('checkbox', { name: 'Select asks' }).uncheck();
  await page.getByRole('link', { name: 'Open asks:' }).focus();
  await page.keyboard.press('x');
  await page.getByText('This login may only look: nothing was sent.').waitFor();

  const { seq } = await pilotty.client.request('session.status', { session: 'asks' });
  await openSession(page, 'asks');
  await seeRow(page, 'Go on?');
  await page.keyboard.type('y\n');
  await page.getByRole('alert').getByText('This login may only look: nothing was sent.').waitFor();
  await page.getByText('Read-only', { exact: true }).waitFor();
  expect(await offered(page)).toEqual([]);
  await pilotty.run('take', '-s', 'asks', '--as', 'ada', '--for', '5m');
  await page.getByText('ada has the keyboard').waitFor();
  expect(await offered(page)).toEqual([]);

  await page.keyboard.press('Control+Shift+K');
  const commands = page.getByRole('dialog');
  await commands.getByRole('option').filter({ hasText: 'All sessions' }).waitFor();
  expect((await commands.getByRole('option').allTextContents()).filter((text) => CHANGES.test(text))).toEqual(
    [],
  );
  expect((await pilotty.client.request('session.status', { session: 'asks' })).seq).toBe(seq);
  await commands.getByRole('option').filter({ hasText: 'Log out' }).click();
  await page.getByText('You are logged out.').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
});

test('a login for one session sees that one, and goes on seeing it', async ({ pilotty, web }) => {
  await pilotty.spawn('shown', ['/bin/cat']);
  await pilotty.spawn('hidden', ['/bin/cat']);
  const { url } = (await pilotty.run('serve', '--share', '-s', 'shown')).json() as { url: string };
  const page = await web.visit(url);
  await page.locator('.card[data-session="shown"]').waitFor();
  expect(await page.locator('.card').count()).toBe(1);
  await openSession(page, 'shown');
  await pilotty.run('type', '-s', 'shown', 'good morning\n');
  await seeRow(page, 'good morning');
  await page.keyboard.press('Control+Shift+E');
  await until('the list', async () => (await page.locator('.card').count()) === 1);
});

const CHANGES =
  /new session|rename|tag|kill|dismiss|run again|keyboard of|take the|size of|start it|^y$|^n$/i;

/** The names of what can be pressed, and changes something. */
async function offered(page: Page): Promise<string[]> {
  // Toasts, which are dismissed, stand outside of these.
  const names = await page
    .locator(':is(main, aside, header) button:enabled')
    .evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent ?? ''),
    );
  return names.filter((name) => CHANGES.test(name));
}
