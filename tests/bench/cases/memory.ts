import { readFileSync } from 'node:fs';
import { type Benchmark, pause } from '../benchmark.ts';
import { type Product, withProduct } from '../product.ts';
import { type Row, row } from '../summary.ts';

/** For a program's start to be over, and for the daemon to have collected its garbage: packages/daemon/src/rest.ts. */
const SETTLE_MS = 25_000;
const MIB = 1024 * 1024;
/** Of its output, unless its start says otherwise: PILOTTY_RETAIN_BYTES. */
const RETAINED_MB = 2;

export const memory: Benchmark = {
  name: 'memory',
  title: "The daemon's memory (of the kernel's books, resident; PSS where it is said), after a pause.",
  run: async ({ dist, isFull }) => {
    if (process.platform !== 'linux') return [];
    const rows = await withProduct(dist, ofSessions(isFull));
    return [...rows, await withProduct(dist, ofOutput)];
  },
};

function ofSessions(isFull: boolean): (product: Product) => Promise<Row[]> {
  return async (product) => {
    const none = await settled(product);
    const rows = [
      row({ what: 'the daemon without a session', unit: 'MB', samples: [none.rss], atMost: 60 }),
      row({ what: 'the daemon without a session, PSS', unit: 'MB', samples: [none.pss] }),
    ];
    await spawnIdle(product, 0, 100);
    const some = await settled(product);
    const each = { what: 'each of 100 idle sessions', unit: 'MB' as const };
    rows.push(
      row({ ...each, samples: [(some.rss - none.rss) / 100], atMost: 0.35 }),
      row({ ...each, what: `${each.what}, PSS`, samples: [(some.pss - none.pss) / 100] }),
    );
    // What V8 takes for its young objects, up to some 20 MB, it takes once and not for every session.
    await spawnIdle(product, 100, 200);
    const more = await settled(product);
    rows.push(row({ ...each, what: 'each of the next 100', samples: [(more.rss - some.rss) / 100] }));
    if (!isFull) return rows;
    await spawnIdle(product, 200, 1000);
    const { rss } = await settled(product);
    return [...rows, row({ what: 'the daemon with 1 000', unit: 'MB', samples: [rss], atMost: 450 })];
  };
}

async function ofOutput(product: Product): Promise<Row> {
  // What the first session needs is loaded once, and is no part of what another one takes.
  await product.spawn('first', 'sh', '-c', 'echo begun; exec cat');
  await product.shows('first', 'begun');
  const before = await settled(product);
  await product.spawn(
    'flood',
    'sh',
    '-c',
    `yes 'all work and no play' | head -c ${100 * MIB}; echo over; exec cat`,
  );
  await product.shows('flood', 'over');
  const after = await settled(product);
  const what = 'a session that printed 100 MB, beyond what it retains';
  return row({ what, unit: 'MB', samples: [after.rss - before.rss - RETAINED_MB], atMost: 8 });
}

export async function spawnIdle(product: Product, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) await product.spawn(`idle-${index}`, 'cat');
}

/** In megabytes. */
async function settled(product: Product): Promise<{ rss: number; pss: number }> {
  const pid = await product.daemonPid();
  await pause(SETTLE_MS);
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
  return { rss: kilobytes('Rss') / 1024, pss: kilobytes('Pss') / 1024 };
}
