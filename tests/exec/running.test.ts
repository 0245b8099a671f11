/** Commands that take their time: deadlines, interrupts, queues, and what stands in the way. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { SHELLS, test } from './shell-session.ts';

test('at the deadline there is what was printed so far, and --wait gives the rest', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'b', 'bash');
  // The deadline is not for a program that starts.
  await pilotty.run('exec', '-s', 'b', 'true');
  const script = 'echo begun; echo problem >&2; until [ -e go ]; do sleep 0.05; done; printf end; (exit 5)';
  const early = await pilotty.run('exec', '-s', 'b', '-t', '3s', script);
  expect([early.code, early.stdout]).toEqual([124, 'begun\n']);
  expect(early.stderr).toMatch(/^problem\n.*exec -s b --wait.*key -s b Ctrl\+C.*type -s b/s);
  const refused = await pilotty.run('exec', '-s', 'b', 'echo other');
  expect([refused.code, refused.error().code]).toEqual([125, 'CONDITION_FAILED']);
  expect(refused.error().suggestion).toContain('exec -s b --wait');
  const waiting = pilotty.start('exec', '-s', 'b', '--wait', '--json');
  await pilotty.run('run', 'touch', 'go');
  const late = await waiting.answer;
  expect(late.json()).toMatchObject({ outcome: 'matched', stdout: 'end', stderr: '', exit_code: 5 });
  expect(late.code).toBe(5);
  const nothing = await pilotty.run('exec', '-s', 'b', '--wait');
  expect([nothing.code, nothing.error().message]).toEqual([
    125,
    expect.stringContaining('No command is running'),
  ]);
});

test.for(SHELLS)(
  'Ctrl+C ends a command in %s with 130, and the shell lives',
  async (shell, { shells, pilotty }) => {
    needs(shell);
    const session = await shells.start([shell]);
    const answer = shells.exec(session, 'echo begun; /bin/sleep 60; echo after');
    await foregroundIs(pilotty, session, 'sleep');
    await pilotty.run('key', '-s', session, 'Ctrl+C');
    const { stdout, exit_code, outcome } = await answer;
    expect({ stdout, exit_code, outcome }).toEqual({ stdout: 'begun\n', exit_code: 130, outcome: 'matched' });
    expect((await shells.exec(session, 'echo alive')).stdout).toBe('alive\n');
  },
);

test('commands of one session run one after the other, those of eight at once', async ({ shells }) => {
  const sessions = await Promise.all(Array.from({ length: 8 }, () => shells.start(['bash'])));
  const each = sessions.map((session, index) => shells.exec(session, `sleep 0.2; echo ${index}`));
  expect((await Promise.all(each)).map(({ stdout }) => stdout)).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `${n}\n`),
  );
  const [one = ''] = sessions;
  const queued = ['a', 'b', 'c', 'd'].map((word) => shells.exec(one, `L=\${L}${word}; sleep 0.05; echo $L`));
  expect((await Promise.all(queued)).map(({ stdout }) => stdout)).toEqual(['a\n', 'ab\n', 'abc\n', 'abcd\n']);
});

test('a session that has something else to do is refused, and says what', async ({ shells, pilotty }) => {
  const session = await shells.start(['bash']);
  await shells.exec(session, 'true');
  await pilotty.run('type', '-s', session, 'sleep 61', '--enter');
  await foregroundIs(pilotty, session, 'sleep');
  const refused = await pilotty.run('exec', '-s', session, 'echo no');
  expect([refused.code, refused.stdout]).toEqual([125, '']);
  expect(refused.error()).toMatchObject({
    code: 'CONDITION_FAILED',
    message: expect.stringContaining("'sleep 61' has the keyboard"),
    details: { foreground: { argv: ['sleep', '61'] } },
  });
});

test('text that somebody left at the prompt is not made part of the command', async ({ shells, pilotty }) => {
  const session = await shells.start(['bash']);
  await shells.exec(session, 'true');
  await pilotty.run('type', '-s', session, 'echo left ');
  const refused = await pilotty.run('exec', '-s', session, 'echo no');
  expect(refused.error()).toMatchObject({
    code: 'CONDITION_FAILED',
    suggestion: expect.stringContaining('Ctrl+C'),
  });
  await pilotty.run('key', '-s', session, 'Ctrl+C');
  expect((await shells.exec(session, 'echo yes')).stdout).toBe('yes\n');
});

test('what a pager was told is not taken for text at the prompt', async ({ shells, pilotty }) => {
  needs('less');
  const session = await shells.start(['bash']);
  await pilotty.run('type', '-s', session, 'seq 1000 | less', '--enter');
  await pilotty.run('wait-for', '-s', session, '20');
  await pilotty.run('key', '-s', session, 'q');
  await foregroundIs(pilotty, session, 'bash');
  expect((await shells.exec(session, 'echo yes')).stdout).toBe('yes\n');
});

test('a prompt in the middle of a command is refused, and left as it is', async ({ shells, pilotty }) => {
  const session = await shells.start(['bash']);
  await shells.exec(session, 'true');
  await pilotty.run('type', '-s', session, "echo 'open", '--enter');
  const refused = await pilotty.run('exec', '-s', session, 'echo no');
  expect([refused.code, refused.stdout]).toEqual([125, '']);
  expect(refused.error()).toMatchObject({ message: expect.stringContaining("at '>'") });
  await pilotty.run('key', '-s', session, 'Ctrl+C');
  expect((await shells.exec(session, 'echo yes')).stdout).toBe('yes\n');
});

test('a background job holds up no answer and lives on, whatever it prints', async ({ shells }) => {
  const session = await shells.start(['bash']);
  const { stdout } = await shells.exec(
    session,
    '(sleep 0.8; for i in 1 2 3; do seq 100000; sleep 0.1; done; echo >survived) & echo now',
  );
  expect(stdout).toBe('now\n');
  await until(
    'it to have printed all',
    async () => (await shells.exec(session, 'cat survived')).exit_code === 0,
  );
});

test('a client that goes away leaves the command running', async ({ shells }) => {
  const session = await shells.start(['bash']);
  const gone = new AbortController();
  const begun = shells.exec(session, 'touch begun2; until [ -e go2 ]; do sleep 0.05; done; echo two', {
    signal: gone.signal,
  });
  const other = await shells.start(['bash']);
  await until('it to begin', async () => (await shells.exec(other, 'test -e begun2')).exit_code === 0);
  gone.abort(new Error('gone'));
  await expect(begun).rejects.toThrow('gone');
  await shells.exec(other, 'touch go2');
  const { stdout } = await until('the rest', () => shells.exec(session, undefined).catch(() => undefined));
  expect(stdout).toMatch(/two\n$/);
});

test('a hundred megabytes come whole, and are held back rather than kept', async ({ shells, pilotty }) => {
  const session = await shells.start(['bash']);
  const hash = createHash('sha256');
  let bytes = 0;
  const result = await shells.client.request(
    'session.exec',
    { session, command: 'seq 1 13000000', timeout_ms: 120_000 },
    {
      onEvent: ({ data_base64 }) => {
        const part = Buffer.from(data_base64, 'base64');
        bytes += part.length;
        hash.update(part);
      },
    },
  );
  expect(result).toMatchObject({ outcome: 'matched' });
  expect(result).not.toHaveProperty('missed_bytes');
  const { stdout } = await pilotty.run('run', 'sh', '-c', 'seq 1 13000000 | sha256sum');
  expect([bytes, hash.digest('hex')]).toEqual([105_888_897, stdout.slice(0, 64)]);
}, 120_000);

test('a script of ten megabytes from stdin, and bytes that are no text', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'b', 'bash');
  const line = `: ${'x'.repeat(1000)}\n`;
  const input = `${line.repeat(10_500)}echo done\n`;
  expect((await pilotty.run('exec', '-s', 'b', '-t', '60s', { input })).stdout).toBe('done\n');
  const binary = await pilotty.run('exec', '-s', 'b', '--json', "printf '\\377\\001\\376'");
  expect(binary.json()).toMatchObject({ stdout_base64: '/wH+', stderr: '' });
}, 60_000);

test('output that no client waits for is kept up to a bound, and the rest is counted', async ({ shells }) => {
  const session = await shells.start(['bash']);
  // The deadline is not for a shell that starts.
  await shells.exec(session, 'true');
  const early = await shells.exec(
    session,
    'until [ -e go3 ]; do sleep 0.05; done; seq 1 2000000; touch finished',
    { timeout_ms: 3000 },
  );
  expect(early.outcome).toBe('deadline');
  const other = await shells.start(['bash']);
  await shells.exec(other, 'touch go3');
  await until('it to end', async () => (await shells.exec(other, 'cat finished')).exit_code === 0);
  const late = await shells.exec(session, undefined);
  expect(late).toMatchObject({
    outcome: 'matched',
    truncated: true,
    stdout: expect.stringMatching(/\n2000000\n$/),
  });
  expect(late.bytes.length + (late.missed_bytes ?? 0)).toBe(14_888_896);
});

async function foregroundIs(
  pilotty: { run(...words: string[]): Promise<{ json(): { foreground: { argv: string[] } | null } }> },
  session: string,
  program: string,
): Promise<void> {
  await until(`${program} to have the keyboard`, async () => {
    const { foreground } = (await pilotty.run('status', '-s', session)).json();
    return foreground?.argv[0]?.endsWith(program) === true;
  });
}
