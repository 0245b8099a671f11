/** What a daemon that was killed leaves for the next one: what was lost, what still runs, and the same sessions again. */
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const stateOf = (pilotty: Pilotty) => join(pilotty.home, '.local/state/pilotty/sessions');

/** All that is kept there, as one text. */
function kept(pilotty: Pilotty, ending: string): string {
  const directory = stateOf(pilotty);
  if (!existsSync(directory)) return '';
  return readdirSync(directory, { recursive: true })
    .map((name) => join(directory, String(name)))
    .filter((path) => path.endsWith(ending) && statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
}

const untilKept = (pilotty: Pilotty, text: string, ending = 'sessions.json') =>
  until(`'${text}' on disk`, () => kept(pilotty, ending).includes(text), {
    lastSeen: () => kept(pilotty, ending),
  });

/** Ends the daemon without its knowledge. */
async function killDaemon(pilotty: Pilotty, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const { pid } = (await pilotty.run('info')).json();
  process.kill(pid, signal);
  await until('the end of the daemon', () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
}

test('after kill -9 the next daemon says what was lost, and starts it again', async ({ pilotty }) => {
  // Where it has gone since is not where it is started again.
  const program = ['sh', '-c', 'echo "$MARK in $PWD"; cd /tmp; exec cat'];
  const options = ['--name', 'web', '--tag', 'ci', '--size', '60x10', '--cwd', '/'];
  await pilotty.run('spawn', ...options, ...program, { env: { MARK: 'first', SECRET: 'not on disk' } });
  await pilotty.run('wait', '-s', 'web', '--text', 'first in /');
  await pilotty.run('rename', '-s', 'web', 'site');
  await pilotty.run('resize', '-s', 'site', '61x11');
  await pilotty.run('spawn', '--ephemeral', '--name', 'gone', 'cat');
  await untilKept(pilotty, '"cols":61');
  await untilKept(pilotty, 'first in /', '.output');
  expect(kept(pilotty, '')).not.toContain('not on disk');
  for (const name of readdirSync(stateOf(pilotty), { recursive: true }))
    expect(statSync(join(stateOf(pilotty), String(name))).mode & 0o077, String(name)).toBe(0);
  await killDaemon(pilotty);

  expect((await pilotty.run('list-sessions')).json()).toMatchObject({ sessions: [], lost_sessions: 1 });
  expect((await pilotty.run('info')).json()).toMatchObject({ lost_sessions: 1 });
  expect(pilotty.log()).toContain(
    "the session of an earlier daemon is lost; 'pilotty restore' starts it again",
  );
  expect((await pilotty.run('doctor')).stdout).toContain("'pilotty restore' lists them");
  const missing = await pilotty.run('status', '-s', 'site');
  expect(missing.stderr).toContain("'pilotty restore site'");
  expect((await pilotty.run('restore')).json().sessions).toMatchObject([
    { name: 'site', argv: program, cwd: '/', tags: ['ci'], size: { cols: 61, rows: 11 }, because: 'killed' },
  ]);
  expect((await pilotty.run('restore', '--show', 'site')).stdout).toBe('first in /\n');

  // Two that want it at once: one gets it.
  const env = { MARK: 'again' };
  const both = await Promise.all(['site', 'site'].map((name) => pilotty.run('restore', name, { env })));
  expect(both.map(({ code }) => code).sort()).toEqual([0, 5]);
  await pilotty.run('wait', '-s', 'site', '--text', 'again in /');
  const status = (await pilotty.run('status', '-s', 'site')).json();
  expect(status).toMatchObject({ argv: program, cwd: '/', tags: ['ci'], size: { cols: 61, rows: 11 } });
  const screen = await pilotty.run('snapshot', '-s', 'site', '-f', 'text', '--scrollback', '5');
  expect(screen.stdout).toMatch(/first in \/\s+again in \//);
  expect((await pilotty.run('restore')).json().sessions).toEqual([]);
  await untilKept(pilotty, '"lost":[]');
});

test('a program that has outlived its terminal is named, and not started twice', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'sh', '-c', 'trap "" HUP; echo ready; exec sleep 1000');
  await pilotty.run('wait', '-s', 'a', '--text', 'ready');
  await untilKept(pilotty, '"name":"a"');
  await killDaemon(pilotty);
  const [lost] = (await pilotty.run('restore')).json().sessions;
  expect(lost).toMatchObject({ name: 'a', still_runs: true });
  const refused = (await pilotty.run('restore', '--all')).json();
  expect(refused.results).toMatchObject([
    { ok: false, error: { code: 'UNAVAILABLE', details: { pid: lost.pid } } },
  ]);
  process.kill(lost.pid, 'SIGKILL');
  await until('its end', async () => !(await pilotty.run('restore')).json().sessions[0]?.still_runs);
  expect((await pilotty.run('restore', '--all')).code).toBe(0);
  await pilotty.run('wait', '-s', 'a', '--text', 'ready');
});

test('a daemon that is ended by a signal, as at a reboot, leaves its sessions; stop and kill leave nothing', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'a', 'sh', '-c', 'echo shown; exec cat');
  await pilotty.run('wait', '-s', 'a', '--text', 'shown');
  await killDaemon(pilotty, 'SIGTERM');
  expect((await pilotty.run('restore')).json().sessions).toMatchObject([{ name: 'a', because: 'signalled' }]);
  expect((await pilotty.run('restore', '--show', 'a')).stdout).toBe('shown\n');
  await pilotty.run('restore', 'a');
  await pilotty.run('spawn', '--name', 'b', 'cat');
  await untilKept(pilotty, '"name":"b"');
  await pilotty.run('kill', '-s', 'b');
  await until('b to be removed', () => !kept(pilotty, 'sessions.json').includes('"name":"b"'));
  await pilotty.run('stop');
  expect(kept(pilotty, '')).toBe('');
  expect((await pilotty.run('restore')).json().sessions).toEqual([]);
});

test.for<NodeJS.Signals>(['SIGKILL', 'SIGTERM'])(
  'after %s the first answer that names a lost session says how it is started again',
  async (signal, { pilotty }) => {
    const names = ['a', 'default'];
    for (const name of names) await pilotty.run('spawn', '--name', name, 'cat');
    for (const name of names) await untilKept(pilotty, `"name":"${name}"`);
    const first: [string, string[]][] = [
      ['a', ['status', '-s', 'a']],
      ['default', ['status']],
      ['a', ['kill', '-s', 'a']],
    ];
    for (const [name, command] of first) {
      await killDaemon(pilotty, signal);
      const { stdout, stderr } = await pilotty.run(...command);
      expect(`${stdout}${stderr}`).toContain(`pilotty restore ${name}`);
    }
  },
);

test('what is lost stays so until it is restored or forgotten, also over further daemons', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'a', '--cwd', '/', 'cat');
  await pilotty.run('spawn', '--name', 'b', '/bin/cat');
  await untilKept(pilotty, '"name":"b"');
  await killDaemon(pilotty);
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const both = /"sessions":\[\{.*"lost":\[\{/;
  await until('what runs and what was lost on disk', () => both.test(kept(pilotty, 'sessions.json')));
  const taken = (await pilotty.run('restore', 'a')).json();
  expect(taken.results).toMatchObject([{ ok: false, error: { code: 'SESSION_EXISTS' } }]);
  await killDaemon(pilotty);
  const names = async () =>
    (await pilotty.run('restore')).json().sessions.map(({ name }: { name: string }) => name);
  expect((await names()).sort()).toEqual(['a', 'a', 'b']);
  await pilotty.run('restore', '--forget', 'b');
  expect(await names()).toEqual(['a', 'a']);
  await pilotty.run('stop');
  expect(await names()).toEqual(['a', 'a']);
});

test('PILOTTY_RESTORE and PILOTTY_REDACT say what is not kept', async ({ pilotty }) => {
  const spawn = async (env: Record<string, string>, name: string) => {
    const words = ['sh', '-c', 'echo token-abc shown; exec cat'];
    await pilotty.run('spawn', '--name', name, ...words, { env });
    await pilotty.run('spawn', '--name', `${name}-plain`, 'cat', { env });
    await pilotty.run('wait', '-s', name, '--text', 'shown');
  };
  await spawn({ PILOTTY_RESTORE: 'commands' }, 'commands');
  await untilKept(pilotty, '"name":"commands-plain"');
  await pilotty.run('stop');
  await spawn({ PILOTTY_REDACT: 'token-[a-z]+' }, 'redacted');
  await untilKept(pilotty, '"name":"redacted-plain"');
  await untilKept(pilotty, '[redacted] shown', '.output');
  // Its arguments could not be kept without what is to be left out.
  expect(kept(pilotty, '')).not.toContain('token-abc');
  expect(kept(pilotty, '')).not.toContain('"name":"redacted"');
  await pilotty.run('stop');
  await spawn({ PILOTTY_RESTORE: 'off' }, 'off');
  const refused = await pilotty.run('restore');
  expect(refused.error()).toMatchObject({ code: 'UNAVAILABLE' });
  await killDaemon(pilotty);
  expect(kept(pilotty, '')).toBe('');
});

test.for([
  ['truncated', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 40))],
  [
    'a symbolic link',
    (path: string) => {
      writeFileSync(`${path}.elsewhere`, readFileSync(path), { mode: 0o600 });
      unlinkSync(path);
      symlinkSync(`${path}.elsewhere`, path);
    },
  ],
] as const)(
  'a record that is %s is ignored with a line in the log, and sessions are kept anew',
  async ([, spoil], { pilotty }) => {
    await pilotty.run('spawn', '--name', 'a', 'cat');
    await untilKept(pilotty, '"name":"a"');
    await killDaemon(pilotty);
    const [key = ''] = readdirSync(stateOf(pilotty));
    const directory = join(stateOf(pilotty), key);
    const path = join(directory, readdirSync(directory).find((name) => name.endsWith('sessions.json')) ?? '');
    spoil(path);
    expect((await pilotty.run('restore')).json().sessions).toEqual([]);
    expect(pilotty.log()).toContain('what was kept of sessions cannot be used');
    await pilotty.run('spawn', '--name', 'b', 'cat');
    await untilKept(pilotty, '"name":"b"');
    if (existsSync(`${path}.elsewhere`))
      expect(readFileSync(`${path}.elsewhere`, 'utf8')).not.toContain('"name":"b"');
  },
);

test('where nothing can be written, sessions go on, and the log says it once', async ({ pilotty }) => {
  writeFileSync(join(pilotty.home, '.local/state'), 'in the way');
  for (const name of ['a', 'b']) {
    await pilotty.run('spawn', '--name', name, 'sh', '-c', 'echo ready; exec cat');
    await pilotty.run('wait', '-s', name, '--text', 'ready');
    await until('the attempt', () => pilotty.log().includes('sessions cannot be kept on disk'));
  }
  await pilotty.run('stop');
  expect(pilotty.log().split('sessions cannot be kept on disk')).toHaveLength(2);
});
