/** What needs a person is listed, and nothing else is: one browser on sessions of every kind. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { openSession, test } from './browser.ts';

/** Asks; prints while it is told to; and asks again. */
const ASKER =
  'while :; do printf "Deploy to production? [y/n] "; read answer; echo "got $answer"; ' +
  'if [ "$answer" = n ]; then i=0; while [ ! -e stop ]; do echo line $i; i=$((i+1)); sleep 0.2; done; fi; done';

test('questions, passwords, failures and ends are listed by urgency; prompts, editors and busy programs are not', async ({
  pilotty,
  web,
}) => {
  await Promise.all([
    pilotty.spawn('shell', ['sh']),
    pilotty.spawn('reader', ['cat']),
    pilotty.spawn('keys', program('echo-keys.cjs')),
    pilotty.spawn('busy', ['sh', '-c', 'while :; do echo line; sleep 0.1; done']),
    pilotty.spawn('asks', ['sh', '-c', ASKER]),
    pilotty.spawn('secret', ['sh', '-c', 'printf "Password: "; stty -echo; read word; stty echo; exec cat']),
    pilotty.spawn('broken', ['sh', '-c', 'echo "2 tests failed"; exit 2']),
    pilotty.spawn('built', ['sh', '-c', 'echo "build done"; exit 0']),
    pilotty.spawn('rings', ['sh', '-c', 'sleep 1; printf "look at this\\a\\n"; exec cat']),
    pilotty.spawn('killed', ['cat']),
  ]);
  await pilotty.run('kill', '-s', 'killed');
  const page = await web.visitLoggedIn();
  // Filtered away, and so out of sight.
  await page.getByLabel('Filter sessions').fill('shell');
  const panel = page.getByRole('complementary', { name: 'waiting for you' });
  let shown: [string, string][] = [];
  const lastSeen = () => JSON.stringify(shown);
  const hasAll = async () => {
    shown = await listed(page);
    return shown.length === 5;
  };
  await until('all of them', hasAll, { lastSeen });
  expect((await listed(page)).map(([name, level]) => `${name} ${level}`).sort()).toEqual([
    'asks asks',
    'broken failed',
    'built finished',
    'rings asks',
    'secret asks',
  ]);
  expect((await listed(page)).map(([, level]) => level)).toEqual([
    'asks',
    'asks',
    'asks',
    'failed',
    'finished',
  ]);
  await page.waitForFunction('document.title.startsWith("(4)")');
  await panel.getByText('2 tests failed').waitFor();
  await panel.getByText('Deploy to production? [y/n]').waitFor();

  // Answered beside the question, which is asked anew and so waits anew.
  const answers = page.getByRole('group', { name: 'Answers to asks' });
  await answers.getByRole('button', { name: 'y', exact: true }).click();
  await until('the answer', async () => (await screenOf(pilotty, 'asks')).includes('got y'));

  // It prints without a pause, out of sight, and is not said to wait.
  await until('the question again', async () => (await names(page)).includes('asks'));
  await answers.getByRole('button', { name: 'n', exact: true }).click();
  await until('it to print', async () => (await screenOf(pilotty, 'asks')).includes('line 9'));
  await until('it to wait no longer', async () => !(await names(page)).includes('asks'));
  expect(await names(page)).not.toContain('busy');

  // A failure is kept until it was seen; a question until it is answered.
  await page.reload();
  await until('the failure', async () => (await names(page)).includes('broken'));
  await page.locator('[data-waiter=broken] a').click();
  await page.getByText('This is its last screen.').waitFor();
  await page.goBack();
  await page.locator('[data-waiter=secret] a').click();
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await page.goBack();
  await until('the failure to be seen', async () => {
    const shown = await names(page);
    return shown.includes('secret') && !shown.includes('broken');
  });
  await page.getByRole('button', { name: 'Put secret aside' }).click();
  await page.getByRole('button', { name: 'built was seen' }).click();
  await until('both to be off', async () => (await names(page)).join() === 'rings');
  // Nor is it counted, named or found as waiting anywhere else.
  await page.waitForFunction('document.title.startsWith("(1)")');
  await page.getByRole('button', { name: 'Waiting 1', exact: true }).click();
  await page.getByRole('link', { name: 'Open rings:' }).waitFor();
  expect(await page.locator('.card').count()).toBe(1);
});

test('a failure is listed until it was seen, although the daemon has forgotten the session', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('stays', ['cat']);
  await pilotty.spawn('broken', ['sh', '-c', 'echo "2 tests failed"; exit 2']);
  const page = await web.visitLoggedIn();
  await page.locator('[data-waiter=broken]').getByText('2 tests failed').waitFor();
  await pilotty.run('gc');
  await page.getByRole('button', { name: 'New session' }).focus();
  // Another event, after which the list is another.
  await pilotty.run('rename', '-s', 'stays', 'stayed');
  await page.getByRole('link', { name: 'Open broken:' }).waitFor({ state: 'detached' });
  await page.locator('[data-waiter=broken]').getByText('2 tests failed').waitFor();
  await page.reload();
  await page.locator('[data-waiter=broken]').getByText('exited with 2').waitFor();
  await page.getByRole('button', { name: 'broken was seen' }).click();
  await page.getByText('Nothing needs you').waitFor();
  await page.reload();
  await openSession(page, 'stayed');
  await page.keyboard.press('Control+Shift+E');
  await page.getByText('Nothing needs you').waitFor();
});

test('nothing waits while the gateway is away', async ({ pilotty, web }) => {
  web.expectComplaint(/net::ERR_|WebSocket connection|401|Authentication failed/);
  await pilotty.spawn('asks', ['sh', '-c', 'printf "Go on? [y/n] "; read word; exec cat']);
  const page = await web.visitLoggedIn();
  await page.locator('[data-waiter=asks]').waitFor();
  await web.stopGateway();
  await page.getByText('Reconnecting.').waitFor();
  await page.getByText('Nothing needs you').waitFor();
});

async function listed(page: Page): Promise<[string, string][]> {
  return page
    .locator('.waiter')
    .evaluateAll((all) => all.map((each) => [each.dataset.waiter ?? '', each.dataset.level ?? '']));
}

async function names(page: Page): Promise<string[]> {
  return (await listed(page)).map(([name]) => name);
}

async function screenOf(pilotty: { run(...words: string[]): Promise<{ stdout: string }> }, name: string) {
  return (await pilotty.run('snapshot', '-s', name, '--format', 'text')).stdout;
}
