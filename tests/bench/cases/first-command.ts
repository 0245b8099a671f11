import { type Benchmark, interleave, timed } from '../benchmark.ts';
import { Place } from '../place.ts';
import { withProduct } from '../product.ts';
import { row } from '../summary.ts';
import { Tmux } from '../tmux.ts';

export const firstCommand: Benchmark = {
  name: 'first-command',
  title:
    'The first command, for which a daemon must start, until it is answered and until the shell prompts.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const prompted: number[] = [];
      await product.leaveSnapshot();
      const samples = await interleave(isFull ? 100 : 15, {
        node: () => product.timeNode(),
        answered: async () => {
          const answeredMs = product.time('spawn', 'sh');
          prompted.push(answeredMs + (await timed(() => product.shows('default', 'ready> '))));
          await product.stop();
          return answeredMs;
        },
        native:
          product.nativeWords() &&
          (async () => {
            const answeredMs = product.place.time(...(product.nativeWords('spawn', 'sh') ?? ['', []]));
            await product.client.request('daemon.info', {});
            await product.stop();
            return answeredMs;
          }),
        tmux: Tmux.isInstalled ? timeTmux : undefined,
      });
      // The first round fills caches.
      prompted.shift();
      const node = { what: '`node -e 0`', samples: samples.node };
      const own = { what: '`pilotty spawn sh`', unit: 'ms' as const, samples: samples.answered };
      const rows = [
        row({ ...own, against: node, atMost: 3 }),
        row({ ...own, what: '… until its prompt shows', samples: prompted, against: node, atMost: 3 }),
      ];
      if (samples.native.length > 0)
        rows.push(
          row({
            ...own,
            what: '`pilotty spawn sh`, by the native client',
            samples: samples.native,
            against: node,
            atMost: 3,
          }),
        );
      if (Tmux.isInstalled)
        rows.push(
          row({ ...own, against: { what: '`tmux new-session` without a server', samples: samples.tmux } }),
        );
      return rows;
    }),
};

function timeTmux(): number {
  const place = new Place();
  const took = place.time('tmux', ['-f', '/dev/null', 'new-session', '-d', 'sh']);
  place.close();
  return took;
}
