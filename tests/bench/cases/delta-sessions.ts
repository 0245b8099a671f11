import { join } from 'node:path';
import { type Benchmark, interleave } from '../benchmark.ts';
import { type Product, withProduct } from '../product.ts';
import { type Row, row } from '../summary.ts';

/** What an agent of the second generation does for one task: a start, five commands, an end. */
const FIVE_COMMANDS = ['mkdir -p a', 'cd a', 'touch b c', 'ls', 'cd .. && rm -r a'];

export const deltaSessions: Benchmark = {
  name: 'delta-sessions',
  title:
    'A call of delta-sessions in a process of its own, with the daemon running, against the start of Node alone.',
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      const call = caller(product, join(dist, 'delta-sessions.cjs'));
      const shell = call.start('bash', '--norc');
      const python = call.start('python3');
      call.run('exec', python, 'import sys');
      const measured = {
        node: () => product.timeNode(),
        version: () => call.time('--version'),
        start: () => call.time('start', 'bash', '--norc'),
        'exec true': () => call.time('exec', shell, 'true'),
        'exec print(1), in python3': () => call.time('exec', python, 'print(1)'),
        'write-key': () => call.time('write-key', shell, 'enter'),
        read: () => call.time('read', shell),
        'write echo, read --timeout 1000': () => {
          call.input('echo hello\\n', 'write', shell);
          return call.time('read', shell, '--timeout', '1000');
        },
        status: () => call.time('status', shell),
        'start, five commands by exec, end': () => fiveCommands(call),
      };
      const samples = await interleave(isFull ? 100 : 20, measured);
      const rows = Object.keys(measured)
        .filter((name) => name !== 'node')
        .map((name) => rowOf(name, samples));
      const ended = call.list().map((id) => call.time('end', id));
      return [...rows, row({ what: '`delta-sessions end`', unit: 'ms', samples: ended })];
    }),
};

function caller({ place }: Product, program: string) {
  const run = (...args: string[]) => place.run(process.execPath, [program, ...args]);
  return {
    run,
    time: (...args: string[]) => place.time(process.execPath, [program, ...args]),
    input: (text: string, ...args: string[]) => place.run(process.execPath, [program, ...args], text),
    start: (...args: string[]): string => JSON.parse(run('start', ...args)).session_id,
    list: (): string[] => JSON.parse(run('list')).map(({ session_id }: { session_id: string }) => session_id),
  };
}

function fiveCommands(call: ReturnType<typeof caller>): number {
  const began = performance.now();
  const id = call.start('bash', '--norc');
  for (const command of FIVE_COMMANDS) call.run('exec', id, command);
  call.run('end', id);
  return performance.now() - began;
}

function rowOf(name: string, samples: Record<string, number[]>): Row {
  const node = { what: '`node -e 0`', samples: samples.node ?? [] };
  const what = `\`delta-sessions ${name === 'version' ? '--version' : name}\``;
  return row({ what, unit: 'ms', samples: samples[name] ?? [], against: node, by: 'difference' });
}
