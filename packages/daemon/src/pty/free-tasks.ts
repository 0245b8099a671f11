/**
 * Whether this process can have so many more processes and threads. node-pty starts a thread for each program it has
 * started; where there is room for the program and none for the thread, it ends the whole daemon. So it is looked at before.
 *
 * Linux has three bounds: of the user (`ulimit -u`), of the control groups (what a container may have), of the system. What
 * cannot be read is no bound.
 */
import fs from 'node:fs';
import { parseLimits } from '@pilotty/protocol';

/** The part of the system that is read. */
export interface TaskFiles {
  /** undefined where there is no such file. */
  read(path: string): string | undefined;
  list(path: string): readonly string[];
}

const CAP_SYS_ADMIN = 21n;
const CAP_SYS_RESOURCE = 24n;

const system: TaskFiles = {
  read(path) {
    try {
      return fs.readFileSync(path, 'utf8');
    } catch {
      // Not there, or gone since it was listed.
      return undefined;
    }
  },
  list(path) {
    try {
      return fs.readdirSync(path);
    } catch {
      return [];
    }
  },
};

/** @returns what has no room for so many more; undefined where there is, or nobody says */
export function taskShortage(count: number, files: TaskFiles = system): string | undefined {
  return groupShortage(count, files) ?? systemShortage(count, files) ?? userShortage(count, files);
}

function groupShortage(count: number, files: TaskFiles): string | undefined {
  for (const directory of groupDirectories(files)) {
    const most = numberIn(files.read(`${directory}/pids.max`));
    const now = numberIn(files.read(`${directory}/pids.current`));
    if (most !== undefined && now !== undefined && now + count > most)
      return `its control group has ${now} processes and threads, and ${most} is the limit`;
  }
  return undefined;
}

/** Of this process, and those above it. The control groups of a container begin at its root. */
function groupDirectories(files: TaskFiles): string[] {
  const directories: string[] = [];
  for (const line of files.read('/proc/self/cgroup')?.split('\n') ?? []) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined || (controllers !== '' && controllers !== 'pids')) continue;
    const root = controllers === '' ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids';
    const names = path.split('/').filter((name) => name !== '');
    for (let depth = names.length; depth >= 0; depth--)
      directories.push([root, ...names.slice(0, depth)].join('/'));
  }
  return directories;
}

function systemShortage(count: number, files: TaskFiles): string | undefined {
  const now = tasksOfSystem(files);
  if (now === undefined) return undefined;
  for (const name of ['threads-max', 'pid_max']) {
    const most = numberIn(files.read(`/proc/sys/kernel/${name}`));
    if (most !== undefined && now + count > most)
      return `the system has ${now} processes and threads, and ${most} is the limit (kernel.${name})`;
  }
  return undefined;
}

function userShortage(count: number, files: TaskFiles): string | undefined {
  const most = parseLimits(files.read('/proc/self/limits') ?? '').nproc?.soft ?? undefined;
  const all = tasksOfSystem(files);
  // Those of the user are no more than all there are: mostly nothing needs to be counted.
  if (most === undefined || all === undefined || all + count <= most) return undefined;
  const status = files.read('/proc/self/status') ?? '';
  if (isExempt(status, files)) return undefined;
  const user = userOf(status);
  let now = 0;
  for (const pid of files.list('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const other = files.read(`/proc/${pid}/status`) ?? '';
    if (userOf(other) === user) now += Number(/^Threads:\s*(\d+)/m.exec(other)?.[1] ?? 1);
  }
  return now + count > most
    ? `the user has ${now} processes and threads, and ${most} is the limit (ulimit -u)`
    : undefined;
}

/** Of all users, as the kernel counts them: `running/all`. */
function tasksOfSystem(files: TaskFiles): number | undefined {
  return numberIn(/^\S+ \S+ \S+ \d+\/(\d+)/.exec(files.read('/proc/loadavg') ?? '')?.[1]);
}

/** The limit of a user does not bind root, unless it is root in a namespace only: see setrlimit(2). */
function isExempt(status: string, files: TaskFiles): boolean {
  if (!/^\s*0\s+0\s+4294967295\s*$/.test(files.read('/proc/self/uid_map') ?? '')) return false;
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const has = (capability: bigint) => ((capabilities >> capability) & 1n) === 1n;
  return userOf(status) === '0' || has(CAP_SYS_ADMIN) || has(CAP_SYS_RESOURCE);
}

/** The real one, which is counted. */
function userOf(status: string): string | undefined {
  return /^Uid:\s*(\d+)/m.exec(status)?.[1];
}

/** undefined for `max`, and where there is none. */
function numberIn(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  return trimmed !== undefined && /^\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}
