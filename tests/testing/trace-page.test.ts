/** The page of a failed test, in a real browser that is offline. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { needs, pathOf } from '../harness/programs.ts';
import { expectScreen, launch } from './built.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('a failed test is shown with its steps, its screens and its log, without a network', async () => {
  const executablePath = ['chromium', 'google-chrome'].map(pathOf).find((path) => path !== undefined);
  if (executablePath === undefined) needs('chromium');
  const screen = await launch('sh', {
    title: 'asks <b>who</b>',
    args: [
      '-c',
      'echo "who are you?" | tee app.log; read name; printf "\\033[1;32mhello, $name\\033[0m\\n"; cat',
    ],
    logs: ['app.log'],
    traceDirectory: join(temporaryDirectory(), 'traces'),
  });
  await expectScreen(screen).toShow('who are you?');
  await screen.type('Ada', { enter: true });
  await expectScreen(screen).toShow('hello, Ada');
  await expectScreen(screen)
    .toShow('good-bye', { timeout: 200 })
    .catch(() => {});
  const path = await screen.saveTrace();
  await screen.close();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await (await browser.newContext({ offline: true })).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`file://${path}`);
    expect(await page.locator('h1').textContent()).toBe('failedasks <b>who</b>');
    expect(await page.locator('#failure').textContent()).toContain(
      'toShow("good-bye") failed: not shown within 200 ms',
    );
    expect(await page.locator('.step > span').allInnerTexts()).toEqual([
      'toShow("who are you?")',
      'type "Ada", Enter',
      'toShow("hello, Ada")',
      'toShow("good-bye")',
    ]);
    const shown = page.locator('#screen div').filter({ hasText: 'hello, Ada' }).locator('span').first();
    expect(await shown.getAttribute('style')).toContain('font-weight: bold');
    await page.locator('.step').first().click();
    expect(await page.locator('#screen').textContent()).not.toContain('hello');
    await page.getByRole('tab', { name: 'app.log' }).click();
    expect(await page.locator('#tab').textContent()).toBe('who are you?\n');
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
