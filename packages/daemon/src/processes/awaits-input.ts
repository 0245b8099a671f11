/**
 * Whether the foreground of a terminal waits for input from it: blocked in a read of the terminal, or in a wait for
 * several descriptors, the terminal among them, as line editors and full-screen programs are. The kernel reports the
 * system call and its arguments (proc(5), /proc/PID/syscall); the descriptors are read from the program's memory, or
 * from the epoll instance. Linux only; what cannot be read is unknown, never guessed.
 */
import fs from 'node:fs';
import { foregroundMembers } from './foreground.ts';
import type { ProcessFacts } from './process-table.ts';
import { callReadsTerminal, isTerminal, readSystemCall, readsTerminal } from './reads-terminal.ts';

/** From asm/unistd.h; pselect6 and ppoll begin with the same arguments as select and poll. */
const POLLING: Readonly<Record<string, { poll: number[]; select: number[]; epoll: number[] }>> = {
  x64: { poll: [7, 271], select: [23, 270], epoll: [232, 281, 441] },
  arm64: { poll: [73], select: [72], epoll: [22, 441] },
};
/** POLLIN, POLLPRI and POLLRDNORM of poll(2); EPOLLIN and the like have the same values. */
const READABLE = 0x1 | 0x2 | 0x40;
const BYTES_OF_POLLFD = 8;
/** A program that watches more descriptors than this is a server. */
const MAX_DESCRIPTORS = 4096;
/** To ask about each costs some microseconds. */
const MAX_THREADS = 128;

/** null where the kernel does not say, or there is no foreground. */
export function foregroundAwaitsInput(leader: number): boolean | null {
  return anyAwaitsInput(foregroundMembers(leader));
}

/** As foregroundAwaitsInput(), of members of a foreground that were just looked at. */
export function anyAwaitsInput(members: readonly ProcessFacts[]): boolean | null {
  const answers = members.map(awaitsInput);
  if (answers.includes(true)) return true;
  return answers.length === 0 || answers.includes(null) ? null : false;
}

function awaitsInput(process: ProcessFacts): boolean | null {
  const reads = readsTerminal(process);
  if (reads !== null) return reads;
  // Any thread may be the one that reads.
  const answers = threadsOf(process).map((thread) => threadAwaitsInput(process, thread));
  if (answers.includes(true)) return true;
  return answers.length === 0 || answers.includes(null) ? null : false;
}

/** As readSystemCall() takes them. */
function threadsOf({ pid, threads }: ProcessFacts): string[] {
  if (threads === 1) return [`${pid}`];
  try {
    const found = fs.readdirSync(`/proc/${pid}/task`);
    return found.length > MAX_THREADS ? [] : found.map((thread) => `${pid}/task/${thread}`);
  } catch {
    // Gone.
    return [];
  }
}

function threadAwaitsInput(of: ProcessFacts, thread: string): boolean | null {
  const calls = POLLING[process.arch];
  try {
    const [call = Number.NaN, first = 0, second = 0] = readSystemCall(thread).map(Number);
    // 'running', or -1: in no system call.
    if (Number.isNaN(call) || call < 0) return false;
    const watched = calls && watchedDescriptors(calls, of.pid, call, first, second);
    if (watched !== undefined) return watched.some((descriptor) => isTerminal(of, descriptor));
    return callReadsTerminal(of, call, first);
  } catch {
    // Gone, or another user's.
    return null;
  }
}

/** The descriptors that it waits to read from; undefined when it is in no such call. */
function watchedDescriptors(
  calls: { poll: number[]; select: number[]; epoll: number[] },
  pid: number,
  call: number,
  first: number,
  second: number,
): number[] | undefined {
  if (calls.poll.includes(call)) return polled(pid, first, second);
  if (calls.select.includes(call)) return selected(pid, first, second);
  return calls.epoll.includes(call) ? registered(pid, first) : undefined;
}

/** @param address of the array of struct pollfd: the descriptor, and in the next two bytes the events */
function polled(pid: number, address: number, count: number): number[] {
  const array = memoryOf(pid, address, Math.min(count, MAX_DESCRIPTORS) * BYTES_OF_POLLFD);
  const found: number[] = [];
  for (let at = 0; at + BYTES_OF_POLLFD <= array.length; at += BYTES_OF_POLLFD)
    if (array.readUInt16LE(at + 4) & READABLE) found.push(array.readInt32LE(at));
  return found;
}

/** @param address of the fd_set to read from: a bit for each descriptor */
function selected(pid: number, count: number, address: number): number[] {
  if (address === 0) return [];
  const most = Math.min(count, MAX_DESCRIPTORS);
  const bits = memoryOf(pid, address, Math.ceil(most / 8));
  return Array.from({ length: most }, (_, descriptor) => descriptor).filter(
    (descriptor) => ((bits[descriptor >> 3] ?? 0) >> (descriptor & 7)) & 1,
  );
}

/** proc(5): a line 'tfd: 0 events: 19 …' for each descriptor, the events in hexadecimal. */
function registered(pid: number, instance: number): number[] {
  const lines = fs
    .readFileSync(`/proc/${pid}/fdinfo/${instance}`, 'utf8')
    .matchAll(/^tfd:\s*(\d+)\s+events:\s*([0-9a-f]+)/gm);
  return [...lines]
    .filter(([, , events = '0']) => Number.parseInt(events, 16) & READABLE)
    .map(([, descriptor]) => Number(descriptor));
}

function memoryOf(pid: number, address: number, bytes: number): Buffer {
  const memory = Buffer.alloc(bytes);
  const file = fs.openSync(`/proc/${pid}/mem`, 'r');
  try {
    return memory.subarray(0, fs.readSync(file, memory, 0, bytes, address));
  } finally {
    fs.closeSync(file);
  }
}
