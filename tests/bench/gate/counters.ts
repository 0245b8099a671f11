/** What can be counted, and so does not depend on the machine. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../floods.ts';
import { type Product, withProduct } from '../product.ts';
import { count, type Gauge, type Reading } from './reading.ts';

const LOADED_FILES = join(root, 'tests/bench/programs/loaded-files.cjs');

export const counters: Gauge = {
  name: 'counters',
  read: (dist) =>
    withProduct(dist, async (product) => {
      await product.spawn('quiet', 'cat');
      return [...loadedBy(product, 'key', '-s', 'quiet', 'Enter'), ...systemCallsOf(product)];
    }),
};

/** What `pilotty key` loads: files of ours, their bytes, and modules of Node beyond those of `node -e 0`. */
function loadedBy(product: Product, ...args: string[]): Reading[] {
  const report = join(product.place.directory, 'loaded');
  const [node, words] = product.words(...args);
  const loaded = (...what: string[]) => {
    const env = { ...product.place.env, LOADED_FILES_REPORT: report };
    spawnSync(node, ['--require', LOADED_FILES, ...what], { env });
    return JSON.parse(readFileSync(report, 'utf8')) as { files: string[]; builtins: number };
  };
  const command = loaded(...words);
  const bytes = command.files.reduce((sum, file) => sum + statSync(file).size, 0);
  return [
    count('files that `pilotty key` loads', command.files.length),
    count('kB that `pilotty key` loads', Math.round(bytes / 1000)),
    count(
      'modules of Node that `pilotty key` loads beyond `node -e 0`',
      command.builtins - loaded('-e', '0').builtins,
    ),
  ];
}

/** None where there is no strace, or it may trace nothing. */
function systemCallsOf(product: Product): Reading[] {
  const [node, words] = product.words('key', '-s', 'quiet', 'Enter');
  const own = systemCalls(product, node, words);
  const bare = systemCalls(product, node, ['-e', '0']);
  if (own === undefined || bare === undefined) return [];
  return [count('system calls of `pilotty key` beyond `node -e 0`', own - bare)];
}

/** Those that are about files and sockets: the others are about memory and threads, and vary. */
function systemCalls({ place }: Product, file: string, args: readonly string[]): number | undefined {
  const strace = ['-f', '-c', '-e', 'trace=file,desc,network', file, ...args];
  const { status, stderr } = spawnSync('strace', strace, { env: place.env, encoding: 'utf8' });
  const [, calls] = /^100\.00\s+\S+\s+(?:\S+\s+)?(\d+)\s+(?:\d+\s+)?total$/m.exec(stderr ?? '') ?? [];
  return status === 0 && calls !== undefined ? Number(calls) : undefined;
}
