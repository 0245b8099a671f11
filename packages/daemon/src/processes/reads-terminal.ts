/**
 * Whether a process is blocked in a read of its terminal: the system call it is in, and what the
 * descriptor of that call is. Only what the kernel reports is returned, nothing is guessed.
 */
import fs from 'node:fs';
import type { ProcessFacts } from './process-table.ts';

interface SystemCalls {
  read: readonly number[];
  /** Those that wait for any of several descriptors, the terminal perhaps among them, or that resume another. */
  unclear: readonly number[];
}

/** From asm/unistd.h: read, readv; poll, select, epoll, io_uring in all their forms, and restart_syscall. */
const SYSTEM_CALLS: Readonly<Record<string, SystemCalls>> = {
  x64: { read: [0, 19], unclear: [7, 23, 270, 271, 232, 281, 441, 426, 219] },
  arm64: { read: [63, 65], unclear: [72, 73, 22, 441, 426, 128] },
};

/** Device number of /dev/tty, which stands for the terminal of the process that opens it. */
const OWN_TERMINAL = 0x500;

/** null where it is unknown: a program that waits for several things at once, one with threads, or another user's (sudo). */
export function readsTerminal({ pid, state, terminal, threads }: ProcessFacts): boolean | null {
  if (state !== 'sleeping') return false;
  const calls = SYSTEM_CALLS[process.arch];
  if (process.platform !== 'linux' || !calls) return null;
  try {
    const [call = Number.NaN, descriptor] = readSystemCall(pid).map(Number);
    if (Number.isNaN(call) || calls.unclear.includes(call)) return null;
    if (calls.read.includes(call) && isTerminal({ pid, terminal }, descriptor)) return true;
    return threads === 1 ? false : null;
  } catch {
    return null;
  }
}

/**
 * The words of proc_pid_syscall(5): the number of the call and its arguments, or 'running'. As UTF-8, which Node reads
 * in one call; any other encoding takes it five, and most of a look at a process is this.
 * @param of a process, or `PID/task/ID` for one of its threads
 * @throws when it is gone, or another user's
 */
export function readSystemCall(of: number | string): string[] {
  return fs.readFileSync(`/proc/${of}/syscall`, 'utf8').trim().split(' ');
}

/** Of a thread in that system call; null where the call does not say what it waits for. @throws as isTerminal() */
export function callReadsTerminal(
  of: Pick<ProcessFacts, 'pid' | 'terminal'>,
  call: number,
  descriptor: number,
): boolean | null {
  const calls = SYSTEM_CALLS[process.arch];
  if (!calls || calls.unclear.includes(call)) return null;
  return calls.read.includes(call) && isTerminal(of, descriptor);
}

/** Whether a descriptor of a process is its terminal. @throws when the process is gone, or another user's */
export function isTerminal(
  { pid, terminal }: Pick<ProcessFacts, 'pid' | 'terminal'>,
  descriptor: number | undefined,
): boolean {
  const { rdev } = fs.statSync(`/proc/${pid}/fd/${descriptor}`);
  return rdev === terminal || rdev === OWN_TERMINAL;
}

/** How many bytes a process asks for in the read it is blocked in, from any file; undefined where it is in no read, or that is unknown. */
export function sizeOfRead(pid: number): number | undefined {
  const calls = SYSTEM_CALLS[process.arch];
  if (process.platform !== 'linux' || !calls) return undefined;
  try {
    const [call, , , size] = readSystemCall(pid).map(Number);
    return calls.read[0] === call ? size : undefined;
  } catch {
    // Gone, or another user's.
    return undefined;
  }
}

/** Where in its program a process waits. */
export interface WaitingPlace {
  /** Of the program as it was started: another one that takes its place has another stack. */
  program: string;
  /** Number of the system call. */
  call: string;
  /** The stack pointer: what waits in the same function, called by the same ones, has the same. */
  stack: string;
}

/** undefined where it runs, or the kernel does not tell. */
export function placeOfWait(pid: number): WaitingPlace | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const [call = '', ...words] = readSystemCall(pid);
    const stack = words[STACK_POINTER];
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const stackBase = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[STACK_BASE];
    // 'running', or -1: in no system call.
    if (!/^\d+$/.test(call) || stack === undefined || !stackBase || stackBase === '0') return undefined;
    return { program: `${fs.readlinkSync(`/proc/${pid}/exe`)} ${stackBase}`, call, stack };
  } catch {
    // Gone, or another user's.
    return undefined;
  }
}

/** Behind the number of the call stand its six arguments, see proc_pid_syscall(5). */
const STACK_POINTER = 6;
/** `startstack`, field 28 of proc_pid_stat(5); the first here is field 3. */
const STACK_BASE = 25;
