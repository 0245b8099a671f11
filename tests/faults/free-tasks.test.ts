/** Whether there is room for another program and its thread, as Linux says it: files of /proc and of control groups. */
import { expect, test } from 'vitest';
import { taskShortage } from '../../packages/daemon/src/pty/free-tasks.ts';

const ROOMY: Readonly<Record<string, string>> = {
  '/proc/loadavg': '5.92 10.07 10.20 13/232 28370\n',
  '/proc/sys/kernel/threads-max': '192728\n',
  '/proc/sys/kernel/pid_max': '32768\n',
  '/proc/self/limits': 'Max processes             96364                96364                processes\n',
  '/proc/self/uid_map': '         0          0 4294967295\n',
  '/proc/self/status': 'Name:\tnode\nUid:\t1000\t1000\t1000\t1000\nThreads:\t10\nCapEff:\t0000000000000000\n',
  '/proc/self/cgroup': '8:pids:/docker/4f2e\n0::/user.slice/run\n',
};

function shortage(changed: Record<string, string | undefined> = {}, count = 8): string | undefined {
  const files: Record<string, string | undefined> = { ...ROOMY, ...changed };
  return taskShortage(count, {
    read: (path) => files[path],
    list: (path) => [...Object.keys(files)].map((file) => file.slice(path.length + 1).split('/')[0] ?? ''),
  });
}

const limitOf = (most: number) =>
  `Max processes             ${most}                 ${most}              processes\n`;
const otherProcess = 'Name:\tcat\nUid:\t1000\t1000\t1000\t1000\nThreads:\t5\n';
const ofAnotherUser = 'Name:\tcat\nUid:\t7\t7\t7\t7\nThreads:\t200\n';
const own = ROOMY['/proc/self/status'];

test('where there is room, and where nothing says how much there is, there is no shortage', () => {
  expect(shortage()).toBeUndefined();
  expect(taskShortage(8, { read: () => undefined, list: () => [] })).toBeUndefined();
});

test.for<[string, Record<string, string>]>([
  [
    'of its own',
    {
      '/sys/fs/cgroup/pids/docker/4f2e/pids.max': '100',
      '/sys/fs/cgroup/pids/docker/4f2e/pids.current': '93',
    },
  ],
  [
    'of the one above it',
    { '/sys/fs/cgroup/user.slice/pids.max': '100', '/sys/fs/cgroup/user.slice/pids.current': '93' },
  ],
  ['of its container', { '/sys/fs/cgroup/pids.max': '100', '/sys/fs/cgroup/pids.current': '93' }],
])('the limit of a control group counts: %s', ([, files]) => {
  expect(shortage(files)).toBe('its control group has 93 processes and threads, and 100 is the limit');
  expect(shortage(files, 7)).toBeUndefined();
});

test('a control group without a limit has none', () => {
  expect(
    shortage({ '/sys/fs/cgroup/pids.max': 'max\n', '/sys/fs/cgroup/pids.current': '93\n' }),
  ).toBeUndefined();
});

test("the limit of a user counts the threads of the user's own processes", () => {
  const files = {
    '/proc/self/limits': limitOf(20),
    '/proc/12/status': otherProcess,
    '/proc/13/status': ofAnotherUser,
    '/proc/14/status': own,
  };
  expect(shortage(files)).toBe('the user has 15 processes and threads, and 20 is the limit (ulimit -u)');
  expect(shortage(files, 5)).toBeUndefined();
});

test('it does not bind root, nor who may exceed it, unless they are that in a namespace only', () => {
  const root = own?.replaceAll('1000', '0');
  const files = {
    '/proc/self/limits': limitOf(20),
    '/proc/self/status': root,
    '/proc/12/status': root,
    '/proc/13/status': root,
  };
  expect(shortage(files)).toBeUndefined();
  expect(shortage({ ...files, '/proc/self/uid_map': '0 100000 65536\n' })).toContain('the user has 20');
  const admin = own?.replace('CapEff:\t0000000000000000', 'CapEff:\t0000000000200000');
  expect(
    shortage({
      '/proc/self/limits': limitOf(20),
      '/proc/self/status': admin,
      '/proc/12/status': own,
      '/proc/14/status': own,
    }),
  ).toBeUndefined();
});

test('the limits of the system count', () => {
  expect(shortage({ '/proc/sys/kernel/threads-max': '239\n' })).toContain(
    '232 processes and threads, and 239 is the limit',
  );
  expect(shortage({ '/proc/sys/kernel/pid_max': '239\n' })).toContain('kernel.pid_max');
});
