/** A daemon that does not answer: every command ends, says which process it is, and offers what helps. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { findProcess } from '../../packages/daemon/src/processes/process-table.ts';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

test('every command ends at a daemon that is stopped, and nothing of it is done afterwards', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'kept', 'cat');
  const { pid } = (await pilotty.run('info')).json();
  process.kill(pid, 'SIGSTOP');
  try {
    const commands = [
      ['info'],
      ['ls'],
      ['kill', '-s', 'kept'],
      ['stop'],
      ['type', '-s', 'kept', '--enter', 'typed in vain'],
      ['wait-for', '-s', 'kept', 'x', '-t', '5m'],
    ];
    const answers = await Promise.all(commands.map((words) => pilotty.run(...words)));
    for (const answer of answers) {
      expect(answer.code).toBe(6);
      expect(answer.error()).toMatchObject({
        code: 'DAEMON_UNREACHABLE',
        message: expect.stringContaining(`process ${pid}`),
        suggestion: expect.stringContaining('pilotty stop --force'),
        details: { pid },
      });
    }
    const doctor = await pilotty.run('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.json().checks).toContainEqual(
      expect.objectContaining({ name: 'daemon', ok: false, detail: expect.stringContaining(String(pid)) }),
    );
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const { text } = (await pilotty.run('snapshot', '-s', 'kept')).json();
  expect(text).not.toContain('typed in vain');
  expect((await pilotty.run('info')).json()).toMatchObject({ pid, sessions: 1 });
});

test('a wait that is under way ends when the daemon stops answering, and stop --force ends the daemon', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'kept', 'cat');
  const { pid } = (await pilotty.run('info')).json();
  const waiting = pilotty.start('wait-for', '-s', 'kept', 'never', '-t', '5m');
  await until('the wait to be there', async () => (await pilotty.run('info')).json().connections === 2);
  process.kill(pid, 'SIGSTOP');
  expect((await waiting.answer).error()).toMatchObject({ code: 'DAEMON_UNREACHABLE', details: { pid } });
  const stopped = await pilotty.run('stop', '--force');
  expect(stopped.json()).toMatchObject({ type: 'daemon_stopped', pid, survivors: [], forced: true });
  expect(pilotty.processes()).toEqual([]);
});

test('a process that holds the lock and does not listen is named, never called absent', async ({
  pilotty,
}) => {
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  const lock = join(pilotty.socketDir, 'pilotty.lock');
  // This very process, which is no daemon.
  const startedAt = findProcess(process.pid)?.startedAt;
  writeFileSync(lock, JSON.stringify({ pid: process.pid, startedAt, nonce: 'abc' }), { mode: 0o600 });
  const [stop, doctor] = await Promise.all([pilotty.run('stop'), pilotty.run('doctor')]);
  expect(stop.code).toBe(6);
  expect(stop.error()).toMatchObject({
    message: expect.stringContaining(`process ${process.pid} holds`),
    details: { pid: process.pid },
  });
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toContain(`process ${process.pid} holds`);
  rmSync(lock);
  expect(JSON.parse((await pilotty.run('stop')).stdout)).toMatchObject({
    type: 'daemon_stopped',
    sessions_ended: 0,
  });
});

test('doctor names a setting that no daemon would start with, and a relative directory', async ({
  pilotty,
}) => {
  const invalid = await pilotty.run('doctor', { env: { PILOTTY_MAX_SESSIONS: 'abc' } });
  expect(invalid.code).toBe(1);
  expect(invalid.json().checks).toContainEqual(
    expect.objectContaining({ name: 'settings', ok: false, detail: expect.stringContaining("'abc'") }),
  );
  // Only the daemon can tell; it is asked, and not started.
  const pattern = await pilotty.run('doctor', { env: { PILOTTY_REDACT: '(?=a)' } });
  expect(pattern.json().checks).toContainEqual(
    expect.objectContaining({
      name: 'settings',
      ok: false,
      detail: expect.stringContaining('PILOTTY_REDACT'),
    }),
  );
  expect((await pilotty.run('doctor', { env: { PILOTTY_REDACT: 'pw=\\S+' } })).code).toBe(0);
  expect(pilotty.processes()).toEqual([]);
  const relative = await pilotty.run('doctor', { env: { PILOTTY_SOCKET_DIR: 'here' } });
  expect(relative.json().checks).toContainEqual(
    expect.objectContaining({ name: 'socket_directory', suggestion: expect.stringContaining('absolute') }),
  );
  expect(relative.json().checks).toContainEqual(expect.objectContaining({ name: 'terminals', ok: true }));
});
