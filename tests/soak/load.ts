/**
 * The load: rounds, in each of which sessions are started, clients act on them at random and are cut at random, both sides
 * are compared, and everything is ended. Between two rounds the daemon has nothing to do: what it takes then is compared.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client as ProductClient, Result } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { until } from '../harness/until.ts';
import { randomNumbers } from '../terminal/random-stream.ts';
import { ACTS, type Act, type Client, NEVER_CUT } from './acts.ts';
import { CheckedConnection, Cut } from './checked-connection.ts';
import { Ledger } from './ledger.ts';
import { LineSession } from './line-session.ts';
import { processFacts, type Rest, restOf, type Sample } from './samples.ts';

export interface LoadOptions {
  /** Where the built programs are. */
  dist: string;
  /** Of the run: a home, the socket directory, the files of both sides. */
  directory: string;
  env: Record<string, string>;
  rounds: number;
  roundMs: number;
  sessions: number;
  clients: number;
  seed: number;
  /** From the root of the sources; a bundle lies elsewhere. */
  probe?: string;
  /** After each round. */
  progress?: (rest: Rest) => void;
}

export interface LoadResult {
  ledger: Ledger;
  samples: Sample[];
  rests: Rest[];
}

/** Of all sessions so many have a shell that runs commands; the others read lines. */
const SHELLS_IN_TEN = 2;
/** One act in so many ends with a client that is cut off, while it asks. */
const CUT_ONE_IN = 60;
const SAMPLE_EVERY_MS = 1000;
const PROBE = fileURLToPath(new URL('./programs/probe.cjs', import.meta.url));

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const load = new Load(options);
  try {
    return await load.run();
  } finally {
    await load.close();
  }
}

class Load {
  readonly #options: LoadOptions;
  readonly #ledger = new Ledger();
  readonly #samples: Sample[] = [];
  readonly #rests: Rest[] = [];
  readonly #random: () => number;
  readonly #client: ProductClient;
  readonly #probe: string;
  readonly #began = performance.now();
  #tokens = 0;

  constructor(options: LoadOptions) {
    const { dist, directory, env, seed, probe = PROBE } = options;
    this.#options = options;
    this.#random = randomNumbers(seed);
    this.#probe = join(directory, 'probe');
    const nodeOptions = {
      NODE_OPTIONS: `--require=${JSON.stringify(probe)}`,
      PILOTTY_SOAK_PROBE: this.#probe,
    };
    this.#client = createLocalClient({
      env: { ...env, ...nodeOptions },
      cwd: '/',
      daemonProgram: join(dist, 'pilotty-daemon.cjs'),
    });
  }

  async run(): Promise<LoadResult> {
    const { pid } = await this.#info();
    for (let round = 0; round < this.#options.rounds; round++) {
      await this.#round(pid, round);
      await this.#endAll();
      const rest = await restOf(pid, this.#probe, () => this.#seconds, this.#rests[0]);
      this.#rests.push(rest);
      this.#options.progress?.(rest);
      if (this.#ledger.faultCount > 0) break;
    }
    this.#ledger.checkComplete();
    return { ledger: this.#ledger, samples: this.#samples, rests: this.#rests };
  }

  async close(): Promise<void> {
    await this.#client.request('daemon.stop', {});
    await this.#client.disconnected();
    this.#client.close();
  }

  async #round(pid: number, round: number): Promise<void> {
    const { sessions, clients, roundMs, directory } = this.#options;
    const shellCount = Math.max(1, Math.floor((sessions * SHELLS_IN_TEN) / 10));
    const shells = Array.from({ length: shellCount }, (_, index) => `shell-${round}-${index}`);
    const lines = Array.from({ length: sessions - shellCount }, (_, index) => {
      const name = `line-${round}-${index}`;
      return new LineSession(name, join(directory, name));
    });
    for (const name of shells) await this.#spawn(name, ['/bin/bash', '--norc', '--noprofile']);
    for (const { name, argv } of lines) await this.#spawn(name, argv);
    await Promise.all(
      shells.map((session) => this.#client.request('session.wait', { session, prompt: true })),
    );

    const endsAt = performance.now() + roundMs;
    const sampling = setInterval(() => void this.#sample(pid), SAMPLE_EVERY_MS);
    const work = Array.from({ length: clients }, () => this.#clientUntil(endsAt, lines, shells));
    await Promise.all(work);
    clearInterval(sampling);
    await this.#sample(pid);
    await this.#linesRead(lines);
    for (const line of lines) line.check(this.#ledger);
  }

  /** A client after the other, each until it is cut. */
  async #clientUntil(
    endsAt: number,
    lines: readonly LineSession[],
    shells: readonly string[],
  ): Promise<void> {
    const { env } = this.#options;
    while (performance.now() < endsAt) {
      const connection = await CheckedConnection.open(`${env.PILOTTY_SOCKET_DIR}/pilotty.sock`, this.#ledger);
      const client: Client = {
        ...{ connection, ledger: this.#ledger, random: this.#random, lines, shells, env },
        token: () => `t${++this.#tokens}-${Math.floor(this.#random() * 1e6)}`,
      };
      let isCut = false;
      while (!isCut && performance.now() < endsAt) isCut = await this.#act(client);
      connection.cut();
    }
  }

  /** @returns whether the connection was cut meanwhile */
  async #act(client: Client): Promise<boolean> {
    const [name, act] = chooseAct(this.#random);
    const isCut = !NEVER_CUT.includes(act) && this.#random() < 1 / CUT_ONE_IN;
    // In the middle of whatever it does.
    const cutting = isCut ? setTimeout(() => client.connection.cut(), 5 * this.#random()) : undefined;
    try {
      await act(client);
      this.#ledger.done(name);
    } catch (error) {
      if (!(error instanceof Cut)) this.#ledger.fault(`${name}: ${error}`);
    } finally {
      clearTimeout(cutting);
    }
    return isCut;
  }

  async #spawn(name: string, argv: string[]): Promise<void> {
    const { env } = this.#options;
    await this.#client.request('session.spawn', { name, argv, cwd: '/', env, background: true });
  }

  /** What was typed by clients that were cut is read by now, or never will be. */
  async #linesRead(lines: readonly LineSession[]): Promise<void> {
    for (const { name } of lines)
      await this.#client.request('session.wait', { session: name, reads: true, idle_ms: 50 });
  }

  /** Programs that were started by clients which were cut end here too. */
  async #endAll(): Promise<void> {
    const isOver = (info: Result<'daemon.info'>) => info.sessions === 0 && info.connections === 1;
    await until('the daemon to have nothing left but this client', async () => {
      await this.#client.request('session.kill', { all: true, signal: 'KILL' });
      return isOver(await this.#info());
    });
    await this.#client.request('daemon.gc', {});
  }

  async #sample(pid: number): Promise<void> {
    const { sessions, connections } = await this.#info();
    const answered = this.#ledger.answered;
    this.#samples.push({ atSeconds: this.#seconds, ...processFacts(pid), sessions, connections, answered });
  }

  #info(): Promise<Result<'daemon.info'>> {
    return this.#client.request('daemon.info', {});
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

const CHOICES: readonly [string, Act][] = Object.entries(ACTS).flatMap(([name, [weight, act]]) =>
  Array.from({ length: weight }, (): [string, Act] => [name, act]),
);

function chooseAct(random: () => number): [string, Act] {
  return CHOICES[Math.floor(random() * CHOICES.length)] as [string, Act];
}
