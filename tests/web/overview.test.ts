/** All sessions at a glance. */
import { expect } from 'vitest';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { openSession, test } from './browser.ts';

test('sessions appear as they are started, by tag, and are found by typing', async ({ pilotty, web }) => {
  const page = await web.visitLoggedIn();
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await pilotty.run('spawn', '--name', 'api', '--tag', 'deploy', 'cat');
  await pilotty.run('spawn', '--name', 'unit', '--tag', 'test', 'cat');
  await pilotty.run('spawn', '--name', 'plain', 'cat');
  await page.getByRole('link', { name: 'Open plain:' }).waitFor();
  const groups = page.getByRole('main').getByRole('region');
  expect(await groups.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))).toEqual([
    'deploy',
    'test',
    'No tag',
  ]);
  await page.keyboard.press('/');
  await page.keyboard.type('#dep');
  await page.getByRole('link', { name: 'Open plain:' }).waitFor({ state: 'detached' });
  expect(await page.getByRole('article').count()).toBe(1);
});

test('a miniature shows what the program draws', async ({ pilotty, web }) => {
  const paint = 'printf "\\033[41m\\033[2J\\033[H"; read word; printf "\\033[44m\\033[2J"; exec cat';
  await pilotty.run('spawn', '--name', 'painter', 'sh', '-c', paint);
  const page = await web.visitLoggedIn();
  await page.locator('[data-session=painter] canvas').waitFor();
  // As text, because it runs where there is a document; these tests run where there is none.
  const pixel = `[...document.querySelector('canvas').getContext('2d').getImageData(20, 20, 1, 1).data]`;
  const colour = async () => {
    const [red = 0, , blue = 0] = await page.evaluate<number[]>(pixel);
    return red > blue ? 'red' : blue > 100 ? 'blue' : 'neither';
  };
  await until('red', async () => (await colour()) === 'red');
  await pilotty.run('type', '-s', 'painter', '--enter', 'go');
  await until('blue', async () => (await colour()) === 'blue');
});

test('looking at miniatures does not change which session is the most recently used', async ({
  pilotty,
  web,
}) => {
  await pilotty.run('spawn', '--name', 'watched', ...program('echo-keys.cjs'));
  await pilotty.run('spawn', '--name', 'used', ...program('echo-keys.cjs'));
  const page = await web.visitLoggedIn();
  await page.getByRole('link', { name: 'Open watched:' }).waitFor();
  const looks = page.waitForEvent('websocket');
  await page.reload();
  const socket = await looks;
  await socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('"screen_state"'));
  expect((await pilotty.run('key', 'a')).json().session).toBe('used');
});

test('of many sessions only those in sight are looked at', async ({ pilotty, web }) => {
  const names = Array.from({ length: 40 }, (_, index) => `many-${index + 10}`);
  await Promise.all(names.map((name) => pilotty.run('spawn', '--name', name, 'cat')));
  const looked = new Set<string>();
  const page = await web.visitLoggedIn();
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { method, params } = JSON.parse(String(payload));
      if (method === 'session.snapshot') looked.add(params.session);
    });
  });
  await page.reload();
  await page.locator('[data-session=many-49]').waitFor();
  const tops = `[...document.querySelectorAll('canvas')].map((each) => each.getBoundingClientRect().top / innerHeight)`;
  const inSight = (await page.evaluate<number[]>(tops)).filter((top) => top < 1).length;
  await until('those in sight to be looked at', () => looked.size >= inSight);
  expect(looked.size).toBeLessThan(names.length);
  await page.locator('[data-session=many-49]').scrollIntoViewIfNeeded();
  const { sessions } = (await pilotty.run('list-sessions')).json();
  const last = sessions.find(({ name }: { name: string }) => name === 'many-49').id;
  await until('the last to be looked at', () => looked.has(last));
});

test('a kill can be undone, and is sent when it was not', async ({ pilotty, web }) => {
  await pilotty.run('spawn', '--name', 'doomed', 'cat');
  const page = await web.visitLoggedIn();
  // However long a busy machine takes to press a button, the page's six seconds are not over.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole('button', { name: 'Kill doomed' }).click();
  await page.getByText('doomed is about to be killed').waitFor();
  await page.clock.runFor(5000);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('doomed is about to be killed').waitFor({ state: 'detached' });
  await page.clock.runFor(5000);
  expect((await pilotty.run('status', '-s', 'doomed')).json().state).toBe('running');

  await page.getByRole('button', { name: 'Kill doomed' }).click();
  await page.clock.runFor(6000);
  await page.getByText('doomed was killed.').waitFor();
  expect((await pilotty.run('status', '-s', 'doomed')).json().state).toBe('exited');
});

test('everything can be done with the keyboard alone', async ({ pilotty, web }) => {
  const page = await web.visitLoggedIn();
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await page.keyboard.press('n');
  await page.keyboard.type('sh');
  await page.keyboard.press('Tab');
  await page.keyboard.type('mine');
  await page.keyboard.press('Tab');
  await page.keyboard.type('desk, spare');
  await page.keyboard.press('Enter');
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.type('echo $((6*7))-by-keyboard\n');
  await page.locator('.xterm-rows').getByText('42-by-keyboard').waitFor();
  expect((await pilotty.run('status', '-s', 'mine')).json().tags).toEqual(['desk', 'spare']);

  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('link', { name: 'Open mine:' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('r');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('renamed');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Open renamed:' }).waitFor();
  await page.keyboard.press('t');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('desk');
  await page.keyboard.press('Enter');
  await until('the tags', async () => {
    return (await pilotty.run('status', '-s', 'renamed')).json().tags.join() === 'desk';
  });
  // It closes once it has its answer, and takes the keys until then.
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('Control+k');
  await page.keyboard.type('open ren');
  await page.keyboard.press('Enter');
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
});

test('a phone has the whole page in its width, and the keys that its keyboard lacks', async ({
  pilotty,
  web,
}) => {
  await pilotty.run('spawn', '--name', 'keys', '--', ...program('echo-keys.cjs'));
  const page = await web.visitLoggedIn({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  await page.getByRole('link', { name: 'Open keys:' }).waitFor();
  const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(await overflow()).toBe(0);
  await page.getByRole('link', { name: 'Open keys:' }).tap();
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await page.getByRole('toolbar', { name: 'Keys' }).getByRole('button', { name: 'Escape' }).tap();
  await page.locator('.xterm-rows').getByText('1b').waitFor();
  await page.getByRole('toolbar', { name: 'Keys' }).getByRole('button', { name: 'Ctrl+C' }).tap();
  await page.locator('.xterm-rows').getByText('1b 03').waitFor();
  expect(await overflow()).toBe(0);
});

test('the events list what happens', async ({ pilotty, web }) => {
  const page = await web.visitLoggedIn();
  // It follows the events by then.
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await page.getByRole('button', { name: 'Events' }).click();
  await pilotty.run('spawn', '--name', 'brief', 'sh', '-c', 'exit 3');
  const events = page.getByRole('complementary', { name: 'Events' });
  await events.getByText('exited with 3').waitFor();
  await pilotty.run('spawn', '--name', 'kept', 'cat');
  await page.getByRole('link', { name: 'Open kept:' }).waitFor();
  await pilotty.run('rename', '-s', 'kept', 'moved');
  await events.getByText('was kept').waitFor();
  await openSession(page, 'moved');
});
