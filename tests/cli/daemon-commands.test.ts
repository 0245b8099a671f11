/** The commands that look after the daemon itself. */
import fs, {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { LogReader, VERSION } from '../../packages/protocol/src/index.ts';
import { callInProcess } from '../harness/in-process.ts';
import { processTest as test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

test('daemon starts one, info tells of it, stop ends it, and once more is no error', async ({ pilotty }) => {
  const started = (await pilotty.run('daemon')).json();
  expect(started).toMatchObject({ type: 'daemon_info', version: VERSION, sessions: 0 });
  expect((await pilotty.run('info')).json()).toMatchObject({
    pid: started.pid,
    log_file: join(pilotty.socketDir, 'pilotty.log'),
  });
  expect((await pilotty.run('daemon')).json()).toMatchObject({ pid: started.pid });
  expect((await pilotty.run('stop')).json()).toMatchObject({ pid: started.pid, sessions_ended: 0 });
  expect(await pilotty.run('stop')).toMatchObject({ code: 0, stderr: '' });
  expect((await pilotty.run('info')).code).toBe(6);
});

test('stop ends every session before it answers, and the next command starts anew', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  await pilotty.run('spawn', 'sh');
  expect((await pilotty.run('stop')).json()).toMatchObject({ sessions_ended: 2, survivors: [] });
  // The daemon's own process may take a moment more; it has let go of everything.
  const programs = pilotty.processes().filter(({ command }) => !command.includes('pilotty-daemon'));
  expect(programs).toEqual([]);
  expect(readdirSync(pilotty.socketDir)).not.toContain('pilotty.sock');
  expect((await pilotty.run('ls', '--all')).json().sessions).toEqual([]);
});

test('in the foreground it stays until it is told to end', async ({ pilotty }) => {
  const daemon = pilotty.start('daemon', '--foreground');
  await until('it to answer', async () => (await pilotty.run('info')).code === 0);
  await pilotty.run('spawn', 'cat');
  daemon.child.kill('SIGTERM');
  const answer = await daemon.answer;
  expect(answer).toMatchObject({
    stdout: '',
    stderr: `listening at ${join(pilotty.socketDir, 'pilotty.sock')}\n`,
  });
  expect(pilotty.processes()).toEqual([]);
});

test('in the foreground it does not join one that is there', async ({ pilotty }) => {
  const { pid } = (await pilotty.run('daemon')).json();
  const answer = await pilotty.run('daemon', '--foreground');
  expect(answer.code).toBe(1);
  expect(answer.error()).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining(String(pid)),
  });
});

test('logs are the lines of the file, whether or not a daemon runs', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  await pilotty.run('stop');
  await until('the last line to be written', () => pilotty.processes().length === 0);
  const file = readFileSync(join(pilotty.socketDir, 'pilotty.log'), 'utf8');
  expect((await pilotty.run('logs')).stdout).toBe(file);
  expect((await pilotty.run('logs', '-n', '1')).stdout).toBe(`${file.trimEnd().split('\n').at(-1)}\n`);
  expect((await pilotty.run('logs', '-n', '0')).stdout).toBe('');
  for (const line of file.trimEnd().split('\n')) JSON.parse(line);
});

test('logs are followed, over a change of the file', async ({ pilotty }) => {
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  const log = join(pilotty.socketDir, 'pilotty.log');
  writeFileSync(log, '{"n":1}\n{"n":');
  const following = pilotty.start('logs', '--follow');
  await until('the past', () => following.stdout() === '{"n":1}\n');
  writeFileSync(log, '2}\n', { flag: 'a' });
  await until('what is new', () => following.stdout() === '{"n":1}\n{"n":2}\n');
  writeFileSync(log, '{"n":3}\n', { flag: 'a' });
  renameSync(log, `${log}.1`);
  writeFileSync(log, '{"n":4}\n');
  await until('the new file', () => following.stdout().endsWith('{"n":3}\n{"n":4}\n'));
  following.child.kill('SIGINT');
  expect((await following.answer).code).toBe(130);
});

test('a client that follows the log has each line once, over a change of the file and an upgrade', async ({
  pilotty,
}) => {
  await pilotty.run('daemon');
  const log = join(pilotty.socketDir, 'pilotty.log');
  const followed: string[] = [];
  const ending = new AbortController();
  const following = pilotty.client.request(
    'daemon.log',
    { follow: true },
    { signal: ending.signal, onEvent: ({ lines }) => void followed.push(...lines) },
  );
  const ended = following.catch(() => {});
  await until('the past', () => followed.length > 0);
  expect((await pilotty.run('daemon', '--upgrade')).code).toBe(0);
  await pilotty.run('spawn', '--name', 'logged', 'cat');
  const { id } = (await pilotty.run('status', '-s', 'logged')).json();
  await until('what the new daemon has written', () => followed.some((line) => line.includes(id)));
  // No line is in it that was written after the last that was followed.
  const file = readFileSync(log, 'utf8').split('\n').slice(0, followed.length);
  expect(followed).toEqual(file);

  const all = await pilotty.client.request('daemon.log', {});
  expect(all.file).toBe(log);
  const { lines: none } = await pilotty.client.request('daemon.log', {
    read_up_to: all.read_up_to,
    lines: 0,
  });
  expect(none).toEqual([]);
  ending.abort();
  await ended;
});

test('lines behind a position are read once, wherever its file is now', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pilotty-log-'));
  const log = join(directory, 'a.log');
  try {
    writeFileSync(log, 'one\ntwo\nthr');
    const read = (after?: string) => {
      const reader = new LogReader(log, fs, after);
      const lines = reader.read();
      const { position } = reader;
      reader.close();
      return { lines, position };
    };
    const first = read();
    expect(first.lines).toEqual(['one', 'two']);
    writeFileSync(log, 'ee\n', { flag: 'a' });
    expect(read(first.position).lines).toEqual(['three']);
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'four\n');
    const later = read(first.position);
    expect(later.lines).toEqual(['three', 'four']);
    expect(read(later.position).lines).toEqual([]);
    // A file that is no longer kept: nothing is left out.
    expect(read('1:2').lines).toEqual(['one', 'two', 'three', 'four']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('doctor finds nothing wrong where nothing is, and starts nothing', async ({ pilotty }) => {
  const answer = await pilotty.run('doctor');
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  expect(answer.json()).toMatchObject({ type: 'doctor', ok: true });
  expect(pilotty.processes()).toEqual([]);
});

test('doctor says what is wrong and what to do', async ({ pilotty }) => {
  mkdirSync(pilotty.socketDir);
  chmodSync(pilotty.socketDir, 0o777);
  const answer = await pilotty.run('doctor', { env: { SHELL: '/no/such/shell' } });
  expect(answer.code).toBe(1);
  const failed = answer.json().checks.filter(({ ok }: { ok: boolean }) => !ok);
  expect(failed).toEqual([
    {
      name: 'socket_directory',
      ok: false,
      detail: expect.stringContaining('other users'),
      suggestion: expect.any(String),
    },
    { name: 'daemon', ok: false, detail: expect.any(String), suggestion: expect.any(String) },
    {
      name: 'shell',
      ok: false,
      detail: expect.stringContaining('/no/such/shell'),
      suggestion: expect.any(String),
    },
  ]);
});

test('doctor says where the compiled programs are kept, and what to do where they cannot be', async () => {
  const place = mkdtempSync(join(tmpdir(), 'pt-'));
  try {
    const checkOf = async (HOME: string, dist: string) => {
      const programs = {
        daemonProgram: join(dist, 'pilotty-daemon.cjs'),
      };
      const { stdout } = await callInProcess(
        ['doctor'],
        { env: { HOME }, cwd: '/', input: undefined },
        programs,
      ).ended;
      const { checks } = JSON.parse(stdout) as { checks: { name: string }[] };
      return checks.find(({ name }) => name === 'code_cache');
    };
    const [home, dist] = [join(place, 'home'), join(place, 'dist')];
    expect(await checkOf(home, dist)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('each start compiles'),
      suggestion: expect.stringContaining('XDG_CACHE_HOME'),
    });
    mkdirSync(home);
    expect(await checkOf(home, dist)).toMatchObject({ detail: expect.stringContaining('none yet') });
    const file = `main-${process.version}-${process.arch}.cache`;
    mkdirSync(join(home, '.cache/pilotty'), { recursive: true });
    writeFileSync(join(home, `.cache/pilotty/pilotty-daemon-${file}`), '');
    expect(await checkOf(home, dist)).toMatchObject({ detail: `kept in ${home}/.cache/pilotty` });
    mkdirSync(join(dist, 'pilotty-daemon'), { recursive: true });
    writeFileSync(join(dist, 'pilotty-daemon', file), '');
    expect(await checkOf(home, dist)).toMatchObject({ detail: `kept in ${dist}/pilotty-daemon` });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
