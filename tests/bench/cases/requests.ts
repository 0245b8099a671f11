import { type Bench, type Benchmark, interleave, timed } from '../benchmark.ts';
import { type Echo, withBareKey, withEcho } from '../line-echo.ts';
import { withProduct } from '../product.ts';
import { type Row, row } from '../summary.ts';

const TOGETHER = 200;

export const requests: Benchmark = {
  name: 'requests',
  title:
    'The same requests over one connection, one after the other, against a line echoed by a Node that does nothing else, and against the least that a Node can do for a key; and many at once.',
  run: (bench) => withBareKey((bareKey) => withEcho((echo) => measure(bench, echo, bareKey))),
};

function measure({ dist, isFull }: Bench, echo: Echo, bareKey: () => Promise<unknown>): Promise<Row[]> {
  return withProduct(dist, async (product) => {
    const { client } = product;
    await product.spawn('quiet', 'cat');
    const session = 'quiet';
    const key = () => client.request('session.key', { session, keys: 'Enter' });
    const one = {
      echo: () => timed(() => echo('x'.repeat(100))),
      bareKey: () => timed(bareKey),
      key: () => timed(key),
      snapshot: () => timed(() => client.request('session.snapshot', { session })),
      list: () => timed(() => client.request('session.list', {})),
    };
    // The daemon is a program that has run for a while.
    await interleave(200, one);
    const samples = await interleave(isFull ? 10_000 : 2000, one);
    const against = { what: 'a bare echo', samples: samples.echo };
    const rows = (['key', 'snapshot', 'list'] as const).flatMap((name) => {
      const common = { unit: 'ms' as const, samples: samples[name] };
      return [
        row({ what: `\`session.${name}\`, median`, ...common, atMost: 0.15 }),
        row({ what: `\`session.${name}\`, median`, ...common, against }),
        row({ what: `\`session.${name}\`, p99`, ...common, quantile: 0.99, atMost: 1 }),
      ];
    });
    const least = { what: 'a Node that writes a byte to a terminal and answers', unit: 'ms' as const };
    const bounds = [
      row({ ...least, what: `${least.what}, median`, samples: samples.bareKey, against }),
      row({ ...least, what: `${least.what}, p99`, samples: samples.bareKey, quantile: 0.99 }),
    ];
    const many = await interleave(isFull ? 100 : 20, {
      keys: () => timed(() => Promise.all(Array.from({ length: TOGETHER }, key))),
    });
    const perSecond = many.keys.map((ms) => (TOGETHER * 1000) / ms);
    const what = `\`session.key\`, ${TOGETHER} at once`;
    return [...rows, ...bounds, row({ what, unit: '/s', samples: perSecond, atLeast: 5000 })];
  });
}
