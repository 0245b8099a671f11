/** tcsh, whose language is its own: the exit code is known, and so is its prompt. */
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { test } from './shell-session.ts';

test('tcsh tells how each command ended, and keeps what it changed', async ({ shells }) => {
  needs('tcsh');
  const session = await shells.start(['tcsh', '-f']);
  const seen: unknown[] = [];
  for (const command of [
    'test -f /nonexistent',
    'echo $status',
    'cd /; set x = 5',
    'echo $cwd $x; ls /dev/null/none >& /dev/null',
    'foreach i (1 2)\necho $i\nend',
    'exit 4',
    'echo still',
  ]) {
    const { stdout, exit_code } = await shells.exec(session, command);
    seen.push([stdout, exit_code]);
  }
  expect(seen).toEqual([
    ['', 1],
    ['1\n', 0],
    ['', 0],
    ['/ 5\n', 2],
    ['1\n2\n', 0],
    ['', 4],
    ['still\n', 0],
  ]);
  const mistake = await shells.exec(session, 'if (');
  expect([mistake.exit_code, mistake.stdout]).toEqual([1, expect.stringContaining('Too many')]);
  const terminal = await shells.exec(session, 'test -t 1 && echo tty; exit 6', { pty: true });
  expect([terminal.stdout, terminal.exit_code]).toEqual(['tty\r\n', 6]);
});

test('a command that is interrupted in tcsh has not succeeded, and what tcsh asks is left alone', async ({
  shells,
  pilotty,
}) => {
  needs('tcsh');
  const session = await shells.start(['tcsh', '-f']);
  const running = shells.exec(session, 'echo begun; sleep 60');
  await until('sleep', async () =>
    (await pilotty.run('status', '-s', session)).json().foreground?.argv.includes('60'),
  );
  await pilotty.run('key', '-s', session, 'Ctrl+C');
  expect((await running).exit_code).toBe(1);
  for (const line of ['foreach i (a b)', 'echo -n "> "; set y = $<']) {
    await shells.client.request('session.wait', { session, prompt: true });
    await shells.client.request('session.type', { session, text: line, enter: true });
    await pilotty.run('wait-for', '-s', session, '--regex', '^(foreach\\?|>) *$');
    const { seq } = await shells.client.request('session.status', { session });
    await expect(shells.exec(session, 'echo no')).rejects.toMatchObject({ code: 'CONDITION_FAILED' });
    expect((await shells.client.request('session.status', { session })).seq).toBe(seq);
    await pilotty.run('key', '-s', session, 'Ctrl+C');
  }
  expect((await shells.exec(session, 'echo back')).stdout).toBe('back\n');
});
