/**
 * What the kernel knows of processes: /proc on Linux, `ps` elsewhere.
 *
 * A process is alive by its state, not by whether a signal can be sent to it: a zombie that is never
 * reaped (by PID 1 of many containers) is dead. It is the same process only while its start time is.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

export interface ProcessFacts {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** Device number of its controlling terminal; 0 without one, and where `ps` is asked. */
  terminal: number;
  /** Foreground process group of its terminal; -1 without one. */
  foregroundGroup: number;
  state: ProcessState;
  /** 0 where `ps` is asked. */
  threads: number;
  /** Opaque; differs between two processes that have had the same pid. */
  startedAt: string;
}

/** Waiting for whatever it be is sleeping; stopped is by a signal (Ctrl+Z) or a debugger. */
export type ProcessState = 'running' | 'sleeping' | 'stopped';

const onLinux = process.platform === 'linux';

/** undefined when there is no such process, or it is dead. */
export function findProcess(pid: number): ProcessFacts | undefined {
  return onLinux ? readProc(pid) : runPs(['-p', String(pid)])[0];
}

/** A listing serves all who ask in one turn of the event loop. */
let listing: ProcessFacts[] | undefined;

export function allProcesses(): readonly ProcessFacts[] {
  if (!listing) {
    listing = onLinux ? listProc() : runPs(['-A']);
    setImmediate(() => {
      listing = undefined;
    });
  }
  return listing;
}

function listProc(): ProcessFacts[] {
  const found: ProcessFacts[] = [];
  for (const name of fs.readdirSync('/proc')) {
    const facts = /^\d+$/.test(name) ? readProc(Number(name)) : undefined;
    if (facts) found.push(facts);
  }
  return found;
}

/** Whether this very process still runs. */
export function isAlive(process: Pick<ProcessFacts, 'pid' | 'startedAt'>): boolean {
  return findProcess(process.pid)?.startedAt === process.startedAt;
}

/** The arguments a process was started with; empty when they cannot be read. */
export function processArguments(pid: number): string[] {
  try {
    if (onLinux) return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return [execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()];
  } catch {
    // Gone between being listed and being asked.
    return [];
  }
}

/** The environment a process's program was started with; undefined where the kernel does not say. */
export function processEnvironment(pid: number): string[] | undefined {
  return onLinux ? readProcFile(pid, 'environ')?.split('\0') : undefined;
}

/** Whether a process still is one: an ending one has given up its program before it is a zombie. */
export function hasProgram(pid: number): boolean {
  if (!onLinux) return findProcess(pid) !== undefined;
  try {
    fs.readlinkSync(`/proc/${pid}/exe`);
    return true;
  } catch (error) {
    // A set-user-ID program, such as sudo, is one that we may not look at.
    return error instanceof Error && 'code' in error && ['EACCES', 'EPERM'].includes(String(error.code));
  }
}

/** The file name of a process's program; what the process calls itself where the file is another user's. */
export function processName(pid: number): string | undefined {
  if (!onLinux) return processArguments(pid)[0]?.split(' ')[0]?.split('/').at(-1);
  const file = readLink(`/proc/${pid}/exe`);
  // proc(5): a program that was replaced since it started is marked so.
  if (file !== undefined)
    return file
      .replace(/ \(deleted\)$/, '')
      .split('/')
      .at(-1);
  return readProcFile(pid, 'comm')?.trim();
}

/**
 * Opaque; changes when the process runs another program with execve(2), by where the kernel has put its stack.
 * undefined where the kernel does not say.
 */
export function programImage(pid: number): string | undefined {
  if (!onLinux) return undefined;
  const stat = readProcFile(pid, 'stat');
  // proc(5): field 28, `startstack`; 0 without the permission to read it.
  const startOfStack = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[25];
  return startOfStack === '0' ? undefined : startOfStack;
}

/** Functions of the kernel in which a process waits for a descriptor: read(2) of a terminal, select(2), poll(2), epoll(7). */
const WAITING_FOR_INPUT =
  /^(wait_woken|n_tty_read|poll_schedule_timeout|do_select|do_poll|do_sys_poll|ep_poll|do_epoll_wait)/;

/** Whether a process sleeps until there is something to read; true where the kernel does not say. */
export function isReadingInput(pid: number): boolean {
  if (!onLinux) return true;
  const where = readProcFile(pid, 'wchan') ?? '0';
  if (where !== '0') return WAITING_FOR_INPUT.test(where);
  // It runs, or this kernel names no functions: then a process that sleeps and has no child waits for input.
  const state = readProcFile(pid, 'stat');
  const isAsleep = state?.slice(state.lastIndexOf(')') + 2).startsWith('S') === true;
  return isAsleep && readProcFile(pid, `task/${pid}/children`)?.trim() === '';
}

/** Whether a process has a file of this directory open; undefined when the kernel does not say. */
export function hasOpenIn(pid: number, directory: string): boolean | undefined {
  return hasOpen(pid, (path) => path.startsWith(`${directory}/`));
}

/** Whether a process has such a file open; undefined when the kernel does not say. */
export function hasOpen(pid: number, isIt: (path: string) => boolean): boolean | undefined {
  if (!onLinux) return undefined;
  try {
    const links = fs.readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`));
    return links.some((link) => link !== undefined && isIt(link));
  } catch {
    // Gone, or another user's.
    return undefined;
  }
}

function readProcFile(pid: number, name: string): string | undefined {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // Gone, or not for us to see.
    return undefined;
  }
}

/** Where a process is now; undefined when the kernel does not say. */
export function processDirectory(pid: number): string | undefined {
  if (!onLinux) return undefined;
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Whether a process ignores a signal, so that sending it is no use; false where the kernel does not say. */
export function ignoresSignal(pid: number, signal: number): boolean {
  if (!onLinux) return false;
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** Seen from another mount namespace the path of one may have anything before it. */
const TERMINAL = /\/pts\/\d+$|^\/\d+$/;

/** Which terminal that is: in a container another one has the same path. undefined where it is gone. */
export function terminalIdentity(path: string): string | undefined {
  const facts = statOf(path);
  return facts && `${facts.dev}:${facts.rdev}`;
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    // Closed since it was listed.
    return undefined;
  }
}

/** The terminals that a process has open, by their identity; none where the kernel does not say. */
export function openTerminals(pid: number): string[] {
  // This daemon has them all open.
  if (pid === process.pid) return [];
  try {
    const links = fs.readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
    const terminals = links.filter((link) => TERMINAL.test(readLink(link) ?? ''));
    return terminals.flatMap((link) => terminalIdentity(link) ?? []);
  } catch {
    // Gone, or another user's.
    return [];
  }
}

function readLink(link: string): string | undefined {
  try {
    return fs.readlinkSync(link);
  } catch {
    // Closed since it was listed.
    return undefined;
  }
}

/** proc(5): the fields of `stat` after the command, which is in parentheses and may hold anything. */
function readProc(pid: number): ProcessFacts | undefined {
  let stat: string;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, group, session, terminal, foregroundGroup] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    terminal: Number(terminal),
    foregroundGroup: Number(foregroundGroup),
    state: stateOf(state),
    threads: Number(fields[17]),
    startedAt: String(fields[19]),
  };
}

/** The letters of proc(5) and of ps(1); BSD adds more letters behind the first. */
function stateOf(letters: string): ProcessState {
  if (letters.startsWith('R')) return 'running';
  return /^t/i.test(letters) ? 'stopped' : 'sleeping';
}

function runPs(which: string[]): ProcessFacts[] {
  let text: string;
  try {
    const columns = 'pid=,ppid=,pgid=,tpgid=,state=,lstart=';
    text = execFileSync('ps', ['-o', columns, ...which], { encoding: 'utf8' });
  } catch {
    // ps exits 1 when it finds no such process.
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, foregroundGroup, state = '', ...started] = line.trim().split(/\s+/);
    if (!pid || state.startsWith('Z')) return [];
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      // macOS does not report the session; its leader's group is the nearest there is.
      session: Number(group),
      terminal: 0,
      foregroundGroup: Number(foregroundGroup),
      state: stateOf(state),
      threads: 0,
      startedAt: started.join(' '),
    };
  });
}
