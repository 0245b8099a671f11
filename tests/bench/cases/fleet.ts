/**
 * A fleet by the number of its hosts. Hosts and nats-server are on the machine of the client, whose cores they share: what is
 * said of times is more than a client of its own would take.
 */
import { pathOf } from '../../harness/path.ts';
import { until } from '../../harness/until.ts';
import { type Benchmark, pause, timed } from '../benchmark.ts';
import { Simulation } from '../fleet/simulation.ts';
import { root } from '../floods.ts';
import { cpuTimeOf } from '../gate/cpu-time.ts';
import { type Row, row, type Unit } from '../summary.ts';

const SESSIONS = 50;
const REST_MS = 12_000;
/** Of the whole fleet: so often one of its hosts has an event. */
const EVENT_EVERY_MS = 5;
/** More than a terminal shows: what a fleet answers with when much is asked of it. */
const MANY_LINES = '200';

export const fleet: Benchmark = {
  name: 'fleet',
  title: `A fleet over NATS by its hosts, each with ${SESSIONS} sessions: the product's own hosts and commands and a real nats-server, with
stand-ins for the daemons. All of it is on one machine. A command is a process of its own, from its start to its end; its links
to the hosts are opened anew each time. Messages are those that nats-server takes and hands on. Calls, messages and memory hardly
depend on what else the machine does; times do.`,
  run: async ({ dist, isFull }) => {
    if (pathOf('nats-server') === undefined || process.platform !== 'linux') return [];
    const simulation = new Simulation(dist, root, SESSIONS);
    try {
      await simulation.start();
      const rows: Row[] = [];
      for (const count of isFull ? [1, 10, 50, 100, 200] : [1, 10, 50]) {
        await simulation.ask('hosts', { count });
        rows.push(...(await measure(simulation, count, isFull ? 7 : 3)));
      }
      return rows;
    } finally {
      await simulation.close();
    }
  },
};

async function measure(simulation: Simulation, hosts: number, runs: number): Promise<Row[]> {
  const about = (curve: string, unit: Unit, samples: readonly number[], quantile = 0.5) =>
    row({
      what: `${hosts} ${hosts === 1 ? 'host' : 'hosts'}: ${curve}`,
      unit,
      samples,
      quantile,
      point: { curve, at: hosts },
    });
  const rest = await atRest(simulation);
  const lists = await listing(simulation, runs);
  const gathers = await gathering(simulation);
  const events = await following(simulation, hosts);
  const waits = await waiting(simulation, hosts, runs);
  return [
    about('`list-sessions`', 'ms', lists.ms),
    about('`list-sessions`, memory at most', 'MB', lists.peakMb),
    about('`list-sessions`, messages', '', lists.messages),
    about(`\`gather --lines ${MANY_LINES}\``, 'ms', [gathers.ms]),
    about(`\`gather --lines ${MANY_LINES}\`, memory at most`, 'MB', [gathers.peakMb]),
    about('an event, from its daemon to the line of `events`', 'ms', events.latencies),
    about('an event, p99', 'ms', events.latencies, 0.99),
    about('`events`, memory at most', 'MB', [events.peakMb]),
    about('an end, until the `wait` that is open has ended', 'ms', waits.latencies),
    about('two ends on each host at once, until a loop of `wait` has reported all', 'ms', [waits.loopMs]),
    about('the same, calls of `wait`', '', [waits.calls]),
    about('at rest, messages', '/s', [rest.messages]),
    about('at rest, CPU time of nats-server in a minute', 'ms', [rest.cpuMs]),
    about('memory of nats-server', 'MB', [(await simulation.counts()).memoryMb]),
    about('slow consumers that nats-server has cut off', '', [(await simulation.counts()).slowConsumers]),
  ];
}

async function atRest(simulation: Simulation): Promise<{ messages: number; cpuMs: number }> {
  await pause(1000);
  const before = await simulation.counts();
  const cpuMs = await cpuTimeOf(simulation.nats.pid, () => pause(REST_MS));
  const after = await simulation.counts();
  return {
    messages: ((after.messages - before.messages) * 1000) / REST_MS,
    cpuMs: (cpuMs * 60_000) / REST_MS,
  };
}

async function listing(simulation: Simulation, runs: number) {
  const found = { ms: [] as number[], peakMb: [] as number[], messages: [] as number[] };
  for (let run = -1; run < runs; run++) {
    const before = await simulation.counts();
    const { ms, peakMb, exitCode, stdout } = await simulation.run('list-sessions');
    if (exitCode !== 0) throw new Error(`list-sessions ended with ${exitCode}: ${stdout.slice(-500)}`);
    const after = await simulation.counts();
    if (run < 0) continue;
    found.ms.push(ms);
    found.peakMb.push(peakMb);
    found.messages.push(after.messages - before.messages);
  }
  return found;
}

async function gathering(simulation: Simulation) {
  const gathered = await simulation.run('gather', '--lines', MANY_LINES, '--json');
  if (gathered.exitCode !== 0) throw new Error(`gather ended with ${gathered.exitCode}`);
  return gathered;
}

async function following(simulation: Simulation, hosts: number) {
  const events = simulation.follow('events', '--type', 'title');
  const rounds = Math.min(40, Math.max(3, Math.ceil(200 / hosts)));
  const everyMs = Math.max(100, hosts * EVENT_EVERY_MS);
  const told = () => events.lines.filter(({ line }) => line.includes('"title"'));
  // Whether it follows all of them can be told by nothing but their events.
  await until(
    'all hosts to be followed',
    async () => {
      await simulation.ask('tell', { rounds: 1, everyMs: 100 });
      return new Set(told().map(({ line }) => JSON.parse(line).host)).size === hosts;
    },
    { deadlineMs: 60_000 },
  );
  await pause(500);
  const before = told().length;
  await simulation.ask('tell', { rounds, everyMs });
  await until('all events', () => told().length >= before + rounds * hosts, { deadlineMs: 60_000 });
  const latencies = told()
    .slice(before)
    .map(({ at, line }) => at - Number(JSON.parse(line).title));
  return { latencies, peakMb: await events.stop() };
}

async function waiting(simulation: Simulation, hosts: number, runs: number) {
  let cursor = await cursorNow(simulation);
  const reported = new Set<string>();
  const wait = async () => {
    const { stdout } = await simulation.run(
      'wait',
      '--tag',
      'simulated',
      '--exit',
      '-t',
      '30s',
      '--after',
      cursor,
    );
    const { ready, event_cursor } = JSON.parse(stdout) as {
      ready: { session: string }[];
      event_cursor: string;
    };
    cursor = event_cursor;
    for (const { session } of ready) {
      if (reported.has(session)) throw new Error(`${session} was reported twice`);
      reported.add(session);
    }
  };
  const latencies: number[] = [];
  for (let run = 0; run < runs; run++) {
    const answer = wait().then(() => performance.timeOrigin + performance.now());
    await pause(3000);
    const endedAt = await simulation.ask<number>('endOn', { host: run % hosts, count: 1 });
    latencies.push((await answer) - endedAt);
  }
  await simulation.ask('end', { count: 2 });
  const wanted = reported.size + 2 * hosts;
  let calls = 0;
  const loopMs = await timed(async () => {
    for (; reported.size < wanted; calls++) await wait();
  });
  return { latencies, loopMs, calls };
}

async function cursorNow(simulation: Simulation): Promise<string> {
  const { stdout } = await simulation.run('list-sessions', '--json');
  return JSON.parse(stdout).event_cursor;
}
