import { type Benchmark, interleave } from '../benchmark.ts';
import { floodBareReader, floodProduct, floodTmux, writeLog } from '../floods.ts';
import { type Product, withProduct } from '../product.ts';
import { type Row, row } from '../summary.ts';
import { withTmux } from '../tmux.ts';

const MIB = 1024 * 1024;

export const seq: Benchmark = {
  name: 'seq',
  title: 'From the request that starts `seq 1 2000000` until its end shows on the screen.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const rounds = isFull ? 15 : 3;
      return await compare(product, {
        what: '`seq 1 2000000`',
        command: 'seq 1 2000000',
        rounds,
        readerRatio: 1.05,
      });
    }),
};

export const cat: Benchmark = {
  name: 'cat',
  title: 'The same with 50 MB of coloured log lines.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const path = writeLog(product.place.directory, 50 * MIB);
      const flood = { what: '`cat` of 50 MB', command: `cat ${path}`, rounds: isFull ? 10 : 3 };
      return await compare(product, { ...flood, tmuxRatio: 0.7 });
    }),
};

interface Flood {
  what: string;
  command: string;
  rounds: number;
  tmuxRatio?: number;
  readerRatio?: number;
}

async function compare(product: Product, flood: Flood): Promise<Row[]> {
  const { what, command, rounds, tmuxRatio, readerRatio } = flood;
  return await withTmux(async (tmux) => {
    const samples = await interleave(rounds, {
      own: () => floodProduct(product, command),
      reader: () => floodBareReader(product, command).tookMs,
      tmux: tmux && (() => floodTmux(tmux, command)),
    });
    const own = { what, unit: 's' as const, samples: inSeconds(samples.own) };
    const reader = { what: 'a bare reader', samples: inSeconds(samples.reader) };
    const rows = [row({ ...own, against: reader, ...(readerRatio && { atMost: readerRatio }) })];
    if (tmux) {
      const against = { what: 'tmux', samples: inSeconds(samples.tmux) };
      rows.push(row({ ...own, against, ...(tmuxRatio && { atMost: tmuxRatio }) }));
    }
    return rows;
  });
}

function inSeconds(samples: readonly number[]): number[] {
  return samples.map((ms) => ms / 1000);
}
