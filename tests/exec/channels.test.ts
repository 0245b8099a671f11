/** The files of exec: nothing of the user's is removed, and what is lost is made anew. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Channels } from '../../packages/daemon/src/exec/channels.ts';
import { MAX_EXEC_CHANNELS } from '../../packages/daemon/src/limits.ts';
import { until } from '../harness/until.ts';
import { test } from './shell-session.ts';

const OURS = /^pilotty\.exec-[0-9a-f]{8}$/;

test('a directory of the user is left alone, whatever it is called, and only what is ours is removed', async ({
  pilotty,
  shells,
}) => {
  const { socketDir } = pilotty;
  const ours = () => readdirSync(socketDir).filter((name) => OURS.test(name));
  const mine = ['exec', 'exec/1', 'pilotty.exec', 'pilotty.exec-0123abcd', 'pilotty.exec-01234567/1'];
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  for (const directory of mine) {
    mkdirSync(join(socketDir, directory), { recursive: true });
    writeFileSync(join(socketDir, directory, 'main.c'), 'the only copy');
    writeFileSync(join(socketDir, directory, 'run'), 'the only copy');
  }
  const kept = () => mine.map((directory) => readdirSync(join(socketDir, directory)).includes('main.c'));
  const all = mine.map(() => true);
  const before = ours();
  expect((await shells.exec(await shells.start(['bash']), 'echo yes')).stdout).toBe('yes\n');
  const [made = ''] = ours().filter((name) => !before.includes(name));
  expect([made, kept()]).toEqual([expect.stringMatching(OURS), all]);
  // A copy of ours is the user's, and so is what he puts into ours.
  cpSync(join(socketDir, made, 'owner.json'), join(socketDir, 'pilotty.exec-0123abcd', 'owner.json'));
  const { pid } = (await pilotty.run('info')).json();
  process.kill(pid, 'SIGKILL');
  await until('it to be killed', () => pilotty.processes().every((found) => found.pid !== pid));
  writeFileSync(join(socketDir, made, 'notes'), 'mine');
  expect((await pilotty.run('spawn', '--name', 'again', 'bash')).code).toBe(0);
  expect((await pilotty.run('exec', '-s', 'again', 'echo yes')).stdout).toBe('yes\n');
  expect([readdirSync(join(socketDir, made)), kept()]).toEqual([['notes'], all]);
  const [second = ''] = ours().filter((name) => ![...before, made].includes(name));
  expect(existsSync(join(socketDir, second, 'owner.json'))).toBe(true);
  await pilotty.run('stop');
  expect([existsSync(join(socketDir, second)), kept()]).toEqual([false, all]);
  expect(readFileSync(join(socketDir, 'exec', 'run'), 'utf8')).toBe('the only copy');
});

test('a command finds its files made anew after they were removed, all or some of them', async ({
  pilotty,
  shells,
}) => {
  const session = await shells.start(['bash']);
  const directory = () => {
    const name = readdirSync(pilotty.socketDir).find((entry) => OURS.test(entry));
    return join(pilotty.socketDir, name ?? 'none');
  };
  const works = async () => (await shells.exec(session, 'echo yes')).stdout;
  expect(await works()).toBe('yes\n');
  rmSync(directory(), { recursive: true });
  expect([await works(), await works()]).toEqual(['yes\n', 'yes\n']);
  for (const set of readdirSync(directory())) {
    if (set !== 'owner.json') rmSync(join(directory(), set, 'say'));
  }
  expect([await works(), await works()]).toEqual(['yes\n', 'yes\n']);
  // While a command runs, too.
  const running = shells.exec(session, 'until [ -e go ]; do sleep 0.02; done; echo end');
  await until('it to run', async () => (await pilotty.run('status', '-s', session)).stdout.includes('sleep'));
  renameSync(directory(), join(pilotty.socketDir, 'elsewhere'));
  writeFileSync(join(pilotty.home, 'work', 'go'), '');
  await pilotty.run('key', '-s', session, 'Ctrl+C');
  await running.catch(() => {});
  expect([await works(), await works()]).toEqual(['yes\n', 'yes\n']);
});

test('what stands in the way of the files is said, with nothing typed', async ({ pilotty, shells }) => {
  const session = await shells.start(['bash'], { PS1: '$ ' });
  const name = readdirSync(pilotty.socketDir).find((entry) => OURS.test(entry));
  if (name) rmSync(join(pilotty.socketDir, name), { recursive: true });
  // A directory that cannot be made: its parent is gone, and a file has its name.
  renameSync(pilotty.socketDir, `${pilotty.socketDir}-moved`);
  writeFileSync(pilotty.socketDir, '');
  const before = (await shells.client.request('session.snapshot', { session, format: 'text' })) as {
    text?: string;
  };
  await expect(shells.exec(session, 'echo no')).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
    message: expect.stringMatching(/was not started.*(ENOTDIR|EEXIST)/),
  });
  const after = (await shells.client.request('session.snapshot', { session, format: 'text' })) as {
    text?: string;
  };
  expect(after.text).toBe(before.text);
  rmSync(pilotty.socketDir);
  renameSync(`${pilotty.socketDir}-moved`, pilotty.socketDir);
  expect((await shells.exec(session, 'echo yes')).stdout).toBe('yes\n');
});

test('commands whose output is still open have so many sets of files, and one that is given back is enough', async ({
  pilotty,
}) => {
  const channels = new Channels(pilotty.directory);
  const taken = [];
  for (let count = 0; count < MAX_EXEC_CHANNELS; count += 1) taken.push(await channels.take());
  await expect(channels.take()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  const [first] = taken;
  if (first) channels.retire(first, false)();
  expect((await channels.take()).directory).toMatch(pilotty.directory);
  await expect(channels.take()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  channels.close();
});

test.for(['bash', 'zsh', 'fish', 'ksh', 'dash'])(
  '%s: files that are used again have the one command in them, and then nothing of it',
  async (shell, { pilotty, shells }) => {
    const session = await shells.start([shell]);
    const directory = () =>
      join(pilotty.socketDir, readdirSync(pilotty.socketDir).find((name) => OURS.test(name)) ?? '');
    const texts = () =>
      readdirSync(directory(), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n');
    // Twice as many as there are sets at first, each command shorter than the one before in its file.
    for (let count = 9; count > 0; count -= 1) {
      const words = Array.from({ length: count * 40 }, (_, index) => `hidden-${shell}-${index}`).join(' ');
      expect((await shells.exec(session, `echo ${words}`)).stdout).toBe(`${words}\n`);
      expect((await shells.exec(session, 'echo a; echo b')).stdout).toBe('a\nb\n');
      expect(texts()).not.toContain(`hidden-${shell}-1`);
    }
  },
);
