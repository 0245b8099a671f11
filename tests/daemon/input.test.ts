import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

/** Starts the program that shows its input in hexadecimal. */
async function echoKeys(pilotty: Pilotty, ...modes: string[]): Promise<void> {
  await pilotty.run('spawn', '--size', '200x50', ...program('echo-keys.cjs', ...modes));
  await pilotty.run('wait-for', 'ready');
}

/** What it was sent, the bytes of one command after the other. */
async function received(pilotty: Pilotty, ...args: string[]): Promise<string> {
  const before = (await pilotty.run('output')).stdout;
  expect(await pilotty.run(...args)).toMatchObject({ code: 0, stderr: '' });
  const marked = await pilotty.run('key', 'Ctrl+_');
  expect(marked.code).toBe(0);
  await pilotty.run('wait-for', '-r', '1f $');
  const after = (await pilotty.run('output')).stdout;
  return after.slice(before.trimEnd().length).replaceAll(/\s/g, '').replace(/1f$/, '');
}

const hex = (text: string) => Buffer.from(text).toString('hex');

test('text is typed as it is, backslashes, dashes and all', async ({ pilotty }) => {
  await echoKeys(pilotty);
  for (const text of ['print("a\\n")', 'C:\\temp', 'naïve 漢字 👍', '$HOME `x`', "'"]) {
    expect(await received(pilotty, 'type', text)).toBe(hex(text));
  }
  expect(await received(pilotty, 'type', '--', '-rf')).toBe(hex('-rf'));
});

test('escapes are interpreted on request, Enter is a key of its own', async ({ pilotty }) => {
  await echoKeys(pilotty);
  expect(await received(pilotty, 'type', '--escapes', 'a\\tb\\x80\\e[A')).toBe('610962801b5b41');
  expect(await received(pilotty, 'type', 'ls', '--enter')).toBe('6c730d');
  const wrong = await pilotty.run('type', '--escapes', 'a\\q');
  expect(wrong.error()).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('\\q') });
});

test('text comes from standard input, byte for byte', async ({ pilotty }) => {
  await echoKeys(pilotty);
  const before = (await pilotty.run('status')).json().seq;
  await pilotty.run('type', '-', { input: Buffer.from([0xff, 0x00, 0x41]) });
  await pilotty.run('wait-for', 'ff 00 41'.replaceAll(' ', ''));
  expect((await pilotty.run('status')).json().seq).toBeGreaterThan(before);
});

test("keys follow the program's modes", async ({ pilotty }) => {
  await echoKeys(pilotty);
  expect(await received(pilotty, 'key', 'Up Home F1 Shift+Tab Alt+x')).toBe(
    hex('\x1b[A\x1b[H\x1bOP\x1b[Z\x1bx'),
  );
  await pilotty.run('kill');
  await echoKeys(pilotty, '?1h');
  expect(await received(pilotty, 'key', 'Up Home')).toBe(hex('\x1bOA\x1bOH'));
});

test('a paste is marked exactly when the program asked for it, and cannot end itself', async ({
  pilotty,
}) => {
  await echoKeys(pilotty);
  await pilotty.run('paste', '-', { input: 'a\nb\x1b[201~c' });
  expect((await pilotty.run('wait-for', '61 0d 62 63'.replaceAll(' ', ''))).code).toBe(0);
  await pilotty.run('kill');
  await echoKeys(pilotty, '?2004h');
  await pilotty.run('paste', '-', { input: 'a\nb\x1b[201~c' });
  expect((await pilotty.run('wait-for', hex('\x1b[200~a\rbc\x1b[201~'))).code).toBe(0);
});

test('one wrong key, and none is sent', async ({ pilotty }) => {
  await echoKeys(pilotty);
  const wrong = await pilotty.run('key', 'a Ctl+C');
  expect(wrong.code).toBe(2);
  expect(wrong.error()).toMatchObject({ code: 'INVALID_KEY', details: { token: 'Ctl+C' } });
  expect((await pilotty.run('key', 'Ctrl+Enter')).error().code).toBe('INVALID_KEY');
  expect(await received(pilotty, 'key', 'b')).toBe(hex('b'));
});

test('input a program does not read is taken back at the deadline, and nobody else waits', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'deaf', 'sh', '-c', 'stty raw -echo; echo ready; exec sleep 1000');
  await pilotty.run('wait-for', '-s', 'deaf', 'ready');
  await pilotty.run('spawn', '--name', 'other', 'cat');
  const deaf = pilotty.start('type', '-s', 'deaf', '-', '-t', '1s', { input: Buffer.alloc(2_000_000, 'x') });
  expect((await pilotty.run('type', '-s', 'other', 'hello', '--enter')).code).toBe(0);
  expect((await pilotty.run('wait-for', '-s', 'other', 'hello')).code).toBe(0);
  const answer = await deaf.answer;
  expect(answer.code).toBe(3);
  expect(answer.error()).toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining('does not read'),
  });
});

test('a large paste arrives whole', async ({ pilotty }) => {
  const size = 1_000_000;
  await pilotty.run('spawn', 'sh', '-c', `stty raw -echo; echo ready; head -c ${size} | cksum; sleep 1000`);
  await pilotty.run('wait-for', 'ready');
  const text = 'all work and no play '.repeat(size / 20).slice(0, size);
  expect((await pilotty.run('paste', '-', { input: text })).code).toBe(0);
  const sum = execFileSync('cksum', { input: text }).toString().trim();
  expect((await pilotty.run('wait-for', sum)).code).toBe(0);
});

test('what two clients type at once does not interleave', async ({ pilotty }) => {
  await echoKeys(pilotty);
  await Promise.all(['aaaaaaaa', 'bbbbbbbb'].map((text) => pilotty.run('type', text, '--enter')));
  await pilotty.run('wait-for', '-r', '0d.*0d');
  const shown = (await pilotty.run('output')).stdout.replace('ready', '').replaceAll(/\s/g, '');
  expect([`${hex('aaaaaaaa\r')}${hex('bbbbbbbb\r')}`, `${hex('bbbbbbbb\r')}${hex('aaaaaaaa\r')}`]).toContain(
    shown,
  );
});
