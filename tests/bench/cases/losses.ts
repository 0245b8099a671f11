import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Benchmark } from '../benchmark.ts';
import { type Product, withProduct } from '../product.ts';
import { row } from '../summary.ts';

const LINES = 20_000;
const EXPECTED = `${Array.from({ length: LINES }, (_, index) => index + 1).join('\r\n')}\r\nEND\r\n`;
const WORKERS = 8;

export const output: Benchmark = {
  name: 'output',
  title: `Programs that print ${LINES} lines and end at once: how many of them lost a byte.`,
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const count = isFull ? 10_000 : 300;
      let left = count;
      let lost = 0;
      const work = async () => {
        while (left-- > 0) if ((await printedBy(product)) !== EXPECTED) lost++;
      };
      await Promise.all(Array.from({ length: WORKERS }, work));
      return [
        row({ what: `output of ${count} short-lived programs`, unit: 'lost', samples: [lost], atMost: 0 }),
      ];
    }),
};

async function printedBy({ client, place }: Product): Promise<string> {
  const argv = ['sh', '-c', `seq 1 ${LINES}; echo END`];
  const { session_id: session } = await client.request('session.spawn', { argv, cwd: '/', env: place.env });
  await client.request('session.wait', { session, exit: true });
  const parts: Buffer[] = [];
  await client.request(
    'session.output',
    { session, format: 'ansi' },
    { onEvent: ({ output_base64 = '' }) => void parts.push(Buffer.from(output_base64, 'base64')) },
  );
  return Buffer.concat(parts).toString();
}

const TOGETHER = 12;

export const firstCommands: Benchmark = {
  name: 'first-commands',
  title: `${TOGETHER} first commands at once, with no daemon running: how many of them fail, or end up apart.`,
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const rounds = isFull ? 200 : 5;
      let failed = 0;
      for (let round = 0; round < rounds; round++) {
        const codes = await Promise.all(Array.from({ length: TOGETHER }, () => spawnCat(product)));
        const { sessions } = await product.client.request('session.list', {});
        failed += codes.filter((code) => code !== 0).length;
        failed += TOGETHER - sessions.length;
        await product.stop();
      }
      const what = `${rounds} rounds of ${TOGETHER} first commands`;
      return [row({ what, unit: 'failed', samples: [failed], atMost: 0 })];
    }),
};

async function spawnCat(product: Product): Promise<number | null> {
  const [file, args] = product.words('spawn', 'cat');
  const child = spawn(file, args, { env: product.place.env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
