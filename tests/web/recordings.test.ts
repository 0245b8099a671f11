/** Recordings in a browser: begun, marked and ended there, and played. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { openSession, rowsOf, seeRow, test } from './browser.ts';

/** Draws anew for each line that it reads: colours, wide characters, clusters of several, and the alternate screen. */
const DRAWING = `
  n=0
  while read -r word; do
    n=$((n+1))
    case $word in
      full) printf '\\033[?1049h\\033[2J\\033[5;10H\\033[1;31mfull %s\\033[0m' $n ;;
      back) printf '\\033[?1049l' ;;
      long) for i in 1 2 3; do printf 'abcdefghij 漢字 é 👩‍🚀 %s ' $i; done; printf '\\n' ;;
    esac
    printf '%s-%s\\n' $word $n
  done`;

test('a recording is begun, marked and ended on the page, and says so where its session is', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('build', ['/bin/sh', '-c', DRAWING]);
  const page = await web.visitLoggedIn();
  await page.locator('.card[data-session="build"]').waitFor();
  expect(await page.getByText('is being recorded').count()).toBe(0);
  await openSession(page, 'build');
  await page.getByRole('button', { name: 'Recordings' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('There are none.').waitFor();
  await dialog.getByRole('button', { name: 'Record…' }).click();
  const file = join(pilotty.home, 'from-page.cast');
  await dialog.getByLabel('File').fill('relative.cast');
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  // What is refused is said, and the form stays.
  await dialog.getByRole('alert').getByText('is no absolute path').waitFor();
  await dialog.getByLabel('File').fill(file);
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByText(`build is recorded into ${file}`).waitFor();
  await page.getByText('is being recorded').waitFor({ state: 'attached' });

  await page.getByRole('button', { name: 'Recordings' }).click();
  await dialog.getByRole('button', { name: 'Mark…' }).click();
  await dialog.getByLabel('Label').fill('half way');
  await dialog.getByRole('button', { name: 'Mark', exact: true }).click();
  await page.getByText(/^Marked at 0:\d\d\.$/).waitFor();
  await page.getByRole('button', { name: 'Recordings' }).click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByText('stopped').waitFor();
  await page.getByText('is being recorded').waitFor({ state: 'detached' });
  const { recordings } = await pilotty.client.request('recording.list', {});
  expect(recordings).toMatchObject([{ file, state: 'ended', ended_because: 'stopped', input: false }]);
  expect((await pilotty.run('replay', file, '--list-markers')).stdout).toContain('half way');
  await dialog.getByRole('link', { name: 'Play build' }).click();
  await page.getByRole('button', { name: /^0:\d\d half way/ }).waitFor();
});

test('the page plays a recording: at each marker its screen is that of replay --screen-at', async ({
  pilotty,
  web,
}) => {
  const file = join(pilotty.home, 'drawn.cast');
  const session = await pilotty.spawn('drawn', ['/bin/sh', '-c', DRAWING], {
    record: { file },
    size: { cols: 60, rows: 12 },
  });
  const type = async (word: string, shown: string) => {
    await pilotty.run('send', '-s', session, word, 'Enter');
    await pilotty.untilShown(shown, session);
  };
  const mark = (label: string) => pilotty.run('record', 'mark', '-s', session, label);
  await type('long', 'long-1');
  await mark('long lines');
  await pilotty.run('resize', '-s', session, '33', '12');
  await type('long', 'long-2');
  await mark('folded');
  await type('full', 'full-3');
  await mark('alternate screen');
  await type('back', 'back-4');
  await pilotty.run('resize', '-s', session, '70', '10');
  await mark('wide again');
  await type('last', 'last-5');
  await pilotty.run('record', 'stop', '-s', session);

  const page = await web.visitLoggedIn();
  await page.getByRole('button', { name: 'Recordings' }).click();
  await page.getByRole('link', { name: 'Play drawn' }).click();
  // It plays by itself, and to its end in no more time than that needs.
  await seeRow(page, 'long-1');
  await page.keyboard.press('End');
  await seeRow(page, 'last-5');
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  for (const label of ['folded', 'long lines', 'wide again', 'alternate screen']) {
    await page.getByRole('button', { name: label }).click();
    const expected = await screenAt(pilotty, file, `marker:${label}`);
    await until(`the screen at '${label}'`, async () => (await shownScreen(page)) === expected, {
      lastSeen: () => expected,
    });
    await page.locator('.marker[aria-current]', { hasText: label }).waitFor();
  }
  // On from the marker.
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await seeRow(page, 'last-5');
});

test('the player pauses, jumps, changes its speed and shortens pauses, by its controls and by keys', async ({
  pilotty,
  web,
}) => {
  const file = join(pilotty.home, 'slow.cast');
  const header = { version: 3, term: { cols: 40, rows: 5, type: 'xterm-256color' } };
  const session = await pilotty.spawn('slow', ['/bin/cat'], { record: { file } });
  await pilotty.run('record', 'stop', '-s', session);
  // A recording of an hour, in the place of the one that the daemon lists.
  const events = [
    [0, 'o', 'begin\r\n'],
    [600, 'm', 'ten minutes'],
    [0, 'o', 'middle\r\n'],
    [3000, 'o', 'end\r\n'],
    [0, 'x', '3'],
  ];
  writeFileSync(file, [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const page = await web.visitLoggedIn();
  await page.goto(`${web.url}#/recording/${encodeURIComponent(file)}`);
  await seeRow(page, 'begin');
  await page.getByText('/ 1:00:00').waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await page.keyboard.press(']');
  await page.getByText('10:00 / 1:00:00').waitFor();
  expect(await shownScreen(page)).toBe('begin');
  await page.keyboard.press('ArrowRight');
  await seeRow(page, 'middle');
  await page.getByText('10:05 / 1:00:00').waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.getByText('9:55 / 1:00:00').waitFor();
  await until('the screen before the marker', async () => (await shownScreen(page)) === 'begin');
  await page.getByRole('slider', { name: 'Position' }).fill('2000');
  await page.getByText('30:00 / 1:00:00').waitFor();
  await seeRow(page, 'middle');
  await page.getByLabel('Longest pause').selectOption({ label: 'Pauses of 1 s at most' });
  await page.getByText('/ 0:02').waitFor();
  await page.getByLabel('Longest pause').blur();
  await page.keyboard.press('+');
  expect(await page.getByLabel('Speed').inputValue()).toBe('2');
  await page.keyboard.press('Space');
  await seeRow(page, 'end');
  await page.getByText('The program ended with 3.').waitFor();
});

test('a login that may only look plays recordings and changes none; a file that is no recording of the daemon is not read', async ({
  pilotty,
  web,
}) => {
  const file = join(pilotty.home, 'shared.cast');
  await pilotty.spawn('shared', ['/bin/sh', '-c', 'echo look; exec cat'], { record: { file } });
  await pilotty.untilShown('look', 'shared');
  const { url } = (await pilotty.run('serve', '--share')).json() as { url: string };
  const page = await web.visit(url);
  await page.getByRole('button', { name: 'Recordings' }).click();
  await page.getByText('under way').waitFor();
  expect(await page.getByRole('button', { name: /Stop|Mark/ }).count()).toBe(0);
  await page.getByRole('link', { name: 'Play shared' }).click();
  await seeRow(page, 'look');
  await pilotty.run('send', '-s', 'shared', 'more', 'Enter', '--wait-text', 'more');
  await pilotty.run('record', 'stop', '-s', 'shared');
  await page.goto(`${web.url}#/recording/${encodeURIComponent('/etc/passwd')}`);
  await page.getByRole('alert').getByText("There is no recording '/etc/passwd' of this daemon").waitFor();
});

async function screenAt(pilotty: Pilotty, file: string, moment: string): Promise<string> {
  const { text } = (await pilotty.run('replay', file, '--screen-at', moment, '--json')).json() as {
    text: string;
  };
  return trimmed(text.split('\n'));
}

async function shownScreen(page: Page): Promise<string> {
  await page.locator('.terminal-place[data-seeking="false"]').waitFor();
  return trimmed(await rowsOf(page).allTextContents());
}

function trimmed(rows: readonly string[]): string {
  return rows
    .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
    .join('\n')
    .trimEnd();
}
