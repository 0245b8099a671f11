import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, interleave } from '../benchmark.ts';
import { Place } from '../place.ts';
import { withProduct } from '../product.ts';
import { type Row, row } from '../summary.ts';
import { withTmux } from '../tmux.ts';

const COMMANDS = {
  key: ['key', '-s', 'quiet', 'Enter'],
  snapshot: ['snapshot', '-s', 'quiet'],
  'list-sessions': ['list-sessions'],
};

const TMUX: Record<string, string[]> = {
  key: ['send-keys', '-t', 'first', 'Enter'],
  snapshot: ['capture-pane', '-p', '-t', 'first'],
  'list-sessions': ['list-sessions'],
};

export const commands: Benchmark = {
  name: 'commands',
  title: 'A command in a process of its own, with the daemon running, against the start of Node alone.',
  run: ({ dist, isFull, peer }) =>
    withProduct(dist, (product) =>
      withTmux(async (tmux) => {
        await product.spawn('quiet', 'cat');
        const other = peer === undefined ? undefined : new Place();
        try {
          if (peer !== undefined) other?.run(peer, ['spawn', '--name', 'quiet', 'cat']);
          const measured: Record<string, () => number> = { node: () => product.timeNode() };
          const script = join(dist, 'pilotty.sh');
          const hasNative = product.nativeWords() !== undefined && existsSync(script);
          for (const [name, words] of Object.entries(COMMANDS)) {
            measured[name] = () => product.time(...words);
            if (hasNative) measured[`native ${name}`] = () => product.place.time(script, words);
            if (tmux) measured[`tmux ${name}`] = () => tmux.time(...(TMUX[name] ?? []));
            if (peer !== undefined && other) measured[`peer ${name}`] = () => other.time(peer, words);
          }
          const samples = await interleave(isFull ? 200 : 40, measured);
          return Object.keys(COMMANDS).flatMap((name) => rowsOf(name, samples));
        } finally {
          other?.close();
        }
      }),
    ),
};

function rowsOf(name: string, samples: Record<string, number[]>): Row[] {
  const what = `\`pilotty ${name}\``;
  const own = { what: `${what}, by Node`, unit: 'ms' as const, samples: samples[name] ?? [] };
  const native = samples[`native ${name}`];
  const node = { what: '`node -e 0`', samples: samples.node ?? [] };
  const rows = [row({ ...own, against: node, by: 'difference', atMost: 8 })];
  for (const other of ['tmux', 'peer']) {
    const theirs = samples[`${other} ${name}`];
    if (!theirs) continue;
    const called = other === 'tmux' ? `\`tmux ${TMUX[name]?.[0]}\`` : 'the peer';
    const against = { what: called, samples: theirs };
    const isGoal = other === 'tmux' && { atMost: 1.5 };
    if (native)
      rows.push(
        row({ what: `${what}, by the native client`, unit: 'ms', samples: native, against, ...isGoal }),
      );
    rows.push(row({ ...own, against }));
  }
  return rows;
}
