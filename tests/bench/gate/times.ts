/** Times, as ratios to something that was measured in the same run: on a slower machine the product is no slower. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave } from '../benchmark.ts';
import { floodBareReader, floodProduct, floodWaitedFor, writeLog } from '../floods.ts';
import { type Echo, withEcho } from '../line-echo.ts';
import { type Product, withProduct } from '../product.ts';
import { withTmux } from '../tmux.ts';
import { cpuTimeOf, cpuTimeOfRuns, cpuTimeOfWhole } from './cpu-time.ts';
import { type Gauge, type Reading, ratio, ratioOfPairs } from './reading.ts';

/** What a command adds to the start of its Node, in such starts. */
const beyond = (own: number, node: number) => own / node - 1;

/** In a row, because the shell may count in hundredths of a second. */
const RUNS = 6;

export const commandTimes: Gauge = {
  name: 'commands',
  read: (dist) =>
    withProduct(dist, (product) =>
      withTmux(async (tmux) => {
        await product.spawn('quiet', 'cat');
        const node = process.execPath;
        const native = product.nativeWords('key', '-s', 'quiet', 'Enter');
        const samples = await interleave(5, {
          node: () => cpuTimeOfRuns(product.place, RUNS, [node, ['-e', '0']]),
          key: () => cpuTimeOfRuns(product.place, RUNS, product.words('key', '-s', 'quiet', 'Enter')),
          snapshot: () => cpuTimeOfRuns(product.place, RUNS, product.words('snapshot', '-s', 'quiet')),
          native: native && (() => cpuTimeOfRuns(product.place, 10 * RUNS, native)),
          tmux:
            tmux &&
            (() => cpuTimeOfRuns(tmux.place, 10 * RUNS, tmux.words('send-keys', '-t', 'first', 'Enter'))),
        });
        const readings = [
          ratioOfPairs('CPU of `pilotty key` beyond `node -e 0`', samples.key, samples.node, beyond),
          ratioOfPairs(
            'CPU of `pilotty snapshot` beyond `node -e 0`',
            samples.snapshot,
            samples.node,
            beyond,
          ),
        ];
        if (tmux)
          readings.push(ratioOfPairs('CPU of `pilotty key` of `tmux send-keys`', samples.key, samples.tmux));
        if (tmux && native)
          readings.push(
            ratioOfPairs('CPU of the native `pilotty key` of `tmux send-keys`', samples.native, samples.tmux),
          );
        return readings;
      }),
    ),
};

export const firstCommandTime: Gauge = {
  name: 'first command',
  read: (dist) =>
    withProduct(dist, async (product) => {
      await product.leaveSnapshot();
      const samples = await interleave(8, {
        node: () => product.timeNode(),
        first: async () => {
          const took = product.time('spawn', 'sh');
          await product.stop();
          return took;
        },
      });
      return [
        ratioOfPairs(
          'the first command, which starts the daemon, of `node -e 0`',
          samples.first,
          samples.node,
        ),
      ];
    }),
};

const IN_A_ROW = 500;
const TOGETHER = 200;
/** An echo takes so little that the kernel, which counts in hundredths of a second, sees it in many only. */
const ECHOES = 6 * IN_A_ROW;
const ROUNDS = 6;

/** In CPU time, because on a busy machine the way of an answer is mostly waiting. */
export const requestTimes: Gauge = {
  name: 'requests',
  read: (dist) => withProduct(dist, (product) => withEcho((echo, pid) => readRequests(product, echo, pid))),
};

async function readRequests(product: Product, echo: Echo, echoPid: number): Promise<Reading[]> {
  const { client } = product;
  const session = 'quiet';
  await product.spawn(session, 'cat');
  const pid = await product.daemonPid();
  const key = () => client.request('session.key', { session, keys: 'Enter' });
  const snapshot = () => client.request('session.snapshot', { session });
  const list = () => client.request('session.list', {});
  const together = () => Promise.all(Array.from({ length: TOGETHER }, key));
  const samples = await interleave(ROUNDS, {
    echo: () =>
      cpuTimeOf(
        echoPid,
        repeated(ECHOES, () => echo('x'.repeat(100))),
      ),
    key: () => cpuTimeOf(pid, repeated(IN_A_ROW, key)),
    snapshot: () => cpuTimeOf(pid, repeated(IN_A_ROW, snapshot)),
    list: () => cpuTimeOf(pid, repeated(IN_A_ROW, list)),
    keyAndList: () =>
      cpuTimeOf(
        pid,
        repeated(IN_A_ROW, async () => {
          await key();
          await list();
        }),
      ),
    together: () => cpuTimeOf(pid, repeated((4 * IN_A_ROW) / TOGETHER, together)),
  });
  const each = (times: readonly number[], count: number) => sum(times) / count;
  const anEcho = each(samples.echo, ECHOES);
  return [
    ratio("CPU of a session.key of an echo's", each(samples.key, IN_A_ROW), anEcho),
    ratio("CPU of a session.snapshot of an echo's", each(samples.snapshot, IN_A_ROW), anEcho),
    ratio("CPU of a session.list of an echo's", each(samples.list, IN_A_ROW), anEcho),
    ratio("CPU of a session.key and a session.list of an echo's", each(samples.keyAndList, IN_A_ROW), anEcho),
    ratio(
      `CPU of a session.key of an echo's, ${TOGETHER} at once`,
      each(samples.together, 4 * IN_A_ROW),
      anEcho,
    ),
  ];
}

function repeated(count: number, work: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    for (let done = 0; done < count; done++) await work();
  };
}

function sum(samples: readonly number[]): number {
  return samples.reduce((total, sample) => total + sample, 0);
}

const EXECS = 50;

/** What exec makes a shell do: dash, which has neither a history nor an editor of lines, does what nothing can spare. */
export const execTimes: Gauge = {
  name: 'exec',
  read: (dist) =>
    withProduct(dist, async (product) => {
      const cpuTimes = async (shell: string) => {
        const { pid } = await product.spawn(shell, shell);
        const exec = () => product.client.request('session.exec', { session: shell, command: 'true' });
        return () => cpuTimeOfWhole(pid, repeated(EXECS, exec));
      };
      const { bash, dash } = await interleave(ROUNDS, {
        bash: await cpuTimes('bash'),
        dash: await cpuTimes('dash'),
      });
      return [ratio("CPU of bash and what it starts for an exec, of dash's", sum(bash), sum(dash))];
    }),
};

const HUNDRED_WAITS = Array.from({ length: 25 }, (_, number) => [
  { text: `never ${number}` },
  { regex: `never [0-9]+ ${number}` },
  { gone: `${number % 10}` },
  { text: `not ${number}`, settle_ms: 100 },
]).flat();

/** In CPU time as well: with two cores, what prints and what draws share them with all else. */
export const floodTimes: Gauge = {
  name: 'floods',
  read: (dist) =>
    withProduct(dist, async (product) => {
      const log = writeLog(product.place.directory, 10 * 1024 * 1024);
      const numbers = join(product.place.directory, 'numbers');
      writeFileSync(numbers, Array.from({ length: 500_000 }, (_, index) => `${index}\n`).join(''));
      const flood = (file: string) => `cat ${file}`;
      const pid = await product.daemonPid();
      const cpuTime = (work: () => Promise<unknown>) => cpuTimeOf(pid, work);
      const samples = await interleave(5, {
        numbers: () => floodProduct(product, flood(numbers), cpuTime),
        numbersForOne: () => floodWaitedFor(product, flood(numbers), [], cpuTime),
        numbersForAll: () => floodWaitedFor(product, flood(numbers), HUNDRED_WAITS, cpuTime),
        numbersRead: () => floodBareReader(product, flood(numbers)).cpuMs,
        log: () => floodProduct(product, flood(log), cpuTime),
        logRead: () => floodBareReader(product, flood(log)).cpuMs,
      });
      return [
        ratioOfPairs(
          "CPU of 500 000 lines, waited for, of a bare reader's",
          samples.numbers,
          samples.numbersRead,
        ),
        // Of a tenth of a second a collection of garbage is a third, and falls into either: the least of each has none.
        ratio(
          'CPU of 500 000 lines, with 100 waits more, of none',
          Math.min(...samples.numbersForAll),
          Math.min(...samples.numbersForOne),
        ),
        ratioOfPairs(
          "CPU of 10 MB of coloured lines, waited for, of a bare reader's",
          samples.log,
          samples.logRead,
        ),
      ];
    }),
};
