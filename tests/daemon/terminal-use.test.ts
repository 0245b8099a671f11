/** What the kernel knows of a session: who has the keyboard, how the terminal is set, which jobs are stopped. */
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

const isLinux = process.platform === 'linux';
/** What only Linux tells of a process that reads its terminal. */
const READING = isLinux ? true : null;

async function statusOf(pilotty: Pilotty, name = 'default') {
  return (await pilotty.run('status', '-s', name)).json();
}

/** Once the session's status is so; a program shows its prompt before it reads the answer. */
async function untilStatus(
  pilotty: Pilotty,
  what: string,
  holds: (status: Status) => boolean,
): Promise<Status> {
  let last: Status;
  return until(
    what,
    async () => {
      last = await statusOf(pilotty);
      return holds(last) && last;
    },
    { lastSeen: () => JSON.stringify(last) },
  );
}
// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Status = any;

describe('a password is asked for', () => {
  test.for([
    ['by a shell', ['sh', '-c', 'stty -echo; printf "Password: "; read secret']],
    ['by a shell that prompts first', ['sh', '-c', 'printf "Password: "; stty -echo; read secret']],
    ['by bash', ['bash', '-c', 'read -rsp "Password: " secret']],
    ['by Python', ['python3', '-c', 'import getpass; getpass.getpass()']],
    [
      'on /dev/tty, with stdin elsewhere',
      ['sh', '-c', 'exec </dev/tty; stty -echo; exec head -n1 </dev/tty'],
    ],
  ] as const)('%s', async ([, argv], { pilotty }) => {
    needs(argv[0]);
    await pilotty.run('spawn', ...argv);
    const asked = await untilStatus(pilotty, 'a password prompt', ({ terminal }) => terminal.password_prompt);
    expect(asked).toMatchObject({
      terminal: { echo: false, canonical: true, processes_output: true, password_prompt: true },
      foreground: { pid: expect.any(Number), state: 'sleeping', reading: READING },
      stopped_jobs: [],
    });
    expect(asked.foreground.process_group).toBe(asked.pid);
  });

  test('by ssh-keygen, which reads as ssh and sudo do, and the deadline says by whom', async ({
    pilotty,
  }) => {
    needs('ssh-keygen');
    await pilotty.run('spawn', 'ssh-keygen', '-t', 'ed25519', '-f', join(pilotty.home, 'key'));
    await pilotty.run('wait-for', 'passphrase');
    await untilStatus(pilotty, 'a password prompt', ({ terminal }) => terminal.password_prompt);
    const late = (await pilotty.run('wait-for', 'randomart', '-t', '1ms')).json();
    expect(late).toMatchObject({
      foreground: { argv: expect.arrayContaining(['ssh-keygen']) },
      terminal: { password_prompt: true },
      note: expect.stringMatching(
        /'ssh-keygen -t .*asks for a password.*pilotty type -s default --secret env:NAME --enter/,
      ),
    });
  });
});

describe('no password is asked for', () => {
  test('by a program in raw mode', async ({ pilotty }) => {
    needs('vim');
    await pilotty.run('spawn', 'vim', '-u', 'NONE');
    await pilotty.run('wait-for', '~');
    expect((await statusOf(pilotty)).terminal).toEqual({
      echo: false,
      canonical: false,
      processes_output: true,
      password_prompt: false,
    });
  });

  test('by a line editor at its prompt', async ({ pilotty }) => {
    needs('bash');
    await pilotty.run('spawn', '--env', 'PS1=ready> ', 'bash', '--norc');
    await pilotty.run('wait-for', 'ready> ');
    const { terminal, foreground } = await untilStatus(
      pilotty,
      'raw mode',
      (status) => !status.terminal.canonical,
    );
    expect({ terminal, foreground }).toMatchObject({
      terminal: { echo: false, password_prompt: false },
      // It waits in select for more than the terminal.
      foreground: { state: 'sleeping', reading: null },
    });
  });

  test('by a program that reads a line and shows it', async ({ pilotty }) => {
    await pilotty.run('spawn', 'cat');
    const { terminal } = await untilStatus(
      pilotty,
      'cat to read',
      (status) => status.foreground.reading === READING,
    );
    expect(terminal).toEqual({ echo: true, canonical: true, processes_output: true, password_prompt: false });
    expect((await pilotty.run('wait-for', 'never', '-t', '1ms')).json().note).toMatch(
      isLinux
        ? /'cat' has the keyboard.*waits for a line of input.*'pilotty type -s default TEXT --enter'/
        : /'cat'/,
    );
  });

  test.runIf(isLinux)('by a program that hides what is typed, but reads nothing now', async ({ pilotty }) => {
    await pilotty.run('spawn', 'sh', '-c', 'stty -echo; exec sleep 1000');
    const { terminal } = await untilStatus(
      pilotty,
      'sleep to sleep',
      ({ foreground }) => foreground.argv[0] === 'sleep' && foreground.reading === false,
    );
    expect(terminal).toEqual({
      echo: false,
      canonical: true,
      processes_output: true,
      password_prompt: false,
    });
    expect((await pilotty.run('wait-for', 'never', '-t', '1ms')).json().note).toMatch(
      /'sleep 1000' has the keyboard and last wrote \d+ ms ago\. It runs, and reads nothing now/,
    );
  });
});

test('a job that Ctrl+Z stopped is listed, and how to go on with it is said', async ({ pilotty }) => {
  needs('bash');
  await pilotty.run('spawn', '--env', 'PS1=ready> ', 'bash', '--norc');
  await pilotty.run('type', 'sleep 1000 | cat', '--enter');
  const running = await untilStatus(pilotty, 'the job', ({ foreground }) => foreground?.argv[0] === 'sleep');
  expect(running.foreground.process_group).not.toBe(running.pid);
  await pilotty.run('key', 'Ctrl+Z');
  await pilotty.run('wait-for', 'Stopped');
  const stopped = await untilStatus(pilotty, 'the shell', ({ foreground }) => foreground?.argv[0] === 'bash');
  expect(stopped.stopped_jobs).toEqual([
    { process_group: running.foreground.process_group, argv: ['sleep', '1000'] },
  ]);
  expect((await pilotty.run('wait-for', 'never', '-t', '1ms')).json().note).toMatch(
    /'sleep 1000' is stopped \(Ctrl\+Z\).*'pilotty type -s default fg --enter'/,
  );
  await pilotty.run('type', 'fg', '--enter');
  const again = await untilStatus(pilotty, 'the job', ({ foreground }) => foreground?.argv[0] === 'sleep');
  expect(again.stopped_jobs).toEqual([]);
});

test('a program that is stopped while it has the keyboard is said to be', async ({ pilotty }) => {
  const { pid } = (await pilotty.run('spawn', 'cat')).json();
  await pilotty.run('signal', 'STOP');
  const { terminal } = await untilStatus(
    pilotty,
    'the stop',
    ({ foreground }) => foreground.state === 'stopped',
  );
  expect(terminal.password_prompt).toBe(false);
  expect((await pilotty.run('wait-for', 'never', '-t', '1ms')).json()).toMatchObject({
    foreground: { pid, state: 'stopped', reading: false },
    note: expect.stringMatching(/'cat' has the keyboard and is stopped; 'pilotty signal CONT -s default'/),
  });
  await pilotty.run('signal', 'CONT');
  await untilStatus(pilotty, 'cat to go on', ({ foreground }) => foreground.state === 'sleeping');
});

test('of a pipeline whose first program has ended, another is named', async ({ pilotty }) => {
  needs('bash');
  await pilotty.run('spawn', '--env', 'PS1=ready> ', 'bash', '--norc');
  await pilotty.run('type', 'true | sleep 1000', '--enter');
  const { foreground } = await untilStatus(
    pilotty,
    'sleep alone',
    (status) => status.foreground?.argv[0] === 'sleep',
  );
  expect(foreground).toMatchObject({ argv: ['sleep', '1000'], state: 'sleeping' });
  expect(foreground.pid).not.toBe(foreground.process_group);
  // What goes to the foreground goes to the group, whoever leads it.
  expect((await pilotty.run('signal', 'INT')).json().process_group).toBe(foreground.process_group);
  expect((await pilotty.run('wait-for', '-r', 'ready> .*\n+ready> $')).code).toBe(0);
});

test('an ended session has no foreground and no terminal', async ({ pilotty }) => {
  await pilotty.run('spawn', 'true');
  await pilotty.run('wait-for', 'nothing');
  expect(await statusOf(pilotty)).toMatchObject({ foreground: null, terminal: null, stopped_jobs: [] });
});
