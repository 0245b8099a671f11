/** Programs that print a lot, timed until the mark they end with is seen. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Params } from '../../packages/client/src/index.ts';
import { timed } from './benchmark.ts';
import type { Product } from './product.ts';
import type { Tmux } from './tmux.ts';

const MARK = 'flood-is-over';
/** The bundle lies two directories below node_modules. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));
const BARE_READER = join(root, 'tests/bench/programs/bare-reader.cjs');

/** Prints and then stays, so that its end is not timed. */
function printing(command: string, end: string): string {
  return `${command}; ${end}; exec sleep 1000`;
}

export async function floodProduct(
  product: Product,
  command: string,
  measure: (flood: () => Promise<unknown>) => Promise<number> = timed,
): Promise<number> {
  const took = await measure(async () => {
    await product.spawn('flood', 'sh', '-c', printing(command, `echo ${MARK}`));
    await product.shows('flood', MARK);
  });
  await product.client.request('session.kill', { session: 'flood', signal: 'KILL' });
  return took;
}

type Wait = Omit<Params<'session.wait'>, 'session'>;

/** What the screen shows before the flood. */
const DIGITS = '0123456789';

/**
 * @param waits are asked before it, and never hold
 * @param measure of the flood alone: at its end those who waited in vain are told why, which takes its own time
 */
export async function floodWaitedFor(
  product: Product,
  command: string,
  waits: readonly Wait[],
  measure: (flood: () => Promise<unknown>) => Promise<number>,
): Promise<number> {
  const { client } = product;
  const session = 'flood';
  const begins = `stty -echo; echo ${DIGITS}; read go; ${command}`;
  await product.spawn(session, 'sh', '-c', printing(begins, `echo ${MARK}`));
  await product.shows(session, DIGITS);
  let answered = 0;
  const count = () => {
    answered++;
  };
  // Those that still wait when all is measured are given up.
  for (const wait of waits)
    client.request('session.wait', { session, timeout_ms: 600_000, ...wait }).then(count, () => {});
  // Requests of one connection begin in their order.
  await client.request('session.snapshot', { session });
  const took = await measure(async () => {
    await client.request('session.key', { session, keys: 'Enter' });
    await product.shows(session, MARK);
  });
  if (answered > 0) throw new Error(`${answered} of the waits have ended before the flood`);
  await client.request('session.kill', { session, signal: 'KILL' });
  return took;
}

/** Its own way to wait says that the program has written all, which is a little before all is drawn. */
export function floodTmux(tmux: Tmux, command: string): number {
  const began = performance.now();
  const end = `echo ${MARK}; tmux -L bench wait-for -S over`;
  tmux.run('new-session', '-d', '-s', 'flood', '-x', '80', '-y', '24', printing(command, end));
  tmux.run('wait-for', 'over');
  const took = performance.now() - began;
  tmux.run('kill-session', '-t', 'flood');
  return took;
}

export function floodBareReader(product: Product, command: string): { tookMs: number; cpuMs: number } {
  const flood = printing(command, `echo ${MARK}`);
  const printed = product.place.run(process.execPath, [BARE_READER, MARK, 'sh', '-c', flood]);
  const [tookMs = Number.NaN, cpuMs = Number.NaN] = printed.split(' ').map(Number);
  return { tookMs, cpuMs };
}

/** Coloured lines as a build or a test run prints them. */
export function writeLog(directory: string, bytes: number): string {
  const lines: string[] = [];
  for (let number = 0; number < 1000; number++) {
    const time = `\x1b[2m12:34:${String(number % 60).padStart(2, '0')}.${String(number).padStart(3, '0')}\x1b[0m`;
    const level = ['\x1b[32mINFO\x1b[0m', '\x1b[33mWARN\x1b[0m', '\x1b[1;31mERROR\x1b[0m'][number % 3];
    lines.push(
      `${time} ${level} \x1b[38;5;${number % 256}mworker-${number % 8}\x1b[0m request ${number} done — ok`,
    );
  }
  const block = Buffer.from(`${lines.join('\n')}\n`);
  const path = join(directory, 'coloured.log');
  writeFileSync(path, Buffer.concat(Array.from({ length: Math.ceil(bytes / block.length) }, () => block)));
  return path;
}
