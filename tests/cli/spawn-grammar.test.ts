/** Where the options of `spawn` end and the program begins, and what goes with it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runInProcess, type Surroundings } from './in-process.ts';

async function spawned(line: string | string[], around?: Surroundings) {
  const words = typeof line === 'string' ? line.split(' ') : line;
  const outcome = await runInProcess(['spawn', ...words], around);
  expect(outcome.stderr.replaceAll(/^note: .*\n/gm, '')).toBe('');
  return outcome.requests[0]?.params ?? {};
}

describe('name and program of', () => {
  test.for<[string, string | undefined, string]>([
    ['htop', undefined, 'htop'],
    ['--name m htop', 'm', 'htop'],
    ['--name=m htop -d 5', 'm', 'htop -d 5'],
    ['htop --name m', 'm', 'htop'],
    ['vim -u NONE a.txt --name m', 'm', 'vim -u NONE a.txt'],
    ['--name m htop --name n', 'm', 'htop --name n'],
    ['-- htop --name m', undefined, 'htop --name m'],
    ['--name m -- htop --name n', 'm', 'htop --name n'],
    ['grep -e x -- --name m', undefined, 'grep -e x -- --name m'],
    ['htop --name', undefined, 'htop --name'],
    ['htop --name m -d', undefined, 'htop --name m -d'],
    ['htop --name=m', 'm', 'htop'],
    ['sleep 100 --name=m', 'm', 'sleep 100'],
    ['htop --name=', undefined, 'htop --name='],
    ['htop --name=m -d', undefined, 'htop --name=m -d'],
    ['-- htop --name=m', undefined, 'htop --name=m'],
    ['ls -s --json --tag --cwd', undefined, 'ls -s --json --tag --cwd'],
    ['-- --weird', undefined, '--weird'],
    ['--size 100x30 --tag a --tag b -- sh -c true', undefined, 'sh -c true'],
  ])('spawn %s', async ([line, name, program]) => {
    const params = await spawned(line);
    expect([params.name, params.argv]).toEqual([name, program.split(' ')]);
  });

  test.for<[string, RegExp]>([
    ['--nme foo vim', /unknown option '--nme'.*Did you mean --name\?/],
    ['-x vim', /unknown option '-x'.*Put '--' before a program/],
    ['-s a vim', /unknown option '-s'/],
    ['--size big vim', /--size is 'big', and must be COLSxROWS/],
    ['--size 0x0 vim', /--size is '0x0', and must be from 2x1 to 1000x1000/],
    ['--env =x vim', /--env is '=x'/],
    ['--env NOT_SET vim', /NOT_SET: that variable is not set here/],
    ['--name', /--name needs a value/],
    ['--term nonexist vim', /--term is 'nonexist', which has no terminfo entry/],
    ['--term= vim', /--term is empty/],
  ])('spawn %s is a mistake', async ([line, message]) => {
    const outcome = await runInProcess(['spawn', ...line.split(' ')]);
    expect(outcome).toMatchObject({ code: 2, requests: [] });
    expect(outcome.stderr).toMatch(message);
  });
});

test('without a program there is a login shell', async () => {
  expect((await spawned('--name x', { env: { SHELL: '/bin/zsh' } })).argv).toEqual(['/bin/zsh', '-l']);
  expect((await spawned([])).argv).toEqual(['/bin/sh', '-l']);
  expect((await spawned('--', { env: { SHELL: '' } })).argv).toEqual(['/bin/sh', '-l']);
});

test('every option arrives', async () => {
  const line =
    '--name n --cwd sub --size 100x30 --term vt100 --tag a --tag b --scrollback 10 --retain-bytes 20 --ttl 1m --idle-ttl 2s --owner-pid 42 true';
  expect(await spawned(line, { cwd: '/here' })).toEqual({
    argv: ['true'],
    name: 'n',
    cwd: '/here/sub',
    env: {},
    size: { cols: 100, rows: 30 },
    term: 'vt100',
    tags: ['a', 'b'],
    scrollback: 10,
    retain_bytes: 20,
    ttl_ms: 60_000,
    idle_ttl_ms: 2000,
    owner_pid: 42,
  });
});

test('a terminal may be one whose entry is only where TERMINFO_DIRS says', async () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
  mkdirSync(join(directory, 'm'));
  writeFileSync(join(directory, 'm/my-own'), '');
  const env = { TERMINFO_DIRS: `/nowhere:${directory}` };
  expect(await spawned('--term my-own true', { env })).toMatchObject({ term: 'my-own' });
  rmSync(directory, { recursive: true });
});

test('the name of the environment is only a wish', async () => {
  const env = { PILOTTY_SESSION: 'ours' };
  expect(await spawned('vim', { env })).toMatchObject({ preferred_name: 'ours' });
  expect(await spawned('--name other vim', { env })).toMatchObject({ preferred_name: 'ours', name: 'other' });
});

describe('the environment', () => {
  const env = {
    HOME: '/h',
    PATH: '/p',
    LINES: '9',
    COLUMNS: '9',
    LC_ALL: 'C',
    TZ: 'UTC',
    EDITOR: 'vi',
    EMPTY: '',
  };

  test("is the caller's, without the size of the caller's terminal", async () => {
    const { LINES: _lines, COLUMNS: _columns, ...rest } = env;
    expect((await spawned('true', { env })).env).toEqual(rest);
  });
  test('is a clean one when asked for, with what is named', async () => {
    expect((await spawned('--clean-env --env EDITOR --env A=b=c true', { env })).env).toEqual({
      HOME: '/h',
      PATH: '/p',
      LC_ALL: 'C',
      TZ: 'UTC',
      EDITOR: 'vi',
      A: 'b=c',
    });
  });
  test('may be changed, by name, to nothing, and with the size', async () => {
    const params = await spawned('--env HOME= --env LINES=5 true', { env });
    expect(params.env).toMatchObject({ HOME: '', LINES: '5' });
  });
  test('leads to the same daemon from anywhere', async () => {
    const around = { env: { PILOTTY_SOCKET_DIR: 'sockets' }, cwd: '/here' };
    expect((await spawned('true', around)).env).toEqual({ PILOTTY_SOCKET_DIR: '/here/sockets' });
  });
  test('may say how much output is kept', async () => {
    expect(await spawned('true', { env: { PILOTTY_RETAIN_BYTES: '99' } })).toMatchObject({
      retain_bytes: 99,
    });
    const outcome = await runInProcess(['spawn', 'true'], { env: { PILOTTY_RETAIN_BYTES: 'all' } });
    expect(outcome).toMatchObject({ code: 2, requests: [] });
  });
});
