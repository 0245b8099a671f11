/** A shell behind a program that relays a terminal of its own, as ssh does. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { commandLine } from '../../packages/protocol/src/shell-quote.ts';
import { needs, program } from '../harness/programs.ts';
import { type ExecAnswer, test } from './shell-session.ts';

const RELAY = fileURLToPath(new URL('../programs/relay.py', import.meta.url));
const SHELLS = ['bash', 'zsh', 'ksh', 'dash'] as const;

const behindScript = (shell: string) => ['script', '-qec', shell, '/dev/null'];
const seen = ({ stdout, exit_code, outcome }: ExecAnswer) => ({ stdout, exit_code, outcome });
const done = (stdout: string, exit_code = 0) => ({ stdout, exit_code, outcome: 'matched' });

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
    expect(wrong).toMatchObject({ outcome: 'matched', stdout: expect.stringMatching(/error.*\n$/) });
    expect(wrong.exit_code).toBeGreaterThan(0);
    expect(seen(await shells.exec(session, 'echo alive'))).toEqual(done('alive\n'));
  },
);

test.for(SHELLS)('Ctrl+C ends a command in %s behind script with 130', async (shell, { shells, pilotty }) => {
  needs('script', shell);
  const session = await shells.start(behindScript(shell));
  const answer = shells.exec(session, "sh -c 'echo begun; exec sleep 60'; echo after");
  await pilotty.run('wait-for', '-s', session, '--regex', '^begun');
  await pilotty.run('key', '-s', session, 'Ctrl+C');
  expect(seen(await answer)).toEqual(done('begun\n', 130));
  expect(seen(await shells.exec(session, 'echo alive'))).toEqual(done('alive\n'));
});

test('at the deadline there is what was printed so far, and --wait gives the rest', async ({ shells }) => {
  needs('script');
  const session = await shells.start(behindScript('bash'));
  const other = await shells.start(['bash']);
  // The deadline is not for shells that start.
  for (const each of [session, other]) await shells.exec(each, 'true');
  const early = await shells.exec(
    session,
    'echo one; until [ -e go ]; do sleep 0.05; done; echo two; false',
    {
      timeout_ms: 3000,
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
  await pilotty.run('type', '-s', session, commandLine(['python3', RELAY, 'bash', '--norc']), '--enter');
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

test('a program at a prompt of its own there is typed to as what it is', async ({ shells }) => {
  needs('script', 'gdb');
  const session = await shells.start(behindScript('gdb -q -nx'));
  expect(await shells.exec(session, 'print 6 * 7')).toMatchObject({ stdout: '$1 = 42\n', exit_code: null });
});

test('what looks like a shell there and is none is told, and not interrupted', async ({
  shells,
  pilotty,
}) => {
  needs('script');
  const session = await shells.start(behindScript(commandLine(program('mimic.cjs'))));
  await expect(shells.exec(session, 'echo no')).rejects.toThrow('is not a shell that exec can use');
  expect((await pilotty.run('status', '-s', session)).json().state).toBe('running');
});

const THEMES = {
  robbyrussell: '%F{green}➜ %f %F{cyan}%c%f ',
  lambda: 'λ ',
};

test.for(Object.entries(THEMES))('the prompt %s there is known', async ([, theme], { shells }) => {
  needs('script', 'zsh');
  shells.write('.zshrc', `PROMPT='${theme}'\n`);
  const session = await shells.start(behindScript('zsh'));
  expect(seen(await shells.exec(session, 'echo hi'))).toEqual(done('hi\n'));
});

test('a prompt that nobody knows there is refused soon, and known after Enter', async ({
  shells,
  pilotty,
}) => {
  needs('script', 'zsh');
  shells.write('.zshrc', "PROMPT='~/src main* ⇡1 '\n");
  const session = await shells.start(behindScript('zsh'));
  await expect(shells.exec(session, 'echo hi')).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
    suggestion: expect.stringContaining("Enter' once"),
  });
  await pilotty.run('key', '-s', session, 'Enter');
  expect(seen(await shells.exec(session, 'echo hi'))).toEqual(done('hi\n'));
});
