/** What people see at a terminal, where programs get JSON. */
import { expect, test } from 'vitest';
import { runInProcess } from './in-process.ts';

const web = {
  id: 's1',
  name: 'web',
  command: 'npm run dev',
  argv: ['npm', 'run', 'dev'],
  pid: 12,
  state: 'running' as const,
  created_at: '2026-01-01T00:00:00Z',
  cwd: '/srv',
  size: { cols: 80, rows: 24 },
  tags: ['ci', 'night'],
  idle_ms: 1240,
};
const exit = { exit_code: 2, signal: null, success: false, killed_by_client: false };
const job = {
  ...web,
  id: 's2',
  name: 'job',
  command: `echo ${'x'.repeat(90)}\x1b[2J`,
  tags: [],
  idle_ms: 7_300_000,
};
const list = { type: 'sessions' as const, sessions: [web, { ...job, exit: exit as never }], event_cursor: 7 };
const answers = { 'session.list': list };

test('ls is a table on a terminal', async () => {
  const { stdout } = await runInProcess(['ls'], { answers, isTty: true });
  expect(stdout).toBe(
    [
      'NAME  STATE               IDLE  TAGS      COMMAND',
      'web   running             1.2s  ci night  npm run dev',
      `job   ended, exit code 2  2h              echo ${'x'.repeat(44)}…`,
      '',
    ].join('\n'),
  );
  const none = { 'session.list': { ...list, sessions: [] } };
  expect((await runInProcess(['ls'], { answers: none, isTty: true })).stdout).toMatch(/^no session; .*spawn/);
});

test.for([
  [['ls'], false],
  [['ls', '--json'], true],
  [['list-sessions'], true],
  [['list-sessions'], false],
] as const)('%j is JSON, on a terminal: %s', async ([line, isTty]) => {
  expect(JSON.parse((await runInProcess([...line], { answers, isTty })).stdout)).toEqual(list);
});

test('status tells its main facts as lines on a terminal, and everything as JSON elsewhere', async () => {
  const status = {
    ...web,
    type: 'status' as const,
    foreground: {
      pid: 13,
      process_group: 13,
      argv: ['sudo', '-k'],
      state: 'sleeping' as const,
      reading: true,
    },
    terminal: { echo: false, canonical: true, processes_output: true, password_prompt: true },
    stopped_jobs: [],
    current_directory: '/tmp',
    shell: { at_prompt: null, last_command_number: null },
    retention: { total_bytes: 9, retained_bytes: 9, dropped_bytes: 0, truncated: false },
  };
  const given = { answers: { 'session.status': status } };
  const { stdout } = await runInProcess(['status'], { ...given, isTty: true });
  expect(stdout).toBe(`name:        web (id s1)
state:       running, pid 12
command:     npm run dev
directory:   /tmp
terminal:    80x24
idle:        1.2s
foreground:  sudo -k (pid 13)
asks:        for a password
tags:        ci night
output:      9 bytes
`);
  for (const around of [{ ...given, isTty: false }, given])
    expect(JSON.parse((await runInProcess(['status'], around)).stdout)).toEqual(status);
  const forced = await runInProcess(['status', '--json'], { ...given, isTty: true });
  expect(JSON.parse(forced.stdout)).toEqual(status);
});

test('commands are a table on a terminal, and events lines', async () => {
  const ran = { state: 'finished', started_at: '', cwd: '/', output: { start: 0, end: 0 } } as const;
  const commands = [
    { ...ran, number: 1, command: 'make', exit_code: 2, duration_ms: 1240 },
    { ...ran, number: 2, state: 'running', command: 'tail -f log', exit_code: null, duration_ms: null },
  ];
  const given = { answers: { 'session.commands': { commands } } as object };
  const { stdout } = await runInProcess(['commands'], { ...given, isTty: true });
  expect(stdout.split('\n')).toEqual([
    'NUMBER  EXIT CODE  TIME  COMMAND',
    '1       2          1.2s  make',
    '2       running          tail -f log',
    '',
  ]);
  expect(JSON.parse((await runInProcess(['commands', '--json'], { ...given, isTty: true })).stdout)).toEqual({
    commands,
  });
  const end = { answers: { 'events.follow': { type: 'events_end', event_cursor: 7 } } as object };
  expect((await runInProcess(['events'], { ...end, isTty: true })).stdout).toBe(
    'events_end  event_cursor=7\n',
  );
  expect((await runInProcess(['events'], end)).stdout).toBe('{"type":"events_end","event_cursor":7}\n');
});
