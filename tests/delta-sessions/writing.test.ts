/** `write` and `write-key`: what reaches the program, and what is kept of it. */
import { expect } from 'vitest';
import { keyNames } from '../../apps/delta-sessions/src/key-names.ts';
import { program } from '../harness/programs.ts';
import { test } from './delta.ts';

test('the escapes of the guides are interpreted, and the bytes counted', async ({ delta }) => {
  const id = await delta.start(...program('echo-keys.cjs'));
  await delta.pilotty.run('wait-for', '-s', id, 'ready');
  expect(await delta.write(id, 'é\\x1b[B\\n')).toEqual({ status: 'sent', bytes: 6, session_id: id });
  expect((await delta.pilotty.run('wait-for', '-s', id, 'c3a91b5b420d')).code).toBe(0);
});

test('a program that reads key by key gets Enter for a line end, and with --raw the byte', async ({
  delta,
}) => {
  const id = await delta.start(...program('echo-keys.cjs'));
  await delta.pilotty.run('wait-for', '-s', id, 'ready');
  await delta.write(id, 'a\n\r\n');
  expect((await delta.pilotty.run('wait-for', '-s', id, '610d0d0a')).code).toBe(0);
  await delta.write(id, 'b\n', '--raw');
  expect((await delta.pilotty.run('wait-for', '-s', id, '620a')).code).toBe(0);
});

test('the help of write-key names the keys, and a log level that is none is said', async ({ delta }) => {
  const help = await delta.run('delta-sessions', 'write-key', '--help');
  expect(help.stdout).toContain('arrow_up');
  expect(help.stdout).toContain('ctrl+a to ctrl+z, f1 to f12');
  const list = await delta.run('delta-sessions', 'list', { env: { DELTA_LOG_LEVEL: 'bogus' } });
  expect(list.code).toBe(0);
  expect(list.stderr).toContain("DELTA_LOG_LEVEL is 'bogus'");
});

test('raw text keeps its backslashes', async ({ delta }) => {
  const id = await delta.start('cat');
  await delta.write(id, 'C:\\temp "%s\\n"\n', '--raw');
  await delta.pilotty.run('wait-for', '-s', id, 'C:\\temp "%s\\n"\nC:\\temp "%s\\n"');
  expect(await delta.read(id)).toBe('C:\\temp "%s\\n"\r\n'.repeat(2));
});

test('nothing at all may be written, and nothing is', async ({ delta }) => {
  const id = await delta.start('cat');
  expect(await delta.write(id, '')).toEqual({ status: 'sent', bytes: 0, session_id: id });
});

test('every key of the guides is one of ours, and there are 53', async ({ delta }) => {
  expect(keyNames.size).toBe(53);
  const id = await delta.start('sh', '-c', 'stty raw -echo; echo ready; exec cat >/dev/null');
  await delta.pilotty.run('wait-for', '-s', id, 'ready');
  const answers = await Promise.all([...keyNames.keys()].map((key) => delta.json('write-key', id, key)));
  expect(answers).toEqual([...keyNames.keys()].map((key) => ({ status: 'sent', key, session_id: id })));
});

test.for([
  ['arrow_up', '1b5b41'],
  ['enter', '0d'],
  ['backspace', '7f'],
  ['ctrl+c', '03'],
  ['f5', '1b5b31357e'],
  ['page_down', '1b5b367e'],
])('%s arrives as %s', async ([key, bytes], { delta }) => {
  const id = await delta.start(...program('echo-keys.cjs'));
  await delta.pilotty.run('wait-for', '-s', id, 'ready');
  await delta.json('write-key', id, key as string);
  expect((await delta.pilotty.run('wait-for', '-s', id, bytes as string)).code).toBe(0);
});

test('an arrow key arrives as a full-screen program asked for it', async ({ delta }) => {
  const id = await delta.start(...program('echo-keys.cjs', '?1h'));
  await delta.pilotty.run('wait-for', '-s', id, 'ready');
  await delta.json('write-key', id, 'arrow_up');
  expect((await delta.pilotty.run('wait-for', '-s', id, '1b4f41')).code).toBe(0);
});

test.for(['invalid_key', 'toString', 'constructor', 'Enter', 'ctrl+shift+z'])(
  '%s is no key name',
  async (name, { delta }) => {
    const id = await delta.start('cat');
    const { stdout, stderr, code } = await delta.run('delta-sessions', 'write-key', id, name);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr.split('\n')[0]).toBe(`Error: Invalid key name: ${name}`);
  },
);

test('what is typed at a password prompt is in no file', async ({ delta }) => {
  const ask =
    'stty -echo; printf "Who goes there "; read it; stty echo; printf "password: "; read it; echo taken; exec cat';
  const id = await delta.start('sh', '-c', ask);
  await delta.pilotty.run('wait-for', '-s', id, 'Who goes there');
  await delta.write(id, 'hunter2\\n');
  await delta.pilotty.run('wait-for', '-s', id, 'password: ');
  await delta.write(id, 'hunter3\\n');
  await delta.pilotty.run('wait-for', '-s', id, 'taken');
  await delta.write(id, 'seen\\n');
  await delta.json('write-key', id, 'ctrl+l');
  const lines = delta.file(id, 'input.log').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line)).map(({ timestamp, ...rest }) => rest)).toEqual([
    { withheld_bytes: 8 },
    { withheld_bytes: 8 },
    { input: 'seen\n' },
    { key: 'ctrl+l' },
  ]);
});
