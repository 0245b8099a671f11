/** Where the original's guides and its code disagreed: the guides' promise holds, and where they are silent the code's. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { test } from './delta.ts';

test('the sessions lie in the working directory, in .sessions', async ({ delta }) => {
  const id = await delta.start('cat');
  expect(existsSync(join(delta.workspace, '.sessions', id, 'metadata.json'))).toBe(true);
});

test('write and write-key answer an object', async ({ delta }) => {
  const id = await delta.start('cat');
  expect(await delta.write(id, 'x')).toEqual({ status: 'sent', bytes: 1, session_id: id });
  expect(await delta.json('write-key', id, 'enter')).toEqual({
    status: 'sent',
    key: 'enter',
    session_id: id,
  });
});

test('list is a bare array; a command is a string in it, in either generation', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'exec cat');
  const second = await delta.json('list');
  const first = JSON.parse((await delta.sh('delta-sessions-pty list')).stdout);
  expect(second).toMatchObject([{ session_id: id, command: 'sh -c exec cat', status: 'active' }]);
  expect(first).toEqual([{ ...second[0], status: 'running' }]);
});

test('status has the times of both, and a list of words only in the first generation', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'exec cat');
  const second = await delta.json('status', id);
  const first = JSON.parse((await delta.sh(`delta-sessions-pty status ${id}`)).stdout);
  const facts = {
    session_id: id,
    pid: expect.any(Number),
    holder_pid: expect.any(Number),
    alive: true,
    uptime_seconds: expect.any(Number),
    created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    last_accessed_at: expect.stringMatching(/^\d{4}-.*Z$/),
    work_dir: delta.workspace,
    execution_count: 0,
  };
  expect(second).toEqual({ ...facts, status: 'active', command: 'sh -c exec cat' });
  expect(first).toEqual({ ...facts, status: 'running', command: ['sh', '-c', 'exec cat'] });
});

test('start of the first generation has its shape, and an id of twelve digits', async ({ delta }) => {
  const { stdout } = await delta.sh('delta-sessions-pty start sh -c "exec cat"');
  expect(JSON.parse(stdout)).toEqual({
    session_id: expect.stringMatching(/^sess_[0-9a-f]{12}$/),
    status: 'running',
    pid: expect.any(Number),
    command: ['sh', '-c', 'exec cat'],
    work_dir: delta.workspace,
  });
});

test('cleanup tells what it removed and what remains', async ({ delta }) => {
  const running = await delta.start('cat');
  const ended = await delta.start('cat');
  await delta.json('end', ended);
  expect(await delta.json('cleanup')).toEqual({ cleaned: [ended], remaining: [running] });
  expect(existsSync(join(delta.workspace, '.sessions', ended))).toBe(false);
});

test('end marks a session in the second generation, and removes it in the first', async ({ delta }) => {
  const id = await delta.start('cat');
  await delta.json('end', id);
  expect(await delta.json('list')).toMatchObject([{ session_id: id, status: 'terminated' }]);
  expect((await delta.sh(`delta-sessions-pty end ${id}`)).code).toBe(0);
  expect(await delta.json('list')).toEqual([]);
});

test('sessions survive the command that started them, and a directory that is named otherwise', async ({
  delta,
}) => {
  const id = await delta.start('cat');
  const { stdout } = await delta.sh(`delta-sessions status ${id} --sessions-dir ./workspace/.sessions`, {
    cwd: delta.pilotty.directory,
  });
  expect(JSON.parse(stdout).alive).toBe(true);
});

test('a cron job without the environment of the agent cleans up no live session', async ({ delta }) => {
  const id = await delta.start('cat');
  const { stdout } = await delta.run('delta-sessions', 'cleanup', {
    env: { PILOTTY_SOCKET_DIR: join(delta.pilotty.directory, 'another') },
  });
  expect(JSON.parse(stdout)).toEqual({ cleaned: [], remaining: [id] });
});

test('a shell that is not installed is refused; one that is, is started with its arguments', async ({
  delta,
}) => {
  const { stderr, code } = await delta.run('delta-sessions', 'start', 'no-such-shell', '-i');
  expect({ code, stderr: stderr.slice(0, 35) }).toEqual({
    code: 1,
    stderr: "Error: Cannot start 'no-such-shell'",
  });
  needs('zsh');
  const id = await delta.start('zsh', '-f');
  expect(await delta.read(id, '--wait')).toContain('ready$ ');
});

test('a failure: a sentence on stderr, and on stdout an object in the first generation only', async ({
  delta,
}) => {
  const second = await delta.run('delta-sessions', 'status', 'sess_none');
  expect(second).toEqual({
    stdout: '',
    stderr: expect.stringMatching(/^Error: Session sess_none not found\n/),
    code: 1,
  });
  const first = await delta.run('delta-sessions-pty', 'status', 'sess_none');
  expect(first).toEqual({
    stdout: '{"error":"Session sess_none not found"}\n',
    stderr: expect.stringMatching(/^Error: Session sess_none not found\n/),
    code: 1,
  });
});

test.for([
  [[], 'No command specified'],
  [['nonsense'], 'Unknown command: nonsense'],
  [['list', '--sessions-dir'], '--sessions-dir requires a value'],
  [['read'], 'Missing session_id argument'],
  [['write-key', 'sess_x'], 'Missing session_id or key_name argument'],
  [['read', 'sess_x', '--lines'], '--lines requires a value'],
  [['read', 'sess_x', '--quick'], 'Unknown option: --quick'],
  [['read', 'sess_x', 'sess_y'], 'Unexpected argument: sess_y'],
  [['status', '../../etc'], 'Session ../../etc not found'],
  [['end', ''], 'Missing session_id argument'],
] as const)('%j: %s', async ([words, message], { delta }) => {
  const { stdout, stderr, code } = await delta.run('delta-sessions', ...words);
  expect({ stdout, code, said: stderr.split('\n')[0] }).toEqual({
    stdout: '',
    code: 1,
    said: `Error: ${message}`,
  });
});

test.for([
  ['start', '/proc/nowhere', 'The sessions directory cannot be written: '],
  ['start', 'notes/below', 'The sessions directory cannot be written: '],
  ['list', 'notes', 'The sessions directory cannot be read: '],
] as const)(
  '%s with the sessions in %s says what is wrong',
  async ([command, directory, message], { delta }) => {
    await delta.sh('echo a file > notes');
    const { stderr, code } = await delta.run('delta-sessions', command, '--sessions-dir', directory);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(`^Error: ${message}`) });
  },
);
