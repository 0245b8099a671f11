import { readFileSync } from 'node:fs';
import { type Benchmark, pause, timed } from '../benchmark.ts';
import { cpuTimeOf } from '../gate/cpu-time.ts';
import { type Product, withProduct } from '../product.ts';
import { type Row, row } from '../summary.ts';
import { spawnIdle } from './memory.ts';

const SETTLE_MS = 25_000;
const MINUTE_MS = 60_000;
const REQUESTS = 200;
const MANY = 10_000;
const MIB = 1024 * 1024;

export const curves: Benchmark = {
  name: 'curves',
  title: `What it costs to have more sessions (\`cat\`, idle), and a session that has printed more.

10 000 sessions would need 10 000 processes besides the daemon, as many terminals (\`/proc/sys/kernel/pty/max\` is 4096
by default), two descriptors each (\`ulimit -n\` of the daemon above 20 000), and the memory computed below. What waits
costs nothing: the kernel names the terminals that have output (epoll), and an idle session has no timer.`,
  run: async ({ dist, isFull }) => {
    // CPU time and memory are read from /proc.
    if (process.platform !== 'linux') return [];
    const bySessions = await withProduct(dist, (product) => overSessions(product, isFull));
    return [...bySessions, ...(await withProduct(dist, overOutput))];
  },
};

async function overSessions(product: Product, isFull: boolean): Promise<Row[]> {
  const { client } = product;
  const pid = await product.daemonPid();
  const rows: Row[] = [];
  let eachMb = 0;
  let memoryMb = residentMb(pid);
  let started = 0;
  for (const count of isFull ? [1, 10, 100, 1000] : [1, 10, 100]) {
    const more = count - started;
    const startMs = (await timed(() => spawnIdle(product, started, count))) / more;
    started = count;
    await pause(SETTLE_MS);
    // What the first take is V8's for all.
    eachMb = (residentMb(pid) - memoryMb) / more;
    memoryMb = residentMb(pid);
    const idleMs = isFull ? 20_000 : 5000;
    const cpuMs = await cpuTimeOf(pid, () => pause(idleMs));
    const session = 'idle-0';
    const requests = {
      'session.key': () => client.request('session.key', { session, keys: 'Enter' }),
      'session.snapshot': () => client.request('session.snapshot', { session }),
      'session.list': () => client.request('session.list', {}),
    };
    const with_ = `${count} ${count === 1 ? 'session' : 'sessions'}`;
    rows.push(
      row({ what: `${with_}: each start, of the last ${more}`, unit: 'ms', samples: [startMs] }),
      row({ what: `${with_}: memory of the daemon`, unit: 'MB', samples: [residentMb(pid)] }),
      row({
        what: `${with_}: CPU time in an idle minute`,
        unit: 'ms',
        samples: [(cpuMs * MINUTE_MS) / idleMs],
      }),
    );
    for (const [name, request] of Object.entries(requests)) {
      const samples: number[] = [];
      for (let done = 0; done < REQUESTS; done++) samples.push(await timed(request));
      rows.push(row({ what: `${with_}: \`${name}\``, unit: 'ms', samples }));
    }
  }
  const computed = memoryMb + (MANY - started) * eachMb;
  return [
    ...rows,
    row({ what: `${MANY} sessions, computed: memory of the daemon`, unit: 'MB', samples: [computed] }),
  ];
}

async function overOutput(product: Product): Promise<Row[]> {
  const pid = await product.daemonPid();
  const rows: Row[] = [];
  for (const megabytes of [1, 10, 100]) {
    const before = residentMb(pid);
    const name = `printed-${megabytes}`;
    const command = `yes 'all work and no play' | head -c ${megabytes * MIB}; echo over; exec cat`;
    let tookMs = 0;
    const cpuMs = await cpuTimeOf(pid, async () => {
      tookMs = await timed(async () => {
        await product.spawn(name, 'sh', '-c', command);
        await product.shows(name, 'over');
      });
    });
    await pause(SETTLE_MS);
    const what = `a session that printed ${megabytes} MB`;
    rows.push(
      row({ what: `${what}: until its end was seen`, unit: 'ms', samples: [tookMs] }),
      row({ what: `${what}: CPU time of the daemon`, unit: 'ms', samples: [cpuMs] }),
      row({ what: `${what}: memory`, unit: 'MB', samples: [residentMb(pid) - before] }),
    );
  }
  return rows;
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}
