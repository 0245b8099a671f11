import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, interleave, timed } from '../benchmark.ts';
import { withProduct } from '../product.ts';
import { row } from '../summary.ts';

const COMMANDS = {
  key: 'key -s quiet Enter',
  snapshot: 'snapshot -s quiet --format compact',
};

export const batch: Benchmark = {
  name: 'batch',
  title:
    'Commands as lines of one `pilotty batch`, its start included, against the same requests through the client alone.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const { client, place } = product;
      const session = 'quiet';
      await product.spawn(session, 'cat');
      const count = isFull ? 20_000 : 5000;
      const file = (name: string) => join(place.directory, `${name}.batch`);
      for (const [name, line] of Object.entries(COMMANDS))
        writeFileSync(file(name), `${line}\n`.repeat(count));
      const requests = {
        key: () => client.request('session.key', { session, keys: 'Enter' }),
        snapshot: () => client.request('session.snapshot', { session, format: 'compact' }),
      };
      const asBatch = (name: string) => {
        const [node, args] = product.words('batch', file(name));
        return place.time('/bin/sh', ['-c', 'exec "$0" "$@" >answers', node, ...args]);
      };
      const alone = (request: () => Promise<unknown>) =>
        timed(async () => {
          for (let sent = 0; sent < count; sent++) await request();
        });
      const samples = await interleave(isFull ? 10 : 3, {
        key: () => asBatch('key'),
        'key alone': () => alone(requests.key),
        snapshot: () => asBatch('snapshot'),
        'snapshot alone': () => alone(requests.snapshot),
      });
      const perSecond = (times: readonly number[]) => times.map((ms) => (count * 1000) / ms);
      return (['key', 'snapshot'] as const).flatMap((name) => {
        const own = { what: `\`${COMMANDS[name]}\``, unit: '/s' as const, samples: perSecond(samples[name]) };
        const against = { what: 'the client alone', samples: perSecond(samples[`${name} alone`]) };
        return [row({ ...own, atLeast: 5000 }), row({ ...own, against })];
      });
    }),
};
