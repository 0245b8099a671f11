/**
 * Kills the daemon under load, again and again, each time at another moment, and compares what is left with what must be:
 * who asked is told, the next request starts a daemon that serves, what outlived its terminal is named, what was on disk can
 * be restored, and nothing that was acknowledged is lost or done twice. Between two kills the gateway is killed too.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CastReader } from '../../../packages/asciicast/src/index.ts';
import type { Client } from '../../../packages/client/src/index.ts';
import { createLocalClient } from '../../../packages/client/src/node.ts';
import { processesOf } from '../../harness/processes.ts';
import { until } from '../../harness/until.ts';
import { Ledger } from '../../soak/ledger.ts';
import { randomNumbers } from '../../terminal/random-stream.ts';
import { killGateway } from './gateway.ts';
import { isRunning, Load } from './load.ts';

export interface KillsOptions {
  /** Where the built programs are. */
  dist: string;
  /** Of the run: a home, the socket directory, the files of both sides. */
  directory: string;
  env: Record<string, string>;
  seed: number;
  /** How often the daemon is killed. */
  kills: number;
  /** After each. */
  progress?: (result: KillsResult) => void;
}

export interface KillsResult {
  kills: number;
  gatewayKills: number;
  /** Inputs that were acknowledged: each was read once. */
  acknowledged: number;
  /** Requests that were told of the end of the daemon. */
  told: number;
  restored: number;
  /** Programs that outlived their terminal: each was named. */
  orphans: number;
  faults: readonly string[];
}

/** @param options the same seed kills after the same numbers of answers, of the same sessions */
export async function runKills(options: KillsOptions): Promise<KillsResult> {
  const run = new Run(options);
  for (let kill = 0; kill < options.kills && run.result.faults.length === 0; kill++) {
    await run.killOnce();
    options.progress?.(run.result);
  }
  await run.close();
  return run.result;
}

type Counts = Omit<KillsResult, 'faults'>;

/** A process that may have ended since it was looked for. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

class Run {
  readonly #options: KillsOptions;
  readonly #ledger = new Ledger();
  readonly #random: () => number;
  readonly #counts: Counts = {
    ...{ kills: 0, gatewayKills: 0, acknowledged: 0, told: 0, restored: 0, orphans: 0 },
  };
  /** What is in the socket directory of a daemon without a session. */
  #filesAtFirst: string[] | undefined;

  constructor(options: KillsOptions) {
    this.#options = options;
    this.#random = randomNumbers(options.seed);
  }

  get result(): KillsResult {
    return { ...this.#counts, faults: this.#ledger.faults };
  }

  async close(): Promise<void> {
    const client = this.#connect();
    await client.request('daemon.stop', {});
    client.close();
  }

  async killOnce(): Promise<void> {
    const kill = this.#counts.kills++;
    const client = this.#connect();
    const { pid } = await client.request('daemon.info', {});
    this.#filesAtFirst ??= this.#files();
    const load = new Load({ ...this.#options, client, random: this.#random, ledger: this.#ledger, kill });
    await load.begin();
    // Of half of the rounds all that is to be kept is on the disk by then.
    const mustBeKept = this.#random() < 0.5 ? load.namesToKeep : [];
    await until('what is kept to be on the disk', () => mustBeKept.every((name) => this.#kept().has(name)));
    process.kill(pid, 'SIGKILL');
    await until('the daemon to be gone', () => !isRunning(pid));
    this.#counts.told += await load.ended();
    client.close();
    const kept = this.#kept();
    for (const name of mustBeKept) if (!kept.has(name)) this.#fault(`${name} was kept, and is not any more`);
    await this.#recover(load, kept);
    if (kill % 2 === 1) return;
    await killGateway(this.#options, (what) => this.#fault(what));
    this.#counts.gatewayKills++;
  }

  /** With a random first request, none of which is told about daemons. */
  async #recover(load: Load, kept: ReadonlySet<string>): Promise<void> {
    const client = this.#connect();
    const methods = ['session.list', 'daemon.info', 'sessions.lost'] as const;
    await client.request(methods[Math.floor(this.#random() * methods.length)] ?? 'daemon.info', {});
    const { pid } = await client.request('daemon.info', {});
    await this.#outlived(client, pid);
    const { sessions: lost } = await client.request('sessions.lost', {});
    const names = lost.map(({ name }) => name).sort();
    if (names.join() !== [...kept].sort().join())
      this.#fault(`kept were ${[...kept].sort()}, and listed are ${names}`);
    if (names.some((name) => load.ephemeral.has(name))) this.#fault(`an ephemeral session is among ${names}`);
    this.#counts.acknowledged += load.check();
    for (const file of load.recordings) this.#readable(file);

    const results = lost.length === 0 ? [] : await this.#restoreAll(client);
    for (const { name, still_runs } of lost) {
      const isRestored = results.some((result) => result.session === name && result.ok);
      if (isRestored === (still_runs === true))
        this.#fault(`${name}, which ${still_runs ? 'runs' : 'has ended'}: restored is ${isRestored}`);
    }
    this.#counts.restored += results.filter(({ ok }) => ok).length;
    await client.request('session.kill', { all: true, signal: 'KILL' });
    await client.request('sessions.restore', { all: true, forget: true, env: {} });
    await until('the programs to be gone', () => {
      const left = this.#programs(pid);
      for (const each of left) kill(each);
      return left.length === 0;
    });
    const files = this.#files();
    if (files.join() !== this.#filesAtFirst?.join())
      this.#fault(`of ${files} only ${this.#filesAtFirst} were there at first`);
    client.close();
  }

  /** Every program that is still there is one that the daemon tells of: an orphan, or what was started by one. */
  async #outlived(client: Client, daemon: number): Promise<void> {
    let unnamed: number[] = [];
    let named: number[] = [];
    const areNamed = async () => {
      const { orphans } = await client.request('daemon.info', {});
      named = orphans.map(({ pid }) => pid);
      unnamed = this.#programs(daemon).filter((pid) => !named.includes(pid));
      return unnamed.length === 0 && named.every(isRunning);
    };
    await until('every program to have ended or to be named', areNamed).catch(() => {
      this.#fault(`programs that nobody is told of: ${unnamed}; told are ${named}`);
    });
    this.#counts.orphans += named.length;
  }

  async #restoreAll(client: Client): Promise<{ session: string; ok: boolean }[]> {
    const { env } = this.#options;
    const { results } = await client.request('sessions.restore', { all: true, env });
    return results;
  }

  /** All but its last line, which may have been cut. */
  #readable(file: string): void {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    try {
      const reader = new CastReader();
      for (const line of lines) reader.read(line);
    } catch (error) {
      this.#fault(`the recording ${file}: ${error}`);
    }
  }

  /** Processes of sessions, whoever is their parent now. */
  #programs(daemon: number): number[] {
    const { directory, dist } = this.#options;
    return processesOf(directory)
      .filter(({ pid, command }) => pid !== daemon && !command.includes(dist))
      .map(({ pid }) => pid);
  }

  /** Names of the running sessions that are on the disk. */
  #kept(): Set<string> {
    const state = join(this.#options.env.HOME ?? '', '.local/state/pilotty/sessions');
    if (!existsSync(state)) return new Set();
    const files = readdirSync(state, { recursive: true }).map(String);
    const records = files
      .filter((name) => name.endsWith('.sessions.json'))
      .map((name) => JSON.parse(readFileSync(join(state, name), 'utf8')) as { sessions: { name: string }[] });
    return new Set(records.flatMap(({ sessions }) => sessions.map(({ name }) => name)));
  }

  #files(): string[] {
    const names = readdirSync(this.#options.env.PILOTTY_SOCKET_DIR ?? '', { recursive: true }).map(String);
    return names.filter((name) => !name.startsWith('gateway.')).sort();
  }

  #connect(): Client {
    const { env, dist } = this.#options;
    return createLocalClient({ env, cwd: '/', daemonProgram: join(dist, 'pilotty-daemon.cjs') });
  }

  #fault(what: string): void {
    this.#ledger.fault(`kill ${this.#counts.kills} with the seed ${this.#options.seed}: ${what}`);
  }
}
