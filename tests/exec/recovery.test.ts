// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
/** A shell takes commands again, whatever became of the one before; and what is said of it is true. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { replacesShell } from '../../packages/daemon/src/exec/replaced-shell.ts';
import { findProcess, isReadingInput } from '../../packages/daemon/src/processes/process-table.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { SHELLS, type Shells, test } from './shell-session.ts';

test.for(SHELLS)(
  'in %s a REPL and a second shell can be started and left, and left again',
  { timeout: 60_000 },
  async (shell, { shells }) => {
    needs(shell, 'python3');
    const session = await shells.start([shell]);
    await shells.exec(session, 'true');
    for (let round = 0; round < 2; round++) {
      await shells.begin(session, 'python3');
      expect((await shells.exec(session, 'print(5)')).stdout).toBe('5\n');
      expect(await shells.exec(session, 'exit()')).toMatchObject({ outcome: 'exited', exit_code: 0 });
      expect((await shells.exec(session, 'echo out')).stdout).toBe('out\n');
      await shells.begin(session, 'bash');
      await shells.begin(session, 'python3');
      expect(await shells.exec(session, 'exit(3)')).toMatchObject({ outcome: 'exited', exit_code: 3 });
      expect(await shells.exec(session, 'exit 4')).toMatchObject({ outcome: 'exited', exit_code: 4 });
      expect((await shells.exec(session, 'echo out')).stdout).toBe('out\n');
    }
    expect(await screen(shells, session)).not.toMatch(/pilotty\.exec|No such file/);
  },
);

test('a shell within the session that has not drawn its prompt yet is waited for, by exec and by a wait', async ({
  shells,
}) => {
  needs('python3');
  const session = await shells.start(['bash']);
  await shells.exec(session, 'true');
  await shells.begin(session, 'bash');
  await shells.exec(session, "PROMPT_COMMAND='sleep 0.7'");
  // Its line was taken off the screen, so that this prompt is where the one before was, and like it.
  const prompt = { session, prompt: true, timeout_ms: 20_000 };
  expect((await shells.client.request('session.wait', prompt)).outcome).toBe('matched');
  await shells.begin(session, 'python3');
  expect(await shells.exec(session, 'exit(3)')).toMatchObject({ outcome: 'exited', exit_code: 3 });
  expect((await shells.exec(session, 'echo in')).stdout).toBe('in\n');
  expect(await shells.exec(session, 'exit 4')).toMatchObject({ outcome: 'exited', exit_code: 4 });
  // A program that is busy itself is none that comes to its prompt.
  await shells.exec(session, 'bash -c "sleep 30; :"', { pty: true, timeout_ms: 3000 });
  const refused = await shells.exec(session, 'echo no').catch((error) => error);
  expect(refused).toMatchObject({ code: 'CONDITION_FAILED', message: expect.stringContaining('still runs') });
});

test.for(SHELLS)(
  'a daemon that was held up while a command ended in %s reads what the shell has reported',
  { timeout: 60_000 },
  async (shell, { shells, pilotty }) => {
    needs(shell);
    const session = await shells.start([shell]);
    const daemon = (await pilotty.run('info')).json().pid;
    const { pid } = (await pilotty.run('status', '-s', session)).json();
    const at = (name: string) => join(pilotty.home, 'work', name);
    for (let round = 0; round < 3; round++) {
      for (const name of ['begun', 'go']) rmSync(at(name), { force: true });
      const answer = shells.exec(
        session,
        "touch begun; sh -c 'until [ -e go ]; do sleep 0.02; done'; sh -c 'exit 42'",
      );
      await until('it to begin', () => existsSync(at('begun')));
      process.kill(daemon, 'SIGSTOP');
      writeFileSync(at('go'), '');
      await until('the shell to be back at its prompt', () => isReadingInput(pid));
      process.kill(daemon, 'SIGCONT');
      expect(await answer).toMatchObject({ outcome: 'matched', exit_code: 42 });
    }
    expect((await shells.exec(session, 'echo yes')).stdout).toBe('yes\n');
    expect(await screen(shells, session)).not.toMatch(/pilotty\.exec|No such file/);
  },
);

test('nothing is typed once the deadline has passed, or the client has gone, while other input is sent', async ({
  shells,
}) => {
  const session = await shells.start(['bash']);
  await shells.exec(session, 'true');
  // Keys that leave nothing at the prompt.
  const keys = 'Ctrl+L Ctrl+L Ctrl+L';
  const slow = shells.client.request('session.key', { session, keys, delay_ms: 500 });
  const late = shells.exec(session, 'touch late', { timeout_ms: 100 }).catch((error) => error);
  const gone = new AbortController();
  const left = shells.exec(session, 'touch gone', { signal: gone.signal }).catch((error) => error);
  gone.abort(new Error('gone'));
  expect(await late).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('nothing was') });
  await Promise.all([left, slow]);
  expect((await shells.exec(session, 'ls')).stdout).toBe('');
});

test('a job that ended between two commands is told on the terminal, not in the output of the second', async ({
  shells,
  pilotty,
}) => {
  for (const shell of ['bash', 'zsh', 'dash']) {
    const session = await shells.start([shell]);
    const { stdout } = await shells.exec(
      session,
      "sh -c 'until [ -e stop ]; do sleep 0.02; done' >/dev/null 2>&1 & echo $!",
    );
    writeFileSync(join(pilotty.home, 'work', 'stop'), '');
    await until('the job to end', () => findProcess(Number(stdout)) === undefined);
    rmSync(join(pilotty.home, 'work', 'stop'));
    const next = await shells.exec(session, 'ls /dev/null');
    expect(next).toMatchObject({ stdout: '/dev/null\n', stderr: '' });
    // The shell itself may have seen the end only while it ran that.
    if (shell === 'bash') expect(`${await screen(shells, session)}${next.note}`).toMatch(/\[1\]\+ {1,2}Done/);
  }
});

test("a shell put in the place of the session's has the terminal, and takes the next command", async ({
  shells,
}) => {
  needs('zsh');
  const session = await shells.start(['bash']);
  const first = await shells.exec(session, 'cd /; exec $SHELL --norc -i');
  // Neither its prompt nor what precedes that is the command's.
  expect(first).toMatchObject({
    outcome: 'matched',
    stdout: '',
    exit_code: null,
    note: expect.stringContaining('replaced the shell'),
  });
  expect((await shells.exec(session, 'pwd; echo $-')).stdout).toMatch(/^\/\n.*i/);
  expect((await shells.exec(session, 'echo before; exec zsh -f')).stdout).toBe('before\r\n');
  expect((await shells.exec(session, 'echo ${ZSH_VERSION:0:2}')).stdout).toBe('5.\n');
  const ended = await shells.exec(session, 'S=bash; exec $S');
  expect(ended).toMatchObject({ outcome: 'exited', note: expect.stringContaining('--pty') });
});

test('what replaces the shell is known by its last command', () => {
  const yes = [
    'exec bash',
    'exec zsh -l',
    'a; exec "$SHELL" --login',
    'x && exec -l /bin/fish',
    'exec env A=b bash;',
    'exec ${SHELL}',
  ];
  const no = [
    'exec bash -c "make"',
    'exec ./run.sh',
    'exec >log',
    'exec bash x.sh',
    'echo exec bash now',
    'exec make',
    'git bash',
    'exec bash; ls',
  ];
  expect([...yes, ...no].filter(replacesShell)).toEqual(yes);
});

test('a shell that refuses our line is told of as such, and no command is said to have been run', async ({
  shells,
}) => {
  const restricted = await shells.start(['bash', '-r']);
  await expect(shells.exec(restricted, 'touch no')).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
    message: expect.stringContaining('restricted'),
  });
  const later = await shells.start(['bash']);
  await shells.exec(later, 'set -r').catch(() => {});
  await expect(shells.exec(later, 'touch no')).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
    message: expect.stringMatching(/refused the line.*was not run/),
  });
  for (const shell of ['bash', 'zsh']) {
    const session = await shells.start([shell]);
    await shells.exec(session, '.() { echo taken; }; source() { echo taken; }');
    expect(await shells.exec(session, 'ls')).toMatchObject({ stdout: '', stderr: '', exit_code: 0 });
  }
});

test('a full-screen program without a terminal is ended by what the answer names', async ({
  shells,
  pilotty,
}) => {
  needs('vim');
  const session = await shells.start(['bash']);
  // The deadline is not for a program that starts.
  await shells.exec(session, 'true');
  const { outcome, note } = await shells.exec(session, 'vim -u NONE -i NONE', { timeout_ms: 3000 });
  expect([outcome, note]).toEqual(['deadline', expect.stringContaining(`pilotty signal -s ${session} TERM`)]);
  await pilotty.run('signal', '-s', session, 'TERM');
  expect(await shells.exec(session, undefined)).toMatchObject({ outcome: 'matched' });
  expect((await shells.exec(session, 'echo yes')).stdout).toBe('yes\n');
});

test('what fish says of a mistake shows the line of the command, and no other', async ({ shells }) => {
  needs('fish');
  const session = await shells.start(['fish']);
  const { stderr, exit_code } = await shells.exec(session, 'echo "unclosed');
  expect(stderr).toMatch(/^fish: Unexpected end of string.*\necho "unclosed\n {5}\^/);
  expect(exit_code).not.toBe(0);
});

async function screen(shells: Shells, session: string): Promise<string> {
  const shown = await shells.client.request('session.snapshot', {
    session,
    format: 'text',
    scrollback: 1000,
  });
  return (shown as { text: string }).text;
}
