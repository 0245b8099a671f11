/** A person looks: nothing is typed, no wait of anyone else counts from it, and the session keeps what it has. */
import { expect } from 'vitest';
import { program } from '../harness/programs.ts';
import { openSession, seeRow, test } from './browser.ts';

test('a look between an act and its wait changes nothing, although the program asked for focus reports', async ({
  pilotty,
  web,
}) => {
  const answers = `printf '\\033[?1004h'; while read word; do echo "RESULT of $word"; printf '\\a'; done`;
  const id = await pilotty.spawn('agent', ['sh', '-c', answers]);
  await pilotty.client.request('session.type', {
    session: id,
    text: 'go',
    enter: true,
    wait: { text: 'RESULT of go', timeout_ms: 20_000 },
  });
  const acted = (await pilotty.client.request('session.status', { session: id })).seq;

  const page = await web.visitLoggedIn();
  await openSession(page, 'agent');
  await seeRow(page, 'RESULT of go');
  // The focus goes to the search, back to the terminal, and away with the page.
  await page.keyboard.press('Control+Shift+F');
  await page.getByLabel('Search screen and scrollback').press('Escape');
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('link', { name: 'Open agent:' }).waitFor();
  // Comes after all that the page sent before it, over the same connection.
  await openSession(page, 'agent');

  const wait = { session: id, timeout_ms: 0 };
  const text = await pilotty.client.request('session.wait', { ...wait, text: 'RESULT of go', new: true });
  const bell = await pilotty.client.request('session.wait', { ...wait, bell: true });
  expect([text.outcome, bell.outcome]).toEqual(['matched', 'matched']);
  expect((await pilotty.client.request('session.status', { session: id })).seq).toBe(acted);
});

test('what a program that asked for focus reports reads is what was typed, and nothing of the looks before', async ({
  pilotty,
  web,
}) => {
  await pilotty.spawn('keys', program('echo-keys.cjs', '?1004h'));
  const page = await web.visitLoggedIn();
  await openSession(page, 'keys');
  await seeRow(page, 'ready');
  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('link', { name: 'Open keys:' }).waitFor();
  await openSession(page, 'keys');
  await page.keyboard.type('x');
  await seeRow(page, '78');
  const screen = (await pilotty.run('snapshot', '-s', 'keys', '--format', 'text')).stdout;
  expect(screen).not.toContain('1b5b');
});
