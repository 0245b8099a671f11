/** Code in programs of which nothing is known but their prompt. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs, program } from '../harness/programs.ts';
import { type ExecAnswer, test } from './shell-session.ts';

const seen = ({ stdout, exit_code, outcome, note }: ExecAnswer) => ({ stdout, exit_code, outcome, note });
const done = (stdout: string, note?: unknown) => ({ stdout, exit_code: null, outcome: 'matched', note });

test('a prompt that counts comes back, and what was printed between is the answer', async ({ shells }) => {
  const session = await shells.start(program('counting-prompt.cjs'));
  const run = async (code: string) => seen(await shells.exec(session, code));
  expect(await run('1 + 1')).toEqual(done('2\n'));
  expect(await run('quiet')).toEqual(done(''));
  expect(await run('say no newline')).toEqual(done('no newline'));
  expect(await run('2 + 3\n{\na\n  b\n}\nwrong')).toEqual(done("5\na|  b\nwhat is 'wrong'?\n"));
  expect(await run('{')).toEqual(done('', expect.stringContaining('another prompt')));
});

test('a line wider than the screen, and output longer than it', async ({ shells }) => {
  const session = await shells.start(program('counting-prompt.cjs'));
  const wide = `${'1 + '.repeat(60)}1`;
  expect(seen(await shells.exec(session, wide))).toEqual(done('61\n'));
  const many = Array.from({ length: 60 }, (_, number) => `${number}`);
  expect(seen(await shells.exec(session, many.join('\n')))).toEqual(done(`${many.join('\n')}\n`));
});

test('at the deadline the program goes on, and --wait waits for its prompt', async ({ shells }) => {
  const session = await shells.start(program('counting-prompt.cjs'));
  // The deadline is not for a program that starts.
  await shells.exec(session, '1');
  const early = await shells.exec(session, 'until go', { timeout_ms: 3000 });
  expect(early).toMatchObject({ outcome: 'deadline', stdout: 'waiting\n' });
  const other = await shells.start(['bash']);
  await shells.exec(other, 'touch go');
  expect(seen(await shells.exec(session, undefined))).toEqual(done('there\n'));
});

test('a program that ends is told with its exit code', async ({ shells }) => {
  const session = await shells.start(program('counting-prompt.cjs'));
  expect(await shells.exec(session, 'quit')).toMatchObject({ outcome: 'exited', exit_code: 7, stdout: '' });
});

test('gdb and the debugger of python', async ({ shells }) => {
  needs('python3');
  shells.write('work/two.py', 'a = 6\nb = 7\n');
  const debugged = await shells.start(['python3', '-m', 'pdb', 'two.py']);
  await shells.exec(debugged, 'next\nnext');
  expect(seen(await shells.exec(debugged, 'p a * 7'))).toEqual(done('42\n'));
  needs('gdb');
  const session = await shells.start(['gdb', '-q', '-nx']);
  expect(seen(await shells.exec(session, 'print 6 * 7\necho hello\\n'))).toEqual(done('$1 = 42\nhello\n'));
});

test('a question is no prompt for code', async ({ shells, pilotty }) => {
  const session = await shells.start(['bash']);
  await pilotty.run('type', '-s', session, 'bash -c \'read -p "Sure? [y/N] " x\'', '--enter');
  await pilotty.run('wait-for', '-s', session, '--regex', 'N\\] $');
  await expect(shells.exec(session, 'rm x')).rejects.toThrow('has the keyboard');
});

test('code that a terminal would take for keys is refused', async ({ shells }) => {
  const session = await shells.start(program('counting-prompt.cjs'));
  await expect(shells.exec(session, 'say \x03')).rejects.toThrow('control character');
  await expect(shells.exec(session, '1'.repeat(5000))).rejects.toThrow('more than 4095 bytes');
  expect(seen(await shells.exec(session, '1'))).toEqual(done('1\n'));
});

test('a python that a script in PATH becomes is python', async ({ shells, pilotty }) => {
  needs('python3');
  const shim = join(pilotty.home, 'work', 'shim');
  writeFileSync(shim, '#!/usr/bin/env bash\nset -e\nexec bash -c "exec python3 -q"\n');
  chmodSync(shim, 0o755);
  const session = await shells.start(['bash']);
  await shells.exec(session, 'PATH=$PWD:$PATH');
  await pilotty.run('type', '-s', session, 'shim', '--enter');
  expect(await shells.exec(session, '6 * 7')).toMatchObject({ stdout: '42\n', error: false });
});

test('an exit code that nobody tells is never 0', async ({ shells, pilotty }) => {
  const session = await shells.start(program('counting-prompt.cjs'));
  const typed = await pilotty.run('exec', '-s', session, '1 + 1');
  expect([typed.code, typed.stdout, typed.stderr]).toEqual([
    123,
    '2\n',
    expect.stringContaining('exit code is unknown'),
  ]);
  expect((await pilotty.run('exec', '--json', '-s', session, '1 + 1')).code).toBe(123);
});

test('a program in raw mode that ends by Ctrl+C is typed to as what it is', async ({ shells, pilotty }) => {
  needs('python3');
  const session = await shells.start(['python3', program('line-noise.py')[1] ?? '']);
  expect(seen(await shells.exec(session, 'PING'))).toEqual(done('PONG\n'));
  expect((await pilotty.run('status', '-s', session)).json().state).not.toBe('exited');
});

test('what reads lines and is no shell is refused soon', async ({ shells }) => {
  const session = await shells.start(['cat']);
  await expect(shells.exec(session, 'echo no', { timeout_ms: 20_000 })).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
    message: expect.stringContaining("'cat' has the keyboard"),
  });
});
