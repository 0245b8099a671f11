/** What can be counted, and so does not depend on the machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../benchmark.ts';
import { root } from '../floods.ts';
import { type Product, withProduct } from '../product.ts';
import { count, type Gauge, type Reading } from './reading.ts';

const LOADED_FILES = join(root, 'tests/bench/programs/loaded-files.cjs');

export const counters: Gauge = {
  name: 'counters',
  read: (dist) =>
    withProduct(dist, async (product) => {
      await product.spawn('quiet', 'cat');
      const ofKey = [...loadedBy(product, 'key', '-s', 'quiet', 'Enter'), ...systemCallsOf(product)];
      return [...ofKey, await modulesOfDaemon(product)];
    }),
};

const LOOK_MS = 20;
const MOST_LOOKS = 500;

/** Modules of Node that a daemon loads for its first session, and to end: the first command waits for nearly all. */
async function modulesOfDaemon(product: Product): Promise<Reading> {
  await product.stop();
  const { env, directory } = product.place;
  const report = join(directory, 'loaded-by-daemon');
  // In quotes, because its path may have spaces.
  const hook = { NODE_OPTIONS: `--require="${LOADED_FILES}"`, LOADED_FILES_REPORT: report };
  const [node, words] = product.words('spawn', 'cat');
  const ofDaemon = { ...env, ...hook, LOADED_FILES_OF: 'pilotty-daemon.cjs' };
  const { status, stderr } = spawnSync(node, words, { env: ofDaemon, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the first command failed: ${stderr}`);
  await product.stop();
  for (let looks = 0; !existsSync(report); looks++) {
    if (looks === MOST_LOOKS) throw new Error('the daemon has ended without a report');
    await pause(LOOK_MS);
  }
  const { builtins }: Loaded = JSON.parse(readFileSync(report, 'utf8'));
  const what = 'modules of Node that a daemon loads for its first session beyond `node -e 0`';
  return count(what, builtins - loaded(product, '-e', '0').builtins);
}

/** What `pilotty key` loads: files of ours, their bytes, and modules of Node beyond those of `node -e 0`. */
function loadedBy(product: Product, ...args: string[]): Reading[] {
  const [, words] = product.words(...args);
  const command = loaded(product, ...words);
  const bytes = command.files.reduce((sum, file) => sum + statSync(file).size, 0);
  return [
    count('files that `pilotty key` loads', command.files.length),
    count('kB that `pilotty key` loads', Math.round(bytes / 1000)),
    count(
      'modules of Node that `pilotty key` loads beyond `node -e 0`',
      command.builtins - loaded(product, '-e', '0').builtins,
    ),
  ];
}

interface Loaded {
  files: string[];
  builtins: number;
}

function loaded({ place }: Product, ...words: string[]): Loaded {
  const report = join(place.directory, 'loaded');
  const env = { ...place.env, LOADED_FILES_REPORT: report };
  spawnSync(process.execPath, ['--require', LOADED_FILES, ...words], { env });
  return JSON.parse(readFileSync(report, 'utf8'));
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
