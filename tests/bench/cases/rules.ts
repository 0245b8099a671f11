import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, interleave } from '../benchmark.ts';
import { floodProduct } from '../floods.ts';
import { cpuTimeOf } from '../gate/cpu-time.ts';
import { type Product, withProduct } from '../product.ts';
import { row } from '../summary.ts';

const RULES = 1000;

/** Each line has the moment before it was printed, as nanoseconds since 1970. */
const TICKS = 'stty -echo; echo ready; while read -r n; do echo "tick $n $(date +%s%N)."; done';
/** Its own moment stands behind that of the line, once it runs. */
const NOTES = ['/bin/sh', '-c', 'echo "$PILOTTY_MATCH $(date +%s%N)" >>"$0"'];

/** Rules that never fire, half of them over all sessions that are called so. */
async function addIdleRules({ client }: Product, pattern: string): Promise<void> {
  for (let number = 1; number < RULES; number++)
    await client.request('rules.add', {
      sessions: [number % 2 === 0 ? pattern : `${pattern.slice(0, -1)}${number % 100}`],
      repeat: 'each',
      ...(number % 4 === 3 ? { regex: `never [0-9]+ ${number}` } : { text: `never ${number}` }),
    });
}

export const rules: Benchmark = {
  name: 'rules',
  title: `With ${RULES} rules, half of them over every session: from a line that is printed to the command of a rule that runs (two shells and a date), and CPU time of the daemon for a flood in a session of none.`,
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      if (process.platform !== 'linux') return [];
      const { client, place } = product;
      const sessions = isFull ? 100 : 20;
      const pid = await product.daemonPid();
      const flood = () => floodProduct(product, 'seq 1 2000000', (work) => cpuTimeOf(pid, work));
      const { none } = await interleave(isFull ? 10 : 3, { none: flood });
      for (let number = 0; number < sessions; number++) await product.spawn(`s${number}`, 'sh', '-c', TICKS);
      for (let number = 0; number < sessions; number++) await product.shows(`s${number}`, 'ready');
      await addIdleRules(product, 's*');
      const notes = join(place.directory, 'notes');
      await client.request('rules.add', {
        sessions: ['s*'],
        regex: 'tick [0-9]+ ([0-9]+)',
        repeat: 'each',
        env: { PATH: place.env.PATH ?? '' },
        run: { argv: [...NOTES, notes] },
      });
      const rounds = isFull ? 1000 : 100;
      let after = 0;
      for (let round = 0; round < rounds; round++) {
        const session = `s${round % sessions}`;
        await client.request('session.type', { session, text: String(round), enter: true });
        after = (await client.request('rules.wait', { after })).event_cursor;
        await noted(notes, round + 1);
      }
      const samples = noteLines(notes).map((line) => {
        const [, , printed = '', ran = ''] = line.split(' ');
        return Number(BigInt(ran) - BigInt(printed)) / 1e6;
      });
      const { many } = await interleave(isFull ? 10 : 3, { many: flood });
      return [
        row({ what: 'a command after the line, median', unit: 'ms', samples }),
        row({ what: 'a command after the line, p99', unit: 'ms', samples, quantile: 0.99, atMost: 20 }),
        row({
          what: 'a flood besides, CPU',
          unit: 'ms',
          samples: many,
          against: { what: 'without rules', samples: none },
          atMost: 1.05,
        }),
      ];
    }),
};

function noteLines(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

async function noted(file: string, count: number): Promise<void> {
  for (;;) {
    try {
      if (noteLines(file).length >= count) return;
    } catch {
      // The first command has not written yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
