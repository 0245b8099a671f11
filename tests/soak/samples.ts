/** What the daemon's process takes: as the kernel counts it at any time, and as Node counts it when it has nothing to do. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { openFiles } from '../harness/open-files.ts';
import { until } from '../harness/until.ts';

const KIB = 1024;
const MIB = 1024 * 1024;

/** At any time. */
export interface Sample {
  atSeconds: number;
  memoryMb: number;
  descriptors: number;
  threads: number;
  sessions: number;
  connections: number;
  /** Requests that were answered up to now. */
  answered: number;
}

/** Between two rounds: without a session and with one client; after its garbage was collected. */
export interface Rest {
  atSeconds: number;
  memoryMb: number;
  heapMb: number;
  /** Outside of the heap: buffers and the like. */
  externalMb: number;
  descriptors: number;
  threads: number;
  timers: number;
  /** Kinds of descriptors, and of what Node has open, each with its number: for the reader of a failure. */
  open: Record<string, number>;
}

export function processFacts(pid: number): Pick<Sample, 'memoryMb' | 'descriptors' | 'threads'> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const value = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    memoryMb: value('VmRSS') / KIB,
    threads: value('Threads'),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** What ends by itself a moment later, as a file that is being written, has ended by then. */
const SETTLE_MS = 600;
/** What is still open by then stays open. */
const OPEN_MS = 20_000;

/**
 * Once as much is open as a moment before, and no more than `first`: what is still more after twenty seconds is a leak.
 * @param probe the file that tests/soak/programs/probe.cjs writes
 */
export async function restOf(pid: number, probe: string, seconds: () => number, first?: Rest): Promise<Rest> {
  const began = performance.now();
  let before = await look(pid, probe, seconds());
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const now = await look(pid, probe, seconds());
    const isSame = COUNTED.every((what) => now[what] === before[what]);
    const isMore = first !== undefined && COUNTED.some((what) => now[what] > first[what]);
    if ((isSame && !isMore) || performance.now() - began > OPEN_MS) return now;
    before = now;
  }
}

const COUNTED = ['descriptors', 'threads', 'timers'] as const;

async function look(pid: number, probe: string, atSeconds: number): Promise<Rest> {
  const known = linesOf(probe).length;
  process.kill(pid, 'SIGUSR2');
  const line = await until('the daemon to say what is open in it', () => linesOf(probe)[known], {
    deadlineMs: 60_000,
  });
  const { heapUsed, external, open } = JSON.parse(line) as {
    heapUsed: number;
    external: number;
    open: Record<string, number>;
  };
  const descriptors = descriptorsOf(pid);
  return {
    atSeconds,
    ...processFacts(pid),
    heapMb: heapUsed / MIB,
    externalMb: external / MIB,
    timers: (open.Timeout ?? 0) + (open.Immediate ?? 0),
    open: { ...open, ...descriptors },
  };
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

function descriptorsOf(pid: number): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const file of openFiles(pid).values()) {
    const kind = file.replace(/:\[\d+\]$/, '');
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}
