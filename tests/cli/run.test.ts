/** `run` is the program: its output, its exit code, and nothing left behind. */
import { expect } from 'vitest';
import { processTest as test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

test("its output and its exit code are the program's, however much it was", async ({ pilotty }) => {
  const answer = await pilotty.run('run', '--', ...program('last-words.sh', '20000', '7'));
  expect(answer).toMatchObject({ code: 7, stderr: '' });
  const lines = answer.stdout.split('\n');
  expect([lines.length, lines[0], lines[19_999], lines[20_000]]).toEqual([20_002, '1', '20000', 'the end']);
});

test('more than a session keeps by itself is printed from its first line, unless less is asked for', async ({
  pilotty,
}) => {
  const words = ['seq', '1', '400000'];
  const whole = await pilotty.run('run', ...words);
  expect([whole.stdout.length, whole.stderr]).toEqual([2_688_895, '']);
  const cut = await pilotty.run('run', '--retain-bytes', '1000', ...words);
  expect(cut.stderr).toMatch(/^retention: missed_bytes=\d+/);
  const cutToo = await pilotty.run('run', ...words, { env: { PILOTTY_RETAIN_BYTES: '1000' } });
  expect(cutToo.stderr).toMatch(/^retention: missed_bytes=\d+/);
});

test('a signal is 128 and its number', async ({ pilotty }) => {
  expect((await pilotty.run('run', 'sh', '-c', 'kill -KILL $$')).code).toBe(137);
});

test('a deadline ends the program, prints what there is and exits with 124', async ({ pilotty }) => {
  const script = 'echo begun; exec sleep 60';
  const answer = await pilotty.run('run', '-t', '3s', 'sh', '-c', script);
  expect(answer).toMatchObject({ code: 124, stdout: 'begun\n' });
  expect(answer.error()).toMatchObject({ code: 'TIMEOUT', message: expect.stringMatching(/deadline.*sh/) });
  expect((await pilotty.run('ls')).json().sessions).toEqual([]);
});

test("what is pilotty's own failure exits with 125", async ({ pilotty }) => {
  const answer = await pilotty.run('run', 'no-such-program');
  expect(answer).toMatchObject({ code: 125, stdout: '' });
  expect(answer.error()).toMatchObject({ code: 'SPAWN_FAILED' });
});

test('with --json there is one object', async ({ pilotty }) => {
  const answer = await pilotty.run('run', '--json', 'sh', '-c', 'echo out; exit 3');
  expect(answer.code).toBe(3);
  expect(answer.json()).toMatchObject({
    type: 'run_result',
    session: 'sh',
    outcome: 'exited',
    exit_code: 3,
    signal: null,
    output: 'out\n',
    duration_ms: expect.any(Number),
  });
});

test('it does not become the session that other commands go to', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'mine', 'cat');
  await pilotty.run('run', 'true');
  expect((await pilotty.run('key', 'x')).json().session).toBe('mine');
});

test.for(['SIGINT', 'SIGTERM'] as const)('%s ends the program too', async (signal, { pilotty }) => {
  const running = pilotty.start('run', 'cat');
  await until('it to run', async () => (await pilotty.run('ls')).json().sessions.length === 1);
  running.child.kill(signal);
  expect((await running.answer).code).toBe(signal === 'SIGINT' ? 130 : 143);
  expect((await pilotty.run('ls')).json().sessions).toEqual([]);
});
