/** A person at the page, a script, and the keyboard of one session between them. */
import { expect } from 'vitest';
import { until } from '../harness/until.ts';
import { openSession, seeRow, test } from './browser.ts';

const ASKS = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  'stty -echo; printf "password: "; read -r answer; stty echo; echo; echo "accepted ${#answer} letters"',
  'read -r more; echo "got $more"; read -r last',
].join('\n');

test('a script hands a prompt for a password to a person at the page, and gets the screen', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('deploy', ['/bin/sh', '-c', ASKS]);
  await pilotty.run('wait-for', '-s', 'deploy', 'password:');
  const page = await web.visitLoggedIn();
  const needs = page.locator('[data-waiter="deploy"]');
  const words = ['--until-released', '--message', 'please enter the sudo password', '-f', 'text'];
  const script = pilotty.run('hand-over', '-s', 'deploy', '--as', 'release.sh', ...words);
  await needs.filter({ hasText: 'please enter the sudo password' }).waitFor();
  expect(await needs.getAttribute('data-level')).toBe('asks');
  await needs.getByText('release.sh hands the keyboard to you').waitFor();

  await needs.getByRole('button', { name: 'Take the keyboard' }).click();
  await page.getByText('You have the keyboard.').waitFor();
  const status = await pilotty.client.request('session.status', { session: 'deploy' });
  expect(status.keyboard).toMatchObject({
    holder: expect.stringMatching(/^web\[\d+\]$/),
    hand_over: { by: 'release.sh' },
  });
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.type('hunter2\n');
  await seeRow(page, 'accepted 7 letters');
  await page.getByRole('button', { name: 'Hand it back' }).click();
  const { code, stdout } = await script;
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('accepted 7 letters') });
  await page.getByText('You have the keyboard.').waitFor({ state: 'detached' });

  // And again, from outside of the page: who has it, what that means for typing, and how it is got back.
  await pilotty.run('take', '-s', 'deploy', '--as', 'ada', '--for', '5m');
  await page.getByText('ada has the keyboard; what you type is not sent.').waitFor();
  await page.locator('.terminal-place').click();
  await page.keyboard.type('x');
  await page
    .getByRole('alert')
    .getByText("ada has the keyboard of session 'deploy'; nothing was sent")
    .waitFor();
  await page.getByRole('button', { name: 'Take the keyboard' }).click();
  await page.getByText('You have the keyboard.').waitFor();
  expect(await pilotty.run('type', '-s', 'deploy', 'no', '--as', 'ada')).not.toMatchObject({ code: 0 });
  await page.keyboard.type('mine\n');
  await seeRow(page, 'got mine');
  await page.getByRole('button', { name: 'Release it' }).click();
  await until(
    'the keyboard to be free',
    async () => (await pilotty.client.request('session.status', { session: 'deploy' })).keyboard === null,
  );
});

test('a page that is opened later is told of a hand-over; one that is closed gives the keyboard back', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('deploy', ['/bin/cat']);
  await pilotty.run('hand-over', '-s', 'deploy', '--as', 'release.sh', '--message', 'approve this');
  const page = await web.visitLoggedIn();
  await page.locator('[data-waiter="deploy"]').getByText('approve this').waitFor();
  await openSession(page, 'deploy');
  await page.getByText('release.sh hands over: approve this').waitFor();
  await page.getByRole('button', { name: 'Take the keyboard' }).click();
  await page.getByRole('button', { name: 'Hand it back' }).waitFor();
  await page.context().close();
  await until(
    'the keyboard to be free',
    async () => (await pilotty.client.request('session.status', { session: 'deploy' })).keyboard === null,
  );
});

test('who is attached is named on the tile and above the terminal, until they leave', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('shared', ['/bin/cat']);
  const attach = async (asked: { read_only?: boolean }) => {
    const left = new AbortController();
    await new Promise<void>((resolve, reject) => {
      const options = { signal: left.signal, onEvent: () => resolve() };
      pilotty.client.request('session.attach', { session: 'shared', ...asked }, options).catch((error) => {
        if (!left.signal.aborted) reject(error as Error);
      });
    });
    return () => left.abort();
  };
  // One before the page is opened, and one after.
  const leave = await attach({ read_only: true });
  const { attached } = await pilotty.client.request('session.status', { session: 'shared' });
  const label = attached[0]?.client ?? '';
  const page = await web.visitLoggedIn();
  const card = page.locator('.card[data-session="shared"]');
  await card.getByText(`attached: ${label} (looks only)`).waitFor({ state: 'attached' });
  await openSession(page, 'shared');
  await page.getByText(`attached: ${label} (looks only)`).waitFor({ state: 'attached' });
  const leaveToo = await attach({});
  await page.getByTitle(`Attached: ${label}, ${label} (looks only)`).waitFor();
  leave();
  leaveToo();
  await page.getByText('attached:').waitFor({ state: 'detached' });
});

test('a page that has a session open is listed as attached: one that looks only, until it types', async ({
  pilotty,
  web,
}) => {
  const id = await pilotty.spawn('shared', ['/bin/cat']);
  const attached = async () =>
    (await pilotty.client.request('session.status', { session: id })).attached.map(
      ({ client, read_only: isReadOnly }) => `${client.replace(/\d+/, 'n')} ${isReadOnly}`,
    );
  const page = await web.visitLoggedIn();
  const card = page.locator('.card[data-session="shared"]');
  await card.waitFor();
  expect(await attached()).toEqual([]);
  await openSession(page, 'shared');
  await until('it to be listed', async () => (await attached()).join() === 'web[n] true');

  // Others see it, on the tile too, where it is neither work nor a reason to look.
  const { url } = (await pilotty.run('serve', '--share')).json() as { url: string };
  const other = await web.visit(url);
  await other
    .locator('.card[data-session="shared"]')
    .getByText(/^attached: web\[\d+\] \(looks only\)$/)
    .waitFor({ state: 'attached' });
  await openSession(other, 'shared');
  await until('both to be listed', async () => (await attached()).join() === 'web[n] true,web[n] true');
  const named = page.getByText(/^attached: web\[\d+\] \(looks only\)$/);
  await named.waitFor({ state: 'attached' });
  expect((await pilotty.client.request('session.status', { session: id })).seq).toBe(0);

  await page.keyboard.type('x');
  await other.getByText(/^attached: web\[\d+\]$/).waitFor({ state: 'attached' });
  expect((await attached()).sort()).toEqual(['web[n] false', 'web[n] true']);
  await other.context().close();
  await named.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Shift+E');
  await until('it to have left', async () => (await attached()).length === 0);
});

test('who comes and goes is no output of a session: what waits goes on to wait', async ({ pilotty, web }) => {
  const asks = 'printf "Go on? [y/n] "; read answer; exec cat';
  await pilotty.spawn('asks', ['/bin/sh', '-c', asks]);
  const page = await web.visitLoggedIn();
  await page.locator('[data-waiter=asks]').waitFor();
  const left = new AbortController();
  const { signal } = left;
  pilotty.client.request('session.attach', { session: 'asks' }, { signal }).catch(() => {});
  const card = page.locator('.card[data-session=asks]');
  await card.locator('.attached-sign').waitFor();
  await pilotty.run('take', '-s', 'asks', '--as', 'ada');
  await pilotty.run('release', '-s', 'asks', '--as', 'ada');
  left.abort();
  await card.locator('.attached-sign').waitFor({ state: 'detached' });
  expect(await page.locator('[data-waiter=asks]').count()).toBe(1);
});

test('what a program asks a person for is answered in a field that does not show it', async ({
  pilotty,
  web,
}) => {
  const asks = 'got=$("$SUDO_ASKPASS" "$0"); echo "status $?, length $(printf %s "$got" | wc -c)"; exec cat';
  await pilotty.spawn('deploy', ['/bin/sh', '-c', asks, 'Password of ada:'], { askpass: true });
  const page = await web.visitLoggedIn();
  const needs = page.locator('[data-waiter="deploy"]').filter({ hasText: 'needs a secret' });
  await needs.filter({ hasText: 'Password of ada:' }).waitFor();
  await openSession(page, 'deploy');
  const field = page.locator('.question-note input');
  expect(await field.getAttribute('type')).toBe('password');
  await field.fill('hunter2');
  await field.press('Enter');
  await seeRow(page, 'status 0, length 7');
  await field.waitFor({ state: 'detached' });
});
