/** One session, watched and taken over in a browser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { commandLine } from '../../packages/protocol/src/shell-quote.ts';
import type { Pilotty } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { openSession, rowsOf, seeRow, test } from './browser.ts';

test('what is typed into vim on the page is on the disk once it is saved', async ({ pilotty, web }) => {
  needs('vim');
  await pilotty.run('spawn', '--name', 'notes', 'vim', '-u', 'NONE', '-N', 'todo.txt');
  const page = await web.visitLoggedIn();
  await openSession(page, 'notes');
  await seeRow(page, 'todo.txt');
  await page.keyboard.type('icall Ada — zwölf Uhr');
  await page.keyboard.press('Escape');
  await page.keyboard.type(':wq\n');
  await page.getByText('This is its last screen.').waitFor();
  expect(readFileSync(join(pilotty.home, 'todo.txt'), 'utf8')).toBe('call Ada — zwölf Uhr\n');
});

test('keys arrive as the program has asked for them, and what is pasted between brackets', async ({
  pilotty,
  web,
}) => {
  await pilotty.run('spawn', '--name', 'keys', '--', ...program('echo-keys.cjs', '?1h', '?2004h'));
  const page = await web.visitLoggedIn();
  await openSession(page, 'keys');
  await seeRow(page, 'ready');
  await page.keyboard.press('ArrowUp');
  await seeRow(page, '1b4f41');
  await page.keyboard.press('Control+k');
  await seeRow(page, '0b');
  await paste(page, 'a\nb');
  await seeRow(page, '1b5b3230307e610d621b5b3230317e');
});

test('the program has one answer to each question, although a terminal watches', async ({ pilotty, web }) => {
  // It asks for the device attributes and for the place of the cursor, once a viewer is attached.
  const asking = `read word; exec ${commandLine(program('echo-keys.cjs', 'c', '6n'))}`;
  await pilotty.run('spawn', '--name', 'asking', 'sh', '-c', asking);
  const page = await web.visitLoggedIn();
  await openSession(page, 'asking');
  await page.keyboard.type('go\n');
  await seeRow(page, 'ready');
  // What the page's terminal would answer, it would have sent before this.
  await page.keyboard.type('x');
  await seeRow(page, '78');
  const answers = (await screenOf(pilotty, 'asking')).match(/1b5b/g);
  expect(answers?.length).toBe(2);
});

test('two pages show one session, and the page that fits it last sets its size', async ({ pilotty, web }) => {
  await pilotty.run('spawn', '--name', 'shared', 'sh');
  const [one, other] = [await web.visitLoggedIn(), await web.visitLoggedIn()];
  await openSession(one, 'shared');
  await openSession(other, 'shared');
  await one.keyboard.type('echo from-$((40+2))\n');
  await seeRow(other, 'from-42');
  await other.keyboard.type('echo back-$((40+3))\n');
  await seeRow(one, 'back-43');

  await fitButton(one).click();
  const first = await until('another size', () => sizeUnlike(pilotty, 'shared', '80 × 24'));
  await other.setViewportSize({ width: 700, height: 500 });
  await fitButton(other).click();
  const second = await until('the other size', () => sizeUnlike(pilotty, 'shared', first));
  await one.getByRole('button', { name: `${second}: give`, pressed: false }).waitFor();
  expect(second).not.toBe('80 × 24');
});

test('a terminal that was fitted follows the window, and has its own size back afterwards', async ({
  pilotty,
  web,
}) => {
  await pilotty.run('spawn', '--name', 'follows', 'sh');
  const page = await web.visitLoggedIn();
  await openSession(page, 'follows');
  await fitButton(page).click();
  const large = await until('the size of the window', () => sizeUnlike(pilotty, 'follows', '80 × 24'));
  await page.setViewportSize({ width: 800, height: 500 });
  const small = await until('the new size', () => sizeUnlike(pilotty, 'follows', large));
  const [columns, rows] = small.split(' × ').map(Number) as [number, number];
  const [largeColumns, largeRows] = large.split(' × ').map(Number) as [number, number];
  expect([columns < largeColumns, rows < largeRows]).toEqual([true, true]);
  await page.keyboard.type('stty size\n');
  await seeRow(page, `${rows} ${columns}`);
  await page.keyboard.press('Control+Shift+E');
  await until('its own size', async () => (await sizeUnlike(pilotty, 'follows', small)) === '80 × 24');
});

test('the size that a session had is given back by a tab that is closed, and by the second of two who fitted it', async ({
  pilotty,
  web,
}) => {
  await pilotty.run('spawn', '--name', 'sized', 'cat');
  const [one, other] = [await web.visitLoggedIn(), await web.visitLoggedIn()];
  await openSession(one, 'sized');
  await openSession(other, 'sized');
  await fitButton(one).click();
  const first = await until('the first size', () => sizeUnlike(pilotty, 'sized', '80 × 24'));
  await other.setViewportSize({ width: 700, height: 500 });
  await fitButton(other).click();
  const second = await until('the second size', () => sizeUnlike(pilotty, 'sized', first));
  await one.getByRole('button', { name: `${second}: give`, pressed: false }).waitFor();
  await other.keyboard.press('Control+Shift+E');
  await one.getByRole('button', { name: `${first}: give`, pressed: true }).waitFor();
  await one.close({ runBeforeUnload: true });
  await until('its own size', async () => (await sizeUnlike(pilotty, 'sized', first)) === '80 × 24');
});

test('a page that is loaded again shows the session as it was, with what has scrolled away', async ({
  pilotty,
  web,
}) => {
  await pilotty.run('spawn', '--name', 'long', 'sh', '-c', 'seq -f "line %g." 200; exec cat');
  const page = await web.visitLoggedIn();
  await openSession(page, 'long');
  await seeRow(page, 'line 200.');
  await page.reload();
  await seeRow(page, 'line 200.');
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.type('line 7.');
  await page.getByText('1 of 1').waitFor();
  await seeRow(page, 'line 7.');
  await page.keyboard.press('Escape');
  await page.keyboard.type('still typed\n');
  await seeRow(page, 'still typed');
  expect(await rowsOf(page).count()).toBe(24);
});

test('a link is opened by a click, in a page of its own', async ({ pilotty, web }) => {
  await pilotty.run('spawn', '--name', 'link', 'sh', '-c', `echo 'see ${web.url}health'; exec cat`);
  const page = await web.visitLoggedIn();
  await openSession(page, 'link');
  await seeRow(page, 'health');
  const row = await rowsOf(page).first().boundingBox();
  if (row === null) throw new Error('the terminal is not shown');
  const opened = page.context().waitForEvent('page');
  await page.mouse.move(row.x + 80, row.y + row.height / 2);
  await page.locator('.link-target', { hasText: 'health' }).waitFor();
  await page.mouse.click(row.x + 80, row.y + row.height / 2);
  expect((await opened).url()).toBe(`${web.url}health`);
});

function fitButton(page: Page): Locator {
  return page.getByRole('button', { name: 'give the terminal the size of this window' });
}

async function sizeUnlike(pilotty: Pilotty, session: string, size: string): Promise<string | undefined> {
  const { cols, rows } = (await pilotty.run('status', '-s', session)).json().size;
  const found = `${cols} × ${rows}`;
  return found === size ? undefined : found;
}

async function screenOf(pilotty: Pilotty, session: string): Promise<string> {
  return (await pilotty.run('snapshot', '-s', session, '--format', 'text')).stdout;
}

/** The event a browser emits when its user pastes. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.querySelector('.xterm-helper-textarea').dispatchEvent(event);
  }`);
}
