/** Getting in, and staying connected. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { until } from '../harness/until.ts';
import { openSession, seeRow, test } from './browser.ts';

test('without the token nothing is shown, and a wrong token is refused', async ({ pilotty, web }) => {
  web.expectComplaint(/401|Authentication failed/);
  await pilotty.run('spawn', '--name', 'secret', 'cat');
  const page = await web.visit(web.url);
  await page.getByLabel('Token').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.getByText('secret').count()).toBe(0);
  await page.getByLabel('Token').fill(await web.token());
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Open secret:' }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Open secret:' }).waitFor();
});

test('a ticket opens the page once and leaves no trace in the address', async ({ pilotty, web }) => {
  web.expectComplaint(/401|Authentication failed/);
  await pilotty.run('spawn', '--name', 'shown', 'cat');
  const ticket = await web.ticketUrl();
  const page = await web.visit(ticket);
  await page.getByRole('link', { name: 'Open shown:' }).waitFor();
  expect(page.url()).toBe(web.url);
  const other = await web.visit(ticket);
  await other.getByLabel('Token').waitFor();
  await other.getByRole('alert').filter({ hasText: 'This link has expired' }).waitFor();
  // Only the fragment of the address changes, in the tab that asks for the token.
  await other.goto(await web.ticketUrl());
  await other.getByRole('link', { name: 'Open shown:' }).waitFor();
  expect(other.url()).toBe(web.url);
});

test('the page finds the next daemon when its own was killed', async ({ pilotty, web }) => {
  await pilotty.run('spawn', '--name', 'before', 'cat');
  const page = await web.visitLoggedIn();
  await openSession(page, 'before');
  await page.keyboard.type('typed before\n');
  await seeRow(page, 'typed before');
  process.kill((await pilotty.run('info')).json().pid, 'SIGKILL');
  await page.getByText('The daemon was stopped.').waitFor();
  await pilotty.run('spawn', '--name', 'after', 'cat');
  await page.getByText('1 session went with the one before.').waitFor();
  await page.getByText('This session is no more.').waitFor();
  await page.getByRole('heading', { name: 'before' }).waitFor();
  await page.getByRole('link', { name: 'All sessions' }).click();
  await page.getByRole('link', { name: 'Open after:' }).waitFor();
  expect(await page.getByRole('link', { name: 'Open before:' }).count()).toBe(0);
  await openSession(page, 'after');
  await page.keyboard.type('typed after\n');
  await seeRow(page, 'typed after');
});

for (const away of ['stopGateway', 'killGateway'] as const)
  test(`while the gateway is away the page says so, and goes on where it was when it is back: ${away}`, async ({
    pilotty,
    web,
  }) => {
    web.expectComplaint(/net::ERR_|WebSocket connection|401|Authentication failed/);
    await pilotty.run('spawn', '--name', 'kept', 'cat');
    const page = await web.visitLoggedIn();
    await openSession(page, 'kept');
    await web[away]();
    await page.getByText('Reconnecting.').waitFor();
    await web.startGateway(new URL(web.url).host);
    // Logged in as before: nothing is asked of the person.
    await page.getByText('Reconnecting.').waitFor({ state: 'hidden' });
    await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
    await page.keyboard.type('and goes on\n');
    await seeRow(page, 'and goes on');
    await until('the program to have it', async () => {
      return (await pilotty.run('snapshot', '-s', 'kept', '--format', 'text')).stdout.includes('and goes on');
    });
  });

test('a daemon that was stopped stays stopped while a page is open, and is started by who asks for it', async ({
  pilotty,
  web,
}) => {
  await pilotty.run('spawn', '--name', 'before', 'cat');
  const page = await web.visitLoggedIn();
  await page.getByRole('link', { name: 'Open before:' }).waitFor();
  const tries = page.waitForEvent('websocket', (socket) => socket.url().includes('start=false'));
  await pilotty.run('stop');
  await page.getByText('The daemon was stopped.').waitFor();
  // It has looked for one since.
  await tries;
  await page.getByText('The daemon was stopped.').waitFor();
  expect(existsSync(join(pilotty.socketDir, 'pilotty.sock'))).toBe(false);
  await page.getByRole('button', { name: 'Start it' }).click();
  await page.getByText('1 session went with the one before.').waitFor();
});
