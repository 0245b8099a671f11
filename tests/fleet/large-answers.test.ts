/** What many hosts answer together is more than a client should hold: it is written host by host, or refused. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, inject, test } from 'vitest';
import { takeInOrder } from '../../apps/fleet/src/bounded.ts';
import { Simulation } from '../bench/fleet/simulation.ts';
import { needs } from '../harness/programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SESSIONS = 50;
const GATHER = ['gather', '--lines', '200', '--json'];

let starting: Promise<Simulation> | undefined;
let simulation: Simulation;

async function start(): Promise<Simulation> {
  const build = inject('build');
  if ('problem' in build) throw new Error(build.problem);
  const started = new Simulation(build.directory, ROOT, SESSIONS);
  await started.start();
  return started;
}

beforeEach(async () => {
  needs('nats-server');
  starting ??= start();
  simulation = await starting;
});

afterAll(async () => {
  await (await starting)?.close();
});

test('six times as many hosts take no more memory, and are all in the answer, in their order', async () => {
  await simulation.ask('hosts', { count: 8 });
  const few = await simulation.run(...GATHER);
  expect(JSON.parse(few.stdout).results).toHaveLength(8 * SESSIONS);
  await simulation.ask('hosts', { count: 48 });
  const many = await simulation.run(...GATHER);
  expect(many.exitCode).toBe(0);
  // Held and written at once, it was three times as much.
  expect(many.peakMb).toBeLessThan(2 * few.peakMb);
  const { type, results, unreachable, event_cursor } = JSON.parse(many.stdout);
  expect({ type, unreachable }).toEqual({ type: 'fleet_gathered', unreachable: [] });
  const hosts = results.map(({ session }: { session: string }) => session.split('/')[0]);
  const names = [...new Set(hosts)];
  expect(names).toHaveLength(48);
  expect(names).toEqual([...names].sort());
  expect(hosts).toEqual(names.flatMap((name) => Array(SESSIONS).fill(name)));
  expect(results[0].lines).toHaveLength(200);
  expect(event_cursor.split(',')).toHaveLength(1 + 48);
});

test('who wants it whole is refused when it is larger than an answer may be, and has it when it is not', async () => {
  await simulation.ask('hosts', { count: 48 });
  const refused = await simulation.run(...GATHER, '--fields', 'event_cursor');
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  const fewer = await simulation.run(...GATHER, '-s', 'host-1*/*', '--fields', 'results.session');
  expect(JSON.parse(fewer.stdout).results).toHaveLength(11 * SESSIONS);
});

test('results are taken in order, and no more are begun than may be held, however late the first is', async () => {
  const ends: (() => void)[] = [];
  const taken: number[] = [];
  let isSmall = false;
  const taking = takeInOrder(
    Array.from({ length: 20 }, (_, index) => index),
    () => (isSmall ? 10 : 3),
    async (index) => {
      await new Promise<void>((resolve) => {
        ends[index] = resolve;
      });
      return index;
    },
    (index) => void taken.push(index),
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  ends[1]?.();
  ends[2]?.();
  await settle();
  expect({ begun: ends.length, taken }).toEqual({ begun: 3, taken: [] });
  ends[0]?.();
  await settle();
  expect({ begun: ends.length, taken }).toEqual({ begun: 6, taken: [0, 1, 2] });
  isSmall = true;
  ends[4]?.();
  await settle();
  expect({ begun: ends.length, taken }).toEqual({ begun: 13, taken: [0, 1, 2] });
  for (let next = 0; next < 20; next++) {
    ends[next]?.();
    await settle();
  }
  await taking;
  expect(taken).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('what one of them throws ends it, in their order, and nothing more is begun', async () => {
  const begun: number[] = [];
  const taken: number[] = [];
  const taking = takeInOrder(
    [0, 1, 2, 3, 4, 5],
    () => 2,
    async (index) => {
      begun.push(index);
      if (index === 1) throw new Error('refused');
      return index;
    },
    (index) => void taken.push(index),
  );
  await expect(taking).rejects.toThrow('refused');
  expect(taken).toEqual([0]);
  expect(begun.length).toBeLessThanOrEqual(4);
});
