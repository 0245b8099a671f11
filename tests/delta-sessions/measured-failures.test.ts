/** What went wrong in the original, as often as it was measured there, and how often it goes wrong here: never. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { processesOf } from '../harness/processes.ts';
import { until } from '../harness/until.ts';
import { countOf, test } from './delta.ts';

test('first output: the original lost it 9 times of 10', async ({ delta }) => {
  const lost = await countOf(10, async () => {
    const id = await delta.start('sh', '-c', 'echo READY; exec cat');
    return (await delta.read(id, '--timeout', '30000', '--lines', '1')) !== 'READY\r\n';
  });
  expect(lost).toBe(0);
});

test('first prompt of a shell: the original lost it 6 times of 10', async ({ delta }) => {
  const lost = await countOf(10, async () => {
    const id = await delta.start('bash', '--norc', '-i');
    return (await delta.read(id, '--wait')) !== 'ready$ ';
  });
  expect(lost).toBe(0);
});

test('a program that ends at once: the original never had its output, 10 times of 10', async ({ delta }) => {
  const lost = await countOf(10, async () => {
    const id = await delta.start('echo', 'hello');
    return (await delta.read(id, '--wait')) !== 'hello\r\n';
  });
  expect(lost).toBe(0);
  expect((await delta.json('cleanup')).cleaned).toHaveLength(10);
});

test('a program that is not there: the original said it runs, 10 times of 10', async ({ delta }) => {
  const started = await countOf(10, async () => {
    const { stdout, stderr, code } = await delta.run('delta-sessions', 'start', '/no/such/cmd');
    return code !== 1 || stdout !== '' || !stderr.startsWith("Error: Cannot start '/no/such/cmd'");
  });
  expect(started).toBe(0);
  expect(await delta.json('list')).toEqual([]);
});

test('last words and exit code: the original had neither, 10 times of 10', async ({ delta }) => {
  const lost = await countOf(10, async () => {
    const id = await delta.start('sh', '-c', 'echo last; exit 7');
    await until('its end', async () => (await delta.json('status', id)).alive === false);
    return (await delta.read(id)) !== 'last\r\n' || (await delta.json('status', id)).exit_code !== 7;
  });
  expect(lost).toBe(0);
});

test('a command in four stages: the original answered with a part of it, 10 times of 10', async ({
  delta,
}) => {
  const id = await delta.start('bash', '--norc');
  await delta.read(id, '--wait');
  const partial = await countOf(10, async () => {
    await delta.write(id, 'for i in 1 2 3 4; do echo stage $i; sleep 0.1; done\\n');
    return !(await delta.read(id, '--timeout', '30000')).endsWith('stage 4\r\nready$ ');
  });
  expect(partial).toBe(0);
});

test('a read --wait after the output: the original hung, 5 times of 5', async ({ delta }) => {
  const id = await delta.start('bash', '--norc');
  const wrong = await countOf(5, async (index) => {
    await delta.write(id, `echo over ${index}\\n`);
    await delta.pilotty.run('wait-for', '-s', id, `^over ${index}`, '--regex');
    return !(await delta.read(id, '--wait')).endsWith(`over ${index}\r\nready$ `);
  });
  expect(wrong).toBe(0);
});

test('thirty writes at once, five times: in the original 35 of 150 failed', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'stty -echo; echo go; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, 'go');
  const failed = await countOf(5, async (round) => {
    const writes = Array.from({ length: 30 }, (_, index) => delta.write(id, `w${round}-${index}\\n`));
    const answers = await Promise.allSettled(writes);
    return answers.some(({ status }) => status === 'rejected');
  });
  expect(failed).toBe(0);
  await until('all of them', async () => (await delta.read(id, '--reader', 'count')) === '');
  const words = (await delta.read(id)).trim().split('\r\n').slice(1);
  expect(new Set(words).size).toBe(150);
  expect(delta.file(id, 'input.log').trim().split('\n')).toHaveLength(150);
});

test('a write of more than 64 KiB: the original always failed', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'stty raw -echo; echo go; head -c 3000000 | cksum; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, 'go');
  const text = 'all work and no play\n'.repeat(150_000).slice(0, 3_000_000);
  // As it is: a program in raw mode is given Enter for a line end.
  expect((await delta.write(id, text, '--raw')).bytes).toBe(3_000_000);
  const { stdout } = await delta.sh('cksum', { input: text });
  expect((await delta.pilotty.run('wait-for', '-s', id, stdout.trim())).code).toBe(0);
});

test('much output into a pipe: the original cut it at 64 KiB, 4 times of 10', async ({ delta }) => {
  const cut = await countOf(10, async () => {
    const id = await delta.start('seq', '1', '200000');
    const { stdout } = await delta.sh(`delta-sessions read ${id} --wait | tail -n 1`);
    return stdout !== '200000\r\n';
  });
  expect(cut).toBe(0);
});

test('the last output of a program that is followed: the original lost it, and failed', async ({ delta }) => {
  const lost = await countOf(5, async () => {
    const id = await delta.start('sh', '-c', 'sleep 0.1; echo last');
    const { stdout, code } = await delta.sh(`delta-sessions read ${id} --follow`);
    return stdout !== 'last\r\n' || code !== 0;
  });
  expect(lost).toBe(0);
});

test('a write that fails because the program has ended says so', async ({ delta }) => {
  const id = await delta.start('true');
  await until('its end', async () => (await delta.json('status', id)).alive === false);
  for (const words of [
    ['write', id],
    ['write-key', id, 'enter'],
  ]) {
    const { stderr, code } = await delta.run('delta-sessions', ...words, { input: 'x' });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('not found or dead') });
  }
});

test('what a session leaves running: the original reported its end, and it survived', async ({ delta }) => {
  const id = await delta.start('bash', '--norc');
  const script = join(delta.workspace, 'stubborn.sh');
  writeFileSync(script, "trap '' HUP TERM\necho stubborn is up\nwhile :; do sleep 1; done\n");
  await delta.write(id, `nohup sh ${script} >out 2>&1 &\\nsh ${script} &\\n`);
  await delta.pilotty.run('wait-for', '-s', id, 'stubborn is up');
  expect(await delta.json('end', id)).toEqual({ status: 'terminated', session_id: id });
  const left = processesOf(delta.pilotty.directory).filter(({ command }) => command.includes('stubborn'));
  expect(left).toEqual([]);
});

test('a dead session stays dead, though another process may have its number', async ({ delta }) => {
  const id = await delta.start('true');
  await until('its end', async () => (await delta.json('status', id)).alive === false);
  const path = join(delta.workspace, '.sessions', id, 'metadata.json');
  const metadata = JSON.parse(delta.file(id, 'metadata.json'));
  writeFileSync(path, JSON.stringify({ ...metadata, pid: process.pid }));
  expect(await delta.json('status', id)).toMatchObject({ status: 'terminated', alive: false });
});
