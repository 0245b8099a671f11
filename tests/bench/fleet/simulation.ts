/** A fleet that is simulated: a real nats-server, and hosts that are the product's but for their daemons. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NatsServer } from '../../fleet/nats-server.ts';
import { Place } from '../place.ts';

export interface Ran {
  ms: number;
  peakMb: number;
  stdout: string;
  exitCode: number | null;
}

/** As the monitoring of NATS says. */
export interface NatsCounts {
  messages: number;
  bytes: number;
  memoryMb: number;
  slowConsumers: number;
}

export class Simulation {
  readonly place = new Place();
  readonly nats = new NatsServer(this.place.directory, ['-m', '-1']);
  readonly #dist: string;
  readonly #programs: string;
  readonly #sessions: number;
  #hosts: ChildProcess | undefined;
  #nextId = 1;

  /** @param root of this project. @param sessions of each host */
  constructor(dist: string, root: string, sessions: number) {
    this.#dist = dist;
    this.#programs = join(root, 'tests/bench/programs');
    this.#sessions = sessions;
  }

  async start(): Promise<void> {
    await this.nats.start();
    const { directory, env } = this.place;
    const words = [this.#dist, join(directory, 'h'), this.nats.url, String(this.#sessions)];
    this.#hosts = fork(join(this.#programs, 'fleet-hosts.cjs'), words, {
      env: { ...env, PLACE: directory },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  get hostsPid(): number {
    return this.#hosts?.pid as number;
  }

  /** @returns what the program of the hosts answers */
  async ask<T>(act: string, about: object = {}): Promise<T> {
    const hosts = this.#hosts as ChildProcess;
    const id = this.#nextId++;
    return await new Promise((resolve, reject) => {
      const take = (answer: { id: number; result: T; error?: string }) => {
        if (answer.id !== id) return;
        hosts.off('message', take);
        hosts.off('exit', ended);
        if (answer.error === undefined) resolve(answer.result);
        else reject(new Error(answer.error));
      };
      const ended = () => reject(new Error('the program of the hosts has ended'));
      hosts.on('message', take);
      hosts.once('exit', ended);
      hosts.send({ id, act, ...about });
    });
  }

  /** A command about all hosts, from its start to its end. */
  async run(...words: string[]): Promise<Ran> {
    const { child, peakMb } = this.#start(words);
    const began = performance.now();
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { ms: performance.now() - began, peakMb: peakMb(), stdout, exitCode };
  }

  /** A command that goes on: its lines of JSON, each with when it came, in milliseconds since 1970. */
  follow(...words: string[]): {
    lines: { at: number; line: string }[];
    pid: number;
    stop(): Promise<number>;
  } {
    const { child, peakMb } = this.#start(words);
    const lines: { at: number; line: string }[] = [];
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) =>
      lines.push({ at: performance.timeOrigin + performance.now(), line }),
    );
    const closed = once(child, 'close');
    return {
      lines,
      pid: child.pid as number,
      async stop() {
        child.kill('SIGINT');
        await closed;
        return peakMb();
      },
    };
  }

  async counts(): Promise<NatsCounts> {
    const answer = await fetch(`${this.nats.monitoring}/varz`);
    const { in_msgs, out_msgs, in_bytes, out_bytes, mem, slow_consumers } = (await answer.json()) as Record<
      string,
      number
    >;
    return {
      messages: (in_msgs ?? 0) + (out_msgs ?? 0),
      bytes: (in_bytes ?? 0) + (out_bytes ?? 0),
      memoryMb: (mem ?? 0) / 1024 / 1024,
      slowConsumers: slow_consumers ?? 0,
    };
  }

  async close(): Promise<void> {
    this.#hosts?.kill('SIGKILL');
    await this.nats.kill();
    this.place.close();
  }

  #start(words: string[]): { child: ChildProcess; peakMb(): number } {
    const { env, directory } = this.place;
    const file = join(directory, `peak-${this.#nextId++}`);
    const program = [join(this.#dist, 'pilotty.cjs'), '--fleet', `${this.nats.url}/sim`, ...words];
    const child = spawn(
      process.execPath,
      ['--require', join(this.#programs, 'peak-memory.cjs'), ...program],
      {
        env: { ...env, PEAK_MEMORY: file },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return { child, peakMb: () => Number(readFileSync(file, 'utf8')) };
  }
}
