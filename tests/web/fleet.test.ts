/** The page for a fleet: sessions of all hosts, a new one on a host, and what it says of a host that is gone. */
import { expect } from 'vitest';
import { TestFleet } from '../fleet/test-fleet.ts';
import { until } from '../harness/until.ts';
import { openSession, seeRow, test, Web } from './browser.ts';

test('sessions of all hosts are one page, on which a host that is gone is named', async ({ browser }) => {
  const fleet = new TestFleet();
  const web = new Web(fleet.pilotty, await browser.open());
  try {
    await fleet.nats.start();
    await Promise.all(['a', 'b'].map((name) => fleet.join(name)));
    await fleet.all('spawn', '--name', 'a/one', 'sh', '-c', 'echo of a; sleep 1000');
    await web.startGateway('127.0.0.1:0', '--fleet', fleet.address);
    const page = await web.visit(await web.ticketUrl());
    await page.locator('.card[data-session="a/one"]').waitFor();

    await page.getByRole('button', { name: 'New session' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Command').fill('cat');
    await dialog.getByLabel('Name').fill('b/typed');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.locator('.xterm').first().waitFor();
    await page.keyboard.type('across\n');
    await until('what was typed to arrive', async () =>
      (await fleet.all('snapshot', '-s', 'b/typed', '-f', 'text')).stdout.includes('across\nacross'),
    );
    await page.goto(`${web.url}#/`);
    await page.locator('.card[data-session="b/typed"]').waitFor();
    await until('the directory to have it', async () => {
      const { hosts } = (await fleet.all('info')).json();
      return hosts.every(({ sessions }: { sessions: number }) => sessions === 1);
    });

    await fleet.kill('b');
    await page.getByText('b does not answer.').waitFor();
    await page.getByText('with b/typed').waitFor();
    await page.locator('.card[data-session="b/typed"]').waitFor({ state: 'detached' });
    expect(await page.locator('.card[data-session="a/one"]').count()).toBe(1);
    await openSession(page, 'a/one');
    await seeRow(page, 'of a');

    await page.goto(`${web.url}#/`);
    await fleet.join('b');
    await page.locator('.card[data-session="b/typed"]').waitFor();
    await page.getByText('b does not answer.').waitFor({ state: 'detached' });
  } finally {
    await web.close();
    await web.stopGateway();
    await fleet.close();
  }
});
