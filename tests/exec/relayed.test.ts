/** A shell behind a program that relays a terminal of its own, as ssh does. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { type ExecAnswer, test } from './shell-session.ts';

const RELAY = fileURLToPath(new URL('../programs/relay.py', import.meta.url));
const SHELLS = ['bash', 'zsh', 'ksh', 'dash'] as const;

const behindScript = (shell: string) => ['script', '-qec', shell, '/dev/null'];
const seen = ({ stdout, exit_code, outcome }: ExecAnswer) => ({ stdout, exit_code, outcome });
const done = (stdout: string, exit_code = 0) => ({ stdout, exit_code, outcome: 'done' });

test.for(SHELLS)(
  '%s behind script keeps all state, and tells exit code and directory',
  async (shell, { shells }) => {
    needs('script', shell);
    const session = await shells.start(behindScript(shell));
    const first = await shells.exec(
      session,
      'cd /tmp\nX="it\'s 100% \\\\ done!"\nf() { echo "f $1"; return 3; }\necho problem >&2',
    );
    expect(first).toMatchObject({ ...done('problem\n'), stderr: '', cwd: '/tmp' });
    expect(seen(await shells.exec(session, 'printf "%s\\n" "$X"; f ä'))).toEqual(
      done("it's 100% \\ done!\nf ä\n", 3),
    );
    expect(seen(await shells.exec(session, 'echo $?; cat; printf end'))).toEqual(done('3\nend'));
    expect(seen(await shells.exec(session, 'cat <<X\none\n\n  two\nX'))).toEqual(done('one\n\n  two\n'));
  },
);

test.for(SHELLS)(
  'a mistake in the command is told by %s behind script, which lives',
  async (shell, { shells }) => {
    needs('script', shell);
    const session = await shells.start(behindScript(shell));
    const wrong = await shells.exec(session, 'if');
    expect(wrong).toMatchObject({ outcome: 'done', stdout: expect.stringMatching(/error.*\n$/) });
    expect(wrong.exit_code).toBeGreaterThan(0);
    expect(seen(await shells.exec(session, 'echo alive'))).toEqual(done('alive\n'));
  },
);

test.for(SHELLS)('Ctrl+C ends a command in %s behind script with 130', async (shell, { shells, pilotty }) => {
  needs('script', shell);
  const session = await shells.start(behindScript(shell));
  const answer = shells.exec(session, 'echo begun; sleep 60; echo after');
  await pilotty.run('wait-for', '-s', session, '--regex', '^begun');
  await pilotty.run('key', '-s', session, 'Ctrl+C');
  expect(seen(await answer)).toEqual(done('begun\n', 130));
  expect(seen(await shells.exec(session, 'echo alive'))).toEqual(done('alive\n'));
});

test('at the deadline there is what was printed so far, and --wait gives the rest', async ({ shells }) => {
  needs('script');
  const session = await shells.start(behindScript('bash'));
  const other = await shells.start(['bash']);
  const early = await shells.exec(
    session,
    'echo one; until [ -e go ]; do sleep 0.05; done; echo two; false',
    {
      timeout_ms: 1500,
    },
  );
  expect(early).toMatchObject({ outcome: 'deadline', stdout: 'one\n', exit_code: null });
  await expect(shells.exec(session, 'echo no')).rejects.toThrow('still runs');
  await shells.exec(other, 'touch go');
  expect(seen(await shells.exec(session, undefined))).toEqual(done('two\n', 1));
});

test('a relay in a shell: its commands go to the shell behind it, until that ends', async ({
  shells,
  pilotty,
}) => {
  needs('python3');
  const session = await shells.start(['bash']);
  await shells.exec(session, 'WHO=outer');
  await pilotty.run('type', '-s', session, `python3 ${RELAY} bash --norc`, '--enter');
  await pilotty.run('wait', '-s', session, '--regex', 'bash-.*[$#] $');
  expect(seen(await shells.exec(session, 'echo "$WHO"inner'))).toEqual(done('inner\n'));
  expect(seen(await shells.exec(session, 'echo last; exit 4'))).toMatchObject({
    exit_code: 4,
    outcome: 'exited',
  });
  expect(seen(await shells.exec(session, 'echo $WHO'))).toEqual(done('outer\n'));
});

test('a long command is typed in parts, one that is too long is refused', async ({ shells, pilotty }) => {
  needs('script');
  const session = await shells.start(behindScript('bash'));
  const long = `V='${'0123456789 %!\\'.repeat(1500)}'\necho \${#V}`;
  expect(seen(await shells.exec(session, long))).toEqual(done('21000\n'));
  expect((await pilotty.run('snapshot', '-s', session, '--format', 'text')).stdout).not.toContain('pilotty');
  await expect(shells.exec(session, `: ${'x'.repeat(70_000)}`)).rejects.toThrow('more than 65536 bytes');
});

test('nothing stays in the history of a bash there', async ({ shells }) => {
  needs('script');
  const session = await shells.start(behindScript('bash --norc'));
  await shells.exec(session, 'true');
  const { stdout } = await shells.exec(session, 'history');
  expect(stdout).toBe('');
});

test('what is no shell there is told, and nothing is left half-typed', async ({ shells, pilotty }) => {
  needs('script', 'gdb');
  const session = await shells.start(behindScript('gdb -q -nx'));
  await expect(shells.exec(session, 'echo no')).rejects.toThrow('is no shell that exec can talk to');
  await pilotty.run('wait-for', '-s', session, 'Quit');
  await pilotty.run('wait', '-s', session, '--prompt');
  const { stdout } = await pilotty.run('snapshot', '-s', session, '--format', 'text');
  expect(stdout.trimEnd()).toMatch(/\(gdb\) \[_\]$/);
});
