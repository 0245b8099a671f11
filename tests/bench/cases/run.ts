import { spawnSync } from 'node:child_process';
import { type Benchmark, interleave } from '../benchmark.ts';
import { withProduct } from '../product.ts';
import { row } from '../summary.ts';

export const run: Benchmark = {
  name: 'run',
  title: '`pilotty run`, whose output is copied to its caller, against the same on a terminal of `script`.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      await product.spawn('quiet', 'cat');
      const hasScript = spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0;
      const throughScript = () => product.place.time('script', ['-qc', 'seq 1 2000000', '/dev/null']);
      const samples = await interleave(isFull ? 10 : 3, {
        own: () => product.time('run', 'seq', '1', '2000000'),
        script: hasScript ? throughScript : undefined,
      });
      const own = { what: '`pilotty run seq 1 2000000`', unit: 'ms' as const, samples: samples.own };
      if (!hasScript) return [row(own)];
      return [row({ ...own, against: { what: '`script -c`', samples: samples.script }, atMost: 1.3 })];
    }),
};
