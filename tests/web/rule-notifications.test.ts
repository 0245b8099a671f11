/** What a rule is to tell a person reaches the page: in front, and by the browser where it is not. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../harness/until.ts';
import { test } from './browser.ts';

interface Shown {
  title: string;
  body: string;
  tag: string;
}

/**
 * A browser without a desktop shows none: what the page asks it for is what counts. What is shown in the page goes away after some
 * seconds, and is noted as well.
 */
const RECORDER = `
  globalThis.shownNotifications = [];
  globalThis.shownToasts = [];
  globalThis.Notification = class {
    static permission = 'granted';
    constructor(title, { body, tag }) {
      shownNotifications.push({ title, body, tag });
    }
  };
  localStorage.setItem('pilotty.notify', 'true');
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes]))
      if (node.matches?.('.toast')) shownToasts.push(node.textContent);
  }).observe(document, { childList: true, subtree: true });`;

const TURN_AWAY = `
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  dispatchEvent(new Event('visibilitychange'));`;

async function reloadWithNotifications(page: Page): Promise<void> {
  await page.addInitScript(RECORDER);
  await page.reload();
  await page.locator('[data-session=build]').first().waitFor();
}

const shownBy = (page: Page) => page.evaluate<Shown[]>('shownNotifications');

async function untilToasts(page: Page, expected: string[]): Promise<void> {
  let seen: string[] = [];
  const hasAll = async () => {
    seen = await page.evaluate<string[]>('shownToasts');
    return seen.length >= expected.length;
  };
  await until('what the page shows', hasAll, { lastSeen: () => seen.join('; ') });
  expect(seen).toEqual(expected);
}

test('a rule with --notify is told in the page, and by the browser where another is in front; one without is not', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('build', ['sh', '-c', 'while read -r line; do echo "got $line"; done']);
  const on = async (...words: string[]) => (await pilotty.run('on', '-s', 'build', ...words)).json().rule;
  const told = await on('--each', '--regex', 'got (error|fault) .*', '--notify');
  const untold = await on('--each', '--text', 'got silence');
  const page = await web.visitLoggedIn();
  await reloadWithNotifications(page);
  const print = (line: string) =>
    pilotty.run('type', '-s', 'build', line, '--enter', '--wait-text', `got ${line}`);
  await print('silence one');
  await print('error one');
  await untilToasts(page, ['build: got error one']);
  expect(await shownBy(page)).toEqual([]);

  await page.evaluate(TURN_AWAY);
  await print('silence two');
  await print('fault two');
  await until('the notification', async () => (await shownBy(page)).length > 0);
  const [{ session_id: id }] = (await pilotty.run('ls'))
    .json()
    .sessions.map(({ id: session_id }: { id: string }) => ({ session_id }));
  expect(await shownBy(page)).toEqual([
    { title: 'build: got fault two', body: expect.stringMatching(`^Rule ${told} of `), tag: `${told} ${id}` },
  ]);
  // What happened before the page was opened is told by none.
  await page.reload();
  await page.locator('[data-session=build]').first().waitFor();
  await print('error three');
  await untilToasts(page, ['build: got error three']);
  expect(await shownBy(page)).toEqual([]);
  await page.getByRole('button', { name: 'Events' }).click();
  await page.getByText(`rule ${untold} fired: got silence two`).waitFor();
});
