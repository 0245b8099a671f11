/** A phone: fingers scroll and select, and the keys that its keyboard lacks are there. */
import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { openSession, rowsOf, seeRow, test } from './browser.ts';

const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

const TOASTS_COVER_KEYS = `[...document.querySelectorAll('.toast')].some((toast) =>
  toast.getBoundingClientRect().bottom > document.querySelector('.key-bar').getBoundingClientRect().top)`;

test('a swipe scrolls what has scrolled off, a long press selects it for copying', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('long', ['sh', '-c', 'seq -f "line %g." 60; exec cat']);
  const page = await web.visitLoggedIn({ ...PHONE, permissions: ['clipboard-read', 'clipboard-write'] });
  await openSession(page, 'long');
  await seeRow(page, 'line 60.');
  const touch = await page.context().newCDPSession(page);
  const middle = await placeOf(page, 12);
  await until('the first lines', async () => {
    await swipe(touch, middle, 150);
    return (await rowsOf(page).first().textContent())?.includes('line 1.') === true;
  });
  await until('the last lines again', async () => {
    await swipe(touch, middle, -150);
    return (await page.locator('.xterm-rows').textContent())?.includes('line 60.') === true;
  });
  // A finger stops what still glides.
  await swipe(touch, middle, 0);

  const shown = (await rowsOf(page).nth(5).textContent())?.trim() ?? '';
  const row = await placeOf(page, 5);
  const word = { x: row.left + 4, y: row.y };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [word] });
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.getByRole('button', { name: 'Copy', exact: true }).tap();
  await page.getByText('Copied.').waitFor();
  // What is said does not lie on the keys.
  expect(await page.evaluate<boolean>(TOASTS_COVER_KEYS)).toBe(false);
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(shown.split(' ')[0]);
});

test('a swipe in a program that scrolls by itself is its wheel', async ({ pilotty, web }) => {
  await pilotty.spawn('mouse', program('echo-keys.cjs', '?1000h', '?1006h'));
  const page = await web.visitLoggedIn(PHONE);
  await openSession(page, 'mouse');
  await seeRow(page, 'ready');
  const touch = await page.context().newCDPSession(page);
  const middle = await placeOf(page, 12);
  await swipe(touch, middle, 150);
  // ESC [ < 64: the wheel, upwards.
  await until('the wheel', async () =>
    (await page.locator('.xterm-rows').textContent())?.includes('1b5b3c3634'),
  );
});

test('Ctrl and Alt hold for the next key, whichever keyboard it comes from; the first key fits the session', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('keys', program('echo-keys.cjs'));
  const page = await web.visitLoggedIn(PHONE);
  await openSession(page, 'keys');
  await seeRow(page, 'ready');
  const keys = page.getByRole('toolbar', { name: 'Keys' });
  const press = (name: string) => keys.getByRole('button', { name, exact: true }).tap();
  await press('Hold Ctrl for the next key');
  await page.keyboard.type('a');
  await seeRow(page, '01');
  await press('Hold Alt for the next key');
  await page.keyboard.type('b');
  await seeRow(page, '1b62');
  await page.keyboard.type('c');
  await seeRow(page, '63');
  await press('⇧Tab: Shift+Tab');
  await seeRow(page, '1b5b5a');
  // From here on what is shown is folded at the width of the phone.
  const hasRead = (bytes: string) =>
    until(bytes, async () => {
      const { stdout } = await pilotty.run('snapshot', '-s', 'keys', '--format', 'text');
      return stdout.replaceAll('\n', '').includes(bytes);
    });
  await press('Hold Ctrl for the next key');
  await press('→: Right');
  await hasRead('1b5b313b3543');
  await press('Fn: function keys');
  await press('F5');
  await hasRead('1b5b31357e');
  await until('the size of the phone', async () => {
    return (await pilotty.run('status', '-s', 'keys')).json().size.cols < 80;
  });
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
});

async function placeOf(page: Page, row: number): Promise<{ x: number; y: number; left: number }> {
  const box = await rowsOf(page).nth(row).boundingBox();
  if (box === null) throw new Error('the terminal is not shown');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, left: box.x };
}

/** Downwards, by so many pixels. */
async function swipe(touch: CDPSession, { x, y }: { x: number; y: number }, pixels: number): Promise<void> {
  const steps = 4;
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  for (let step = 1; step <= steps; step++) {
    const touchPoints = [{ x, y: y + (pixels * step) / steps }];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints });
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
