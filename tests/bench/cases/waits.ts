import { type Benchmark, interleave } from '../benchmark.ts';
import { floodProduct } from '../floods.ts';
import { cpuTimeOf } from '../gate/cpu-time.ts';
import { withProduct } from '../product.ts';
import { row } from '../summary.ts';

/** That never hold. */
const KINDS = [
  (number: number) => ({ text: `never ${number}` }),
  (number: number) => ({ text: `not ${number}`, new: true as const }),
  (number: number) => ({ regex: `[0-9]+ (times|days) never${number}` }),
];

const manyWaits = (count: number) =>
  Array.from({ length: count }, (_, number) => (KINDS[number % KINDS.length] as (typeof KINDS)[0])(number));

export const waits: Benchmark = {
  name: 'waits',
  title:
    'CPU time of the daemon for `seq 1 1000000` while its end is waited for, with so many waits more on other texts.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      if (process.platform !== 'linux') return [];
      const pid = await product.daemonPid();
      const flood = (count: number) => () =>
        floodProduct(product, 'seq 1 1000000', manyWaits(count), (work) => cpuTimeOf(pid, work));
      const samples = await interleave(isFull ? 10 : 3, {
        none: flood(0),
        one: flood(1),
        ten: flood(10),
        hundred: flood(100),
      });
      const against = { what: 'with none', samples: samples.none };
      const unit = 'ms' as const;
      return [
        row({ what: 'with 1 wait more', unit, samples: samples.one, against, atMost: 1.05 }),
        row({ what: 'with 10 waits more', unit, samples: samples.ten, against, atMost: 1.05 }),
        row({ what: 'with 100 waits more', unit, samples: samples.hundred, against, atMost: 1.05 }),
      ];
    }),
};
