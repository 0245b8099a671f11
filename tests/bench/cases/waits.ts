import { type Benchmark, interleave } from '../benchmark.ts';
import { floodWaitedFor } from '../floods.ts';
import { cpuTimeOf } from '../gate/cpu-time.ts';
import { withProduct } from '../product.ts';
import { row } from '../summary.ts';

/** That never hold. Any ten numbers in a row have all the digits. */
const KINDS = {
  text: (number: number) => ({ text: `never ${number}` }),
  new: (number: number) => ({ text: `not ${number}`, new: true as const }),
  regex: (number: number) => ({ regex: `[0-9]+ (times|days) never${number}` }),
  gone: (number: number) => ({ gone: `${number % 10}` }),
  'text and gone': (number: number) => ({ text: `never ${number}`, gone: `nothing ${number}` }),
  'text and settle': (number: number) => ({ text: `never ${number}`, settle_ms: 100 }),
};

const waitsOf = (kind: keyof typeof KINDS, count: number) =>
  Array.from({ length: count }, (_, number) => KINDS[kind](number));

const COUNTS = [1, 10, 100];

export const waits: Benchmark = {
  name: 'waits',
  title:
    'CPU time of the daemon for `seq 1 2000000` while its end is waited for, with so many waits more for what does not come.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      if (process.platform !== 'linux') return [];
      const pid = await product.daemonPid();
      const flood = (waits: ReturnType<typeof waitsOf>) => () =>
        floodWaitedFor(product, 'seq 1 2000000', waits, (work) => cpuTimeOf(pid, work));
      const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
      const cases = kinds.flatMap((kind) =>
        COUNTS.map((count) => ({ kind, count, name: `${kind} ${count}` })),
      );
      const { none, ...samples } = await interleave<string>(isFull ? 10 : 3, {
        none: flood([]),
        ...Object.fromEntries(cases.map(({ kind, count, name }) => [name, flood(waitsOf(kind, count))])),
      });
      const against = { what: 'with none', samples: none ?? [] };
      return cases.map(({ kind, count, name }) =>
        row({
          what: `with ${count} more for ${kind}`,
          unit: 'ms',
          samples: samples[name] ?? [],
          against,
          atMost: 1.05,
        }),
      );
    }),
};
