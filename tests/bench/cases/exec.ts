import { type Benchmark, interleave, timed } from '../benchmark.ts';
import { withEcho } from '../line-echo.ts';
import { withProduct } from '../product.ts';
import { row } from '../summary.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'dash'];

export const exec: Benchmark = {
  name: 'exec',
  title:
    '`exec true` in a live shell, over one connection, against a line echoed by a Node that does nothing else.',
  run: ({ dist, isFull }) =>
    withProduct(dist, (product) =>
      withEcho(async (echo) => {
        for (const shell of SHELLS) await product.spawn(shell, shell);
        const inShell = (session: string) => () =>
          timed(() => product.client.request('session.exec', { session, command: 'true' }));
        const samples: Record<string, number[]> = await interleave(isFull ? 1000 : 200, {
          echo: () => timed(() => echo('x'.repeat(100))),
          ...Object.fromEntries(SHELLS.map((shell) => [shell, inShell(shell)])),
        });
        const against = { what: 'a bare echo', samples: samples.echo as number[] };
        return SHELLS.flatMap((shell) => {
          const common = { unit: 'ms' as const, samples: samples[shell] as number[] };
          return [
            row({ what: `${shell}, median`, ...common, atMost: 5 }),
            row({ what: `${shell}, median`, ...common, against }),
            row({ what: `${shell}, p99`, ...common, quantile: 0.99 }),
          ];
        });
      }),
    ),
};
