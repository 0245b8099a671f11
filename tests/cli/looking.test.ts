/** Snapshots, waits and output: what they print, and what they exit with. */
import { expect } from 'vitest';
import { processTest as test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

test('a snapshot as text shows the screen and where the cursor is', async ({ pilotty }) => {
  await pilotty.run('spawn', '--size', '20x5', 'cat');
  await pilotty.run('type', 'grüße 你好', '--wait-cursor', '0,10');
  expect((await pilotty.run('snapshot', '--format', 'text')).stdout).toBe(
    '--- Terminal 20x5 | Cursor: (0, 10) ---\ngrüße 你好[_]\n',
  );
});

test('compact leaves the text away, and --json gives the object of a text one', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  expect((await pilotty.run('snapshot', '-f', 'compact')).json()).not.toHaveProperty('text');
  expect((await pilotty.run('snapshot', '-f', 'text', '--json')).json()).toMatchObject({
    type: 'screen_state',
    text: expect.stringContaining('--- Terminal'),
  });
});

test('a snapshot waits for a change that is only a highlight', async ({ pilotty }) => {
  await pilotty.run('spawn', '--', ...program('menu.cjs'));
  await pilotty.run('wait-for', 'water');
  const before = (await pilotty.run('snapshot', '--settle', '50')).json();
  await pilotty.run('key', 'Down');
  const after = (
    await pilotty.run('snapshot', '--await-change', String(before.content_hash), '--settle', '50')
  ).json();
  expect(after).toMatchObject({ outcome: 'settled', text: before.text });
  expect(after.content_hash).not.toBe(before.content_hash);
});

test('a snapshot that waits in vain answers all the same, and exits as a wait does', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  const { content_hash } = (await pilotty.run('snapshot', '--settle', '50')).json();
  const words = ['snapshot', '--await-change', String(content_hash), '-t', '50ms'];
  const late = await pilotty.run(...words);
  expect([late.code, late.json().outcome]).toEqual([3, 'deadline']);
  const text = await pilotty.run('snapshot', '--wait-text', 'never', '--wait-timeout', '20ms', '-f', 'text');
  expect([text.code, text.stdout, text.stderr]).toEqual([
    3,
    expect.any(String),
    expect.stringMatching(/^note: /),
  ]);
  const still = await pilotty.run('snapshot', '--wait-settle', '20ms', '-f', 'text');
  expect(still.code).toBe(0);
  await pilotty.run('kill');
  const ended = await pilotty.run('snapshot', '--settle', '50');
  expect([ended.code, ended.json().outcome]).toEqual([0, 'exited']);
  const strict = await pilotty.run('snapshot', '--strict');
  expect([strict.code, strict.json().outcome]).toEqual([4, 'exited']);
  const without = await pilotty.run('snapshot', '--wait-text', 'never', '-f', 'text');
  expect([without.code, without.stderr]).toEqual([4, expect.stringContaining('The program ended')]);
  expect((await pilotty.run('snapshot', '--wait-exit')).code).toBe(0);
});

test('wait-for exits with 0 when it is there, 3 at the deadline, 4 when the end came first', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', 'cat');
  await pilotty.run('type', 'one 42 two', '--enter');
  const matched = await pilotty.run('wait-for', '-r', '(\\d+) (two)');
  expect([matched.code, matched.json().match]).toMatchObject([
    0,
    { text: '42 two', row: 1, col: 4, groups: ['42', 'two'] },
  ]);
  const late = await pilotty.run('wait-for', 'three', '-t', '50ms');
  expect([late.code, late.json()]).toMatchObject([
    3,
    { outcome: 'deadline', screen: { text: 'one 42 two\none 42 two' } },
  ]);
  const waiting = pilotty.run('wait-for', 'three', '-t', '1h');
  await pilotty.run('key', 'Ctrl+C');
  const ended = await waiting;
  expect([ended.code, ended.json().outcome]).toEqual([4, 'exited']);
});

test('the words a program leaves with are found', async ({ pilotty }) => {
  await pilotty.run('spawn', '--', ...program('last-words.sh', '5000', '0'));
  const answer = await pilotty.run('wait-for', 'the end');
  expect([answer.code, answer.json().outcome]).toEqual([0, 'matched']);
});

test('output is readable lines, exact bytes, or one object', async ({ pilotty }) => {
  const bytes = '\x1b[1mbold\x1b[0m\r\nplain€\r\n';
  await pilotty.run('spawn', '--', 'sh', '-c', "stty raw -echo; printf 'ready\r\n'; exec cat");
  await pilotty.run('wait-for', 'ready');
  await pilotty.run('type', '-', { input: bytes });
  await pilotty.untilShown('€');
  expect((await pilotty.run('output')).stdout).toBe('ready\nbold\nplain€\n');
  expect((await pilotty.run('output', '--tail', '1')).stdout).toBe('plain€\n');
  expect((await pilotty.run('output', '--ansi')).stdout).toBe(`ready\r\n${bytes}`);
  expect((await pilotty.run('output', '--json')).json()).toMatchObject({
    type: 'output',
    output: 'ready\nbold\nplain€\n',
    next_offset: Buffer.byteLength(`ready\r\n${bytes}`),
  });
});

test('what is no longer kept is accounted for on stderr', async ({ pilotty }) => {
  await pilotty.run('spawn', '--retain-bytes', '1000', '--', ...program('last-words.sh', '1000', '0'));
  await pilotty.run('wait-for', 'the end');
  const { stdout, stderr } = await pilotty.run('output');
  expect(stdout.endsWith('\n1000\nthe end\n')).toBe(true);
  expect(stderr).toMatch(
    /^retention: missed_bytes=\d+ total_bytes=\d+ retained_bytes=\d+ dropped_bytes=\d+ truncated=true\n$/,
  );
});

test('output is followed to the end', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  const following = pilotty.start('output', '--follow');
  await pilotty.run('type', 'hello', '--enter');
  await pilotty.run('wait-for', '-r', 'hello\\s*$');
  await pilotty.run('key', 'Ctrl+D');
  const answer = await following.answer;
  expect([answer.code, answer.stdout]).toEqual([0, 'hello\nhello\n']);
});
