import { type Benchmark, interleave, timed } from '../benchmark.ts';
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
    'How long `seq 1 2000000` takes until its end was seen, with so many waits more for what does not come; and the CPU time of the daemon.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      if (process.platform !== 'linux') return [];
      const pid = await product.daemonPid();
      const cpuTimes: Record<string, number[]> = {};
      const flood = (name: string, waits: ReturnType<typeof waitsOf>) => () =>
        floodWaitedFor(product, 'seq 1 2000000', waits, async (work) => {
          let took = 0;
          const cpuTime = await cpuTimeOf(pid, async () => {
            took = await timed(work);
          });
          cpuTimes[name] = [...(cpuTimes[name] ?? []), cpuTime];
          return took;
        });
      const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
      const cases = kinds.flatMap((kind) =>
        COUNTS.map((count) => ({ kind, count, name: `${kind} ${count}` })),
      );
      const times = await interleave<string>(isFull ? 10 : 3, {
        none: flood('none', []),
        ...Object.fromEntries(
          cases.map(({ kind, count, name }) => [name, flood(name, waitsOf(kind, count))]),
        ),
      });
      const compared = (of: Record<string, readonly number[]>, name: string) => ({
        unit: 'ms' as const,
        samples: of[name] ?? [],
        against: { what: 'with none', samples: of.none ?? [] },
      });
      return [
        ...cases.map(({ kind, count, name }) =>
          row({ what: `with ${count} more for ${kind}`, ...compared(times, name), atMost: 1.05 }),
        ),
        ...cases
          .filter(({ count }) => count === Math.max(...COUNTS))
          .map(({ kind, count, name }) =>
            row({ what: `with ${count} more for ${kind}, CPU`, ...compared(cpuTimes, name) }),
          ),
      ];
    }),
};
