/** Sessions that are started at once: the daemon waits for each fork(2), and serves its other clients between two. */
import fs, { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { OneATurn } from '../../packages/daemon/src/one-a-turn.ts';
import { PATH } from '../harness/programs.ts';

let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const noCall = () =>
  new Call({ isGone: () => false, emit: async () => {}, ready: async () => {} }, new Cancellation());

/** What the daemon does, in order: each terminal that it opens for a program, and each turn of the event loop. */
function watchStarts(): { happened: string[]; end(): void } {
  const happened: string[] = [];
  const open = fs.openSync;
  vi.spyOn(fs, 'openSync').mockImplementation((path, flags, mode) => {
    if (String(path).startsWith('/dev/pts/')) happened.push('start');
    return open(path, flags, mode);
  });
  let next = setImmediate(turn);
  function turn() {
    happened.push('turn');
    next = setImmediate(turn);
  }
  return { happened, end: () => clearImmediate(next) };
}

const spawn = (name: string) => ({ name, argv: ['sleep', '1000'], cwd: '/', env: { PATH } });

test.runIf(process.platform === 'linux')('of twelve starts at once no two are in one turn', async () => {
  const { daemon, close } = await startInProcess(directory);
  const { happened, end } = watchStarts();
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  await Promise.all(names.map((name) => daemon.answer('session.spawn', spawn(name), noCall())));
  end();
  const order = happened.join(' ');
  expect(happened.filter((what) => what === 'start')).toHaveLength(12);
  expect(order).not.toContain('start start');
  await close();
});

test('starts that wait when the daemon stops are refused, and nothing of them is started', async () => {
  const { daemon, close } = await startInProcess(directory);
  const started = Array.from({ length: 6 }, (_, index) =>
    Promise.resolve(daemon.answer('session.spawn', spawn(`s${index}`), noCall())).then(
      () => 'started',
      ({ code }: { code: string }) => code,
    ),
  );
  const { happened, end } = watchStarts();
  await close();
  end();
  expect(await Promise.all(started)).toEqual(Array(6).fill('DAEMON_UNREACHABLE'));
  expect(happened).not.toContain('start');
});

test('pieces are done in order, the first at once, each other in a turn of its own; one that throws holds up none', async () => {
  const turns: (() => void)[] = [];
  const oneATurn = new OneATurn((next) => turns.push(next));
  const done: string[] = [];
  const run = (name: string) => oneATurn.run(() => done.push(name));
  const first = run('first');
  const failing = oneATurn.run(() => {
    throw new Error('no');
  });
  const last = run('last');
  expect(done).toEqual(['first']);
  expect(turns).toHaveLength(1);
  turns.shift()?.();
  await expect(failing).rejects.toThrow('no');
  expect(done).toEqual(['first']);
  turns.shift()?.();
  await Promise.all([first, last]);
  expect(done).toEqual(['first', 'last']);
  turns.shift()?.();
  expect(turns).toEqual([]);
  await run('later');
  expect(done).toEqual(['first', 'last', 'later']);
});
