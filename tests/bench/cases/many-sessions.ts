import { type Benchmark, interleave, pause, timed } from '../benchmark.ts';
import { type Product, withProduct } from '../product.ts';
import { row } from '../summary.ts';
import { spawnIdle } from './memory.ts';

export const starts: Benchmark = {
  name: 'starts',
  title:
    'Sessions started one after the other over one connection, while another asks for a snapshot every 10 ms.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      // The first look at a program that has printed nothing would wait for its first output.
      await product.spawn('quiet', 'sh', '-c', 'echo ready; exec cat');
      await product.shows('quiet', 'ready');
      const asked: Promise<number>[] = [];
      const other = product.connect();
      const watching = setInterval(() => {
        asked.push(timed(() => other.request('session.snapshot', { session: 'quiet' })));
      }, 10);
      const perSecond: number[] = [];
      const batches = isFull ? 10 : 4;
      for (let batch = 0; batch < batches; batch++) {
        const ms = await timed(() => spawnIdle(product, batch * 50, (batch + 1) * 50));
        perSecond.push(50_000 / ms);
      }
      clearInterval(watching);
      const snapshots = await Promise.all(asked);
      return [
        row({ what: 'sessions started', unit: '/s', samples: perSecond, atLeast: 120 }),
        row({ what: 'a snapshot meanwhile, p99', unit: 'ms', samples: snapshots, quantile: 0.99 }),
      ];
    }),
};

export const manySessions: Benchmark = {
  name: 'many-sessions',
  title: 'Requests and commands when there are many idle sessions, against one session.',
  run: ({ dist, isFull }) =>
    withProduct(dist, (many) =>
      withProduct(dist, async (one) => {
        const count = isFull ? 1000 : 300;
        for (const product of [one, many]) await product.spawn('quiet', 'cat');
        await spawnIdle(many, 1, count);
        await pause(1000);
        const requests = await interleave(1000, {
          'one key': () => key(one),
          'many key': () => key(many),
          'one snapshot': () => snapshot(one),
          'many snapshot': () => snapshot(many),
        });
        const commands = await interleave(20, {
          one: () => one.time('snapshot', '-s', 'quiet'),
          many: () => many.time('snapshot', '-s', 'quiet'),
        });
        const what = (name: string) => `${name} with ${count} sessions`;
        const with1 = (samples: number[]) => ({ what: 'with one', samples });
        const limits = { unit: 'ms' as const, atMost: 1.5 };
        return [
          row({
            what: what('`session.key`'),
            samples: requests['many key'],
            against: with1(requests['one key']),
            ...limits,
          }),
          row({
            what: what('`session.snapshot`'),
            samples: requests['many snapshot'],
            against: with1(requests['one snapshot']),
            ...limits,
          }),
          row({
            what: what('`pilotty snapshot`'),
            samples: commands.many,
            against: with1(commands.one),
            ...limits,
          }),
        ];
      }),
    ),
};

function key({ client }: Product): Promise<number> {
  return timed(() => client.request('session.key', { session: 'quiet', keys: 'Enter' }));
}

function snapshot({ client }: Product): Promise<number> {
  return timed(() => client.request('session.snapshot', { session: 'quiet' }));
}
