import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Benchmark, pause, timed } from '../benchmark.ts';
import { root } from '../floods.ts';
import type { Place } from '../place.ts';
import { withProduct } from '../product.ts';
import { row } from '../summary.ts';

const TICKS = [join(root, 'tests/bench/programs/ticks.cjs'), '23'];

export const wait: Benchmark = {
  name: 'wait',
  title: 'From the moment a program writes a line to the answer of a wait for it, against a bare pipe.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const rounds = isFull ? 2000 : 250;
      const piped = timePipe(product.place, rounds);
      await product.spawn('ticks', process.execPath, ...TICKS);
      const samples: number[] = [];
      let tick = 0;
      for (let round = 0; round < rounds; round++) {
        const regex = `tick (${tick + 1}|${tick + 2}) (\\d+) \\.`;
        const { match } = await product.client.request('session.wait', { session: 'ticks', regex });
        samples.push(millisecondsSince(match?.groups[1]));
        tick = Number(match?.groups[0]);
      }
      // The first one waited for the start.
      const own = { unit: 'ms' as const, samples: samples.slice(1) };
      const against = { what: 'a pipe', samples: await piped };
      return [
        row({ what: 'an answer after the byte, median', ...own, against, by: 'difference' }),
        row({ what: 'an answer after the byte, p99', ...own, quantile: 0.99, atMost: 5 }),
        row({ what: 'an answer after the byte, p99', ...own, quantile: 0.99, against, by: 'difference' }),
      ];
    }),
};

async function timePipe({ env }: Place, rounds: number): Promise<number[]> {
  const program = spawn(process.execPath, TICKS, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const samples: number[] = [];
  for await (const line of program.stdout) {
    samples.push(millisecondsSince(String(line).split(' ')[2]));
    if (samples.length === rounds) break;
  }
  program.kill('SIGKILL');
  return samples;
}

function millisecondsSince(nanoseconds: string | null | undefined): number {
  return Number(process.hrtime.bigint() - BigInt(nanoseconds ?? 0)) / 1e6;
}

export const exit: Benchmark = {
  name: 'exit',
  title: 'From a signal that ends a program to the answer of a wait for its end, against a child of Node.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async ({ client, place }) => {
      const own: number[] = [];
      const child: number[] = [];
      for (let round = 0; round < (isFull ? 1000 : 100); round++) {
        const argv = ['cat'];
        const { session_id: session, pid } = await client.request('session.spawn', {
          argv,
          cwd: '/',
          env: place.env,
        });
        const ended = client.request('session.wait', { session, exit: true });
        await pause(10);
        own.push(await timeEnd(pid, ended));
        const bare = spawn('cat', { env: place.env, stdio: ['pipe', 'ignore', 'ignore'] });
        const exited = once(bare, 'exit');
        await pause(10);
        child.push(await timeEnd(bare.pid ?? 0, exited));
      }
      const against = { what: 'a child process', samples: child };
      const common = { unit: 'ms' as const, samples: own };
      return [
        row({ what: 'an answer after the end, median', ...common, against, by: 'difference' }),
        row({ what: 'an answer after the end, p99', ...common, quantile: 0.99, atMost: 5 }),
      ];
    }),
};

function timeEnd(pid: number, ended: Promise<unknown>): Promise<number> {
  return timed(() => {
    process.kill(pid, 'SIGKILL');
    return ended;
  });
}
