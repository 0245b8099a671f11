import { type Benchmark, pause, timed } from '../benchmark.ts';
import { type Product, withProduct } from '../product.ts';
import { row } from '../summary.ts';

const FLOODS = Array.from({ length: 20 }, (_, index) => `flood-${index}`);

export const twentyFloods: Benchmark = {
  name: 'twenty-floods',
  title: 'A quiet session while twenty others print without end (`yes`); and how far those get.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      await product.spawn('quiet', 'cat');
      for (const name of FLOODS) await product.spawn(name, 'yes');
      await pause(500);
      const before = await printed(product);
      const samples: number[] = [];
      for (let round = 0; round < (isFull ? 2000 : 200); round++) {
        samples.push(await timed(() => product.client.request('session.snapshot', { session: 'quiet' })));
        await pause(10);
      }
      const after = await printed(product);
      const progress = after.map((bytes, index) => bytes - (before[index] ?? 0));
      const ratio = Math.min(...progress) / Math.max(...progress);
      const what = '`session.snapshot` of the quiet one';
      return [
        row({ what: `${what}, median`, unit: 'ms', samples }),
        row({ what: `${what}, p99`, unit: 'ms', samples, quantile: 0.99, atMost: 20 }),
        row({ what: 'what the slowest printed, of the fastest', unit: '×', samples: [ratio], atLeast: 0.5 }),
      ];
    }),
};

async function printed({ client }: Product): Promise<number[]> {
  const all = await Promise.all(FLOODS.map((session) => client.request('session.status', { session })));
  return all.map(({ retention }) => retention.total_bytes);
}
