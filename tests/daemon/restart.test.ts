/** The program of a session is started again in place: what stays, what begins anew, and what never reaches the new one. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StreamEvent } from '../../packages/client/src/index.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** Prints its number among all that ran, and then what is typed. */
const COUNTED = ['sh', '-c', 'echo x >> runs; echo "run $(wc -l < runs | tr -d " ")"; exec cat'];

/** @returns the session's id */
async function spawnCounted(pilotty: Pilotty, name = 'a', more: object = {}): Promise<string> {
  const session = await pilotty.spawn(name, COUNTED, more);
  await pilotty.client.request('session.wait', { session, text: 'run 1' });
  return session;
}

async function restart(pilotty: Pilotty, session: string, text = 'run 2') {
  return pilotty.client.request('session.restart', { session, wait: { text } });
}

test('name, tags, size, directory and environment stay, and status says how often and when', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const env = { ...pilotty.env, MINE: 'my value' };
  const argv = ['sh', '-c', 'echo "$MINE|$PILOTTY_SESSION|$PWD|$(stty size)"; exec cat'];
  const session = await pilotty.spawn('a', argv, { env, tags: ['ci'] });
  await client.request('session.wait', { session, text: 'my value|a' });
  await client.request('session.change', { session, name: 'b', cols: 50, rows: 9, add_tags: ['new'] });
  const before = await client.request('session.status', { session });
  expect(before.restarts).toBeUndefined();
  const restarted = await restart(pilotty, session, `my value|b|${pilotty.home}|9 50`);
  expect(restarted).toMatchObject({ session: 'b', session_id: session, restarts: 1, survivors: [] });
  const after = await client.request('session.status', { session: 'b' });
  const { id, name, tags, size, cwd, argv: same, created_at } = before;
  expect(after).toMatchObject({
    id,
    name,
    tags,
    size,
    cwd,
    argv: same,
    created_at,
    restarts: 1,
    state: 'running',
  });
  expect(after.pid).not.toBe(before.pid);
  expect(Date.parse(after.restarted_at ?? '')).toBeGreaterThanOrEqual(Date.parse(created_at));
  expect(after.exit).toBeUndefined();
});

test('viewers, followers and recordings go on, and see one session', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await spawnCounted(pilotty);
  const file = join(pilotty.home, 'a.cast');
  await client.request('recording.start', { session, file });
  const parts: StreamEvent<'session.view'>[] = [];
  const view = client.request('session.view', { session }, { onEvent: (part) => void parts.push(part) });
  const attached: object[] = [];
  const attach = client.request(
    'session.attach',
    { session, window: { cols: 60, rows: 12 } },
    { onEvent: (event) => void attached.push(event) },
  );
  await until('the view and the attachment', () => parts.length > 0 && attached.length > 0);
  const { output_offset: offset } = await restart(pilotty, session);
  await client.request('session.type', { session, text: 'hello', enter: true, wait: { text: 'hello' } });
  const status = await client.request('session.status', { session });
  expect(status.attached).toHaveLength(1);
  expect(status.recorded_into).toEqual([file]);
  expect(status.size).toEqual({ cols: 60, rows: 12 });
  const whole = await pilotty.run('output', '-s', session);
  expect(whole.stdout).toMatch(/run 1.*run 2.*hello/s);
  const { stdout } = await pilotty.run('output', '-s', session, '--since', String(offset));
  expect(stdout).not.toContain('run 1');
  expect(stdout).toContain('run 2');
  // Above the new program's first line, and nothing between the two.
  const screen = await client.request('session.snapshot', { session, format: 'text', scrollback: 10 });
  expect(screen.text?.split('\n').slice(0, 2)).toEqual(['run 1', 'run 2']);
  await client.request('session.kill', { session });
  expect(await view).toMatchObject({ exit: { signal: 'SIGTERM' } });
  expect(await attach).toMatchObject({ exit: { signal: 'SIGTERM' } });
  expect(parts.filter(({ type }) => type === 'exited')).toHaveLength(1);
  // Its end is written after the session has ended.
  const written = () => readFileSync(file, 'utf8');
  await until('the end of the recording', () => written().includes('"x"'));
  const lines = written().trimEnd().split('\n').slice(1);
  const events = lines.map((line) => JSON.parse(line) as [number, string, string]);
  expect(
    events.filter(([, code]) => code !== 'o' && code !== 'r').map(([, code, data]) => [code, data]),
  ).toEqual([
    ['m', 'the program was restarted'],
    ['x', '143'],
  ]);
});

test('a wait for the end is answered with the end of the program before, others go on', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await spawnCounted(pilotty);
  const { event_cursor: after } = await client.request('session.list', {});
  const exit = client.request('session.wait', { session, exit: true });
  const many = client.request('sessions.wait', { sessions: [session], exit: true });
  const text = client.request('session.wait', { session, text: 'run 2' });
  await restart(pilotty, session);
  const ended = { exit: { signal: 'SIGTERM', killed_by_client: true } };
  expect(await exit).toMatchObject({ outcome: 'exited', holds: true, ...ended });
  expect(await many).toMatchObject({ ready: [{ outcome: 'exited', holds: true, ...ended }] });
  expect(await text).toMatchObject({ outcome: 'matched' });
  expect((await text).exit).toBeUndefined();
  // A loop from a cursor before gets that end once; a wait from now on is for the end of this program.
  const loop = await client.request('sessions.wait', { sessions: [session], exit: true, after });
  expect(loop.ready).toMatchObject([{ holds: true, ...ended }]);
  const next = { sessions: [session], exit: true, after: loop.event_cursor, timeout_ms: 50 };
  expect(await client.request('sessions.wait', next)).toMatchObject({ outcome: 'deadline', ready: [] });
  const now = await client.request('session.wait', { session, exit: true, timeout_ms: 50 });
  expect(now).toMatchObject({ outcome: 'deadline', holds: false });
});

test('the events are a restart with how the program before ended, and no exit in between', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await spawnCounted(pilotty);
  const { pid } = await restart(pilotty, session);
  await client.request('session.kill', { session });
  const events: StreamEvent<'events.follow'>[] = [];
  const types = ['spawned', 'restarted', 'exited'] as const;
  const asked = { sessions: [session], types: [...types], after: 0, timeout_ms: 100 };
  await client.request('events.follow', asked, { onEvent: (event) => void events.push(event) });
  expect(events.map(({ type }) => type)).toEqual([...types]);
  expect(events[1]).toMatchObject({ pid, exit: { signal: 'SIGTERM' } });
  expect(events[2]).toMatchObject({ exit: { signal: 'SIGTERM' } });
});

test('modes, title and alternate screen are those of a new terminal', async ({ pilotty }) => {
  const { client } = pilotty;
  const draws =
    'printf "main\\033]2;old\\007\\033[?1049h\\033[?1;1000;2004h\\033[>1u\\033[?25lfull"; exec cat';
  const argv = ['sh', '-c', `if [ -e ran ]; then echo plain; exec cat; fi; touch ran; ${draws}`];
  const session = await pilotty.spawn('a', argv);
  await client.request('session.wait', { session, text: 'full' });
  await restart(pilotty, session, 'plain');
  const status = await client.request('session.status', { session });
  expect(status).toMatchObject({ modes: {} });
  expect(status.title).toBeUndefined();
  expect(status.alternate_screen).toBeUndefined();
  const screen = await client.request('session.snapshot', { session, format: 'text', scrollback: 10 });
  expect(screen).toMatchObject({ cursor: { row: 1, col: 0, visible: true } });
  expect(screen.text).toContain('main');
});

test('an ended session runs again under its name, unless another has it', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await spawnCounted(pilotty);
  await client.request('session.kill', { session });
  await restart(pilotty, session);
  expect((await client.request('session.list', {})).sessions).toMatchObject([
    { id: session, state: 'running' },
  ]);
  await client.request('session.kill', { session });
  const other = await pilotty.spawn('a', ['cat']);
  await expect(client.request('session.restart', { session })).rejects.toMatchObject({
    code: 'SESSION_EXISTS',
  });
  expect((await client.request('session.status', { session })).state).toBe('exited');
  await client.request('session.rename', { session: other, name: 'b' });
  await restart(pilotty, session, 'run 3');
  await client.request('session.kill', { session });
  await client.request('daemon.gc', { sessions: [session] });
  await expect(client.request('session.restart', { session })).rejects.toMatchObject({
    code: 'SESSION_NOT_FOUND',
  });
});

test('a program or directory that is gone is refused with nothing done', async ({ pilotty }) => {
  const { client } = pilotty;
  const program = join(pilotty.home, 'program');
  writeFileSync(program, '#!/bin/sh\necho ready\nexec cat\n');
  chmodSync(program, 0o755);
  const session = await pilotty.spawn('a', [program]);
  await client.request('session.wait', { session, text: 'ready' });
  rmSync(program);
  const asked = client.request('session.restart', { session });
  await expect(asked).rejects.toMatchObject({
    code: 'SPAWN_FAILED',
    message: expect.stringContaining('no such file'),
  });
  await client.request('session.type', { session, text: 'still', enter: true, wait: { text: 'still' } });
  expect((await client.request('session.status', { session })).restarts).toBeUndefined();
});

test('a start that fails once the program has ended leaves an ended session, with all of its output', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const program = join(pilotty.home, 'program');
  // What is looked at before the program is ended is as it should be.
  writeFileSync(
    program,
    '#!/bin/sh\ntrap \'rm -f "$0"; exit 5\' TERM\necho ready\nwhile :; do sleep 0.05; done\n',
  );
  chmodSync(program, 0o755);
  const session = await pilotty.spawn('a', [program]);
  const exit = client.request('session.wait', { session, exit: true });
  await client.request('session.wait', { session, text: 'ready' });
  await expect(client.request('session.restart', { session })).rejects.toMatchObject({
    code: 'SPAWN_FAILED',
    message: expect.stringContaining("Session 'a' was ended, and not started again"),
    details: { session: 'a', session_id: session },
  });
  expect(existsSync(program)).toBe(false);
  expect(await exit).toMatchObject({ holds: true, exit: { exit_code: 5 } });
  expect((await client.request('session.status', { session })).state).toBe('exited');
  expect((await pilotty.run('output', '-s', session)).stdout).toContain('ready');
});

test('a kill during a restart wins, and a second restart is refused', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('a', [
    'sh',
    '-c',
    // A shell that ignores TERM is sent HUP as well.
    'trap "" TERM HUP; echo ready; while :; do sleep 0.05; done',
  ]);
  await client.request('session.wait', { session, text: 'ready' });
  const first = client.request('session.restart', { session, grace_ms: 20_000 });
  const outcome = first.catch((error: unknown) => error);
  const second = client.request('session.restart', { session });
  await expect(second).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await client.request('session.kill', { session, signal: 'KILL' });
  expect(await outcome).toMatchObject({ code: 'SESSION_EXITED' });
  expect(await client.request('session.status', { session })).toMatchObject({ state: 'exited' });
});

test('what was to be typed into one program is not typed into the next, and does not hold it up', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await spawnCounted(pilotty);
  const failed = (asked: Promise<unknown>) =>
    asked.then(
      () => 'it was sent',
      (error) => error.code,
    );
  const slow = failed(client.request('session.key', { session, keys: 'a b', delay_ms: 5000 }));
  await pilotty.untilShown('a[_]', session);
  const queued = failed(client.request('session.type', { session, text: 'queued', enter: true }));
  await restart(pilotty, session);
  const typed = { session, text: 'new', enter: true, wait: { text: 'new' } };
  expect(await client.request('session.type', typed)).toMatchObject({ wait: { holds: true } });
  expect(await Promise.all([slow, queued])).toEqual(['CONDITION_FAILED', 'CONDITION_FAILED']);
  const { stdout } = await pilotty.run('output', '-s', session);
  expect(stdout.split('run 2')[1]?.replaceAll(/\s/g, '')).toBe('newnew');
});

test('a command of exec ends with its shell, and the next one runs in the new shell', async ({ pilotty }) => {
  needs('bash');
  const { client } = pilotty;
  const session = await pilotty.spawn('a', ['bash', '--norc']);
  const exec = async (command: string) => client.request('session.exec', { session, command });
  await exec('here=old');
  const running = client.request('session.exec', { session, command: 'echo begun > begun; sleep 1000' });
  await until('the command', () => existsSync(join(pilotty.home, 'begun')));
  await client.request('session.restart', { session, signal: 'KILL' });
  expect(await running).toMatchObject({ outcome: 'exited' });
  expect(await pilotty.run('exec', '-s', session, 'echo "[$here]"')).toMatchObject({
    code: 0,
    stdout: '[]\n',
  });
});

test('a command of exec that passed its deadline is waited for across a restart: its rest, and how it ended', async ({
  pilotty,
}) => {
  needs('bash');
  const { client } = pilotty;
  const session = await pilotty.spawn('a', ['bash', '--norc']);
  const command =
    'echo said; until [ -e go ]; do sleep 0.05; done; echo rest; echo said > rest-said; exec sleep 1000';
  const cut = new AbortController();
  const begun = client.request(
    'session.exec',
    { session, command },
    { signal: cut.signal, onEvent: () => cut.abort() },
  );
  await expect(begun).rejects.toBeDefined();
  // Answered after the request has been cancelled: what is printed now is for the next.
  await client.request('session.status', { session });
  writeFileSync(join(pilotty.home, 'go'), '');
  await until('the rest', () => existsSync(join(pilotty.home, 'rest-said')));
  await client.request('session.restart', { session, signal: 'KILL' });
  const printed: string[] = [];
  const rest = await client.request(
    'session.exec',
    { session, wait: true },
    { onEvent: ({ data_base64 }) => void printed.push(Buffer.from(data_base64, 'base64').toString()) },
  );
  expect([rest.outcome, printed.join('')]).toEqual(['exited', 'rest\n']);
  await expect(client.request('session.exec', { session, wait: true })).rejects.toMatchObject({
    message: "No command is running in session 'a'",
  });
});

test('its lifetime begins anew', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await spawnCounted(pilotty, 'a', { ttl_ms: 1500 });
  await restart(pilotty, session);
  expect(await client.request('session.wait', { session, exit: true })).toMatchObject({
    exit: { ended_because: 'ttl' },
  });
});

test('the command restarts several, and waits in each', async ({ pilotty }) => {
  for (const name of ['a', 'b'])
    await pilotty.spawn(name, ['sh', '-c', 'echo up; exec cat'], { tags: ['ci'] });
  const { code, stdout } = await pilotty.run('restart', '--tag', 'ci', '--wait-text', 'up', '--grace', '1s');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).results).toMatchObject(
    ['a', 'b'].map((session) => ({
      session,
      ok: true,
      result: { restarts: 1, wait: { outcome: 'matched' } },
    })),
  );
  const one = await pilotty.run('restart', '-s', 'a', '--signal', 'KILL', '--fields', 'session,restarts');
  expect(one.json()).toEqual({ session: 'a', restarts: 2 });
});
