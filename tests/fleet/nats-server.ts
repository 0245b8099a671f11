/** A nats-server of one test: on a free port of loopback, with a directory of its own, and ended and started as it likes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathOf } from '../harness/path.ts';
import { until } from '../harness/until.ts';

export class NatsServer {
  readonly #directory: string;
  readonly #more: readonly string[];
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;
  #port = -1;
  #monitoring = '';

  /** @param more words for it, such as a configuration */
  constructor(directory: string, more: readonly string[] = [], env: Record<string, string> = {}) {
    this.#directory = directory;
    this.#more = more;
    this.#env = env;
    mkdirSync(join(directory, 'js'), { recursive: true });
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** Where it says of itself what it counts, if it was started with -m. */
  get monitoring(): string {
    return this.#monitoring;
  }

  async start(): Promise<void> {
    const store = join(this.#directory, 'js');
    const more = this.#more;
    const own = more.includes('-c') ? more : ['-js', '-sd', store, ...more];
    const words = [...own, '-a', '127.0.0.1', '-p', String(this.#port)];
    const files = ['--ports_file_dir', this.#directory, '-l', join(this.#directory, 'nats.log')];
    const child = spawn(pathOf('nats-server') as string, [...words, ...files], {
      env: { ...this.#env, NATS_STORE: store, PATH: process.env.PATH ?? '' },
      stdio: 'ignore',
    });
    this.#child = child;
    const file = join(this.#directory, `nats-server_${child.pid}.ports`);
    await until(
      'nats-server to listen',
      () => existsSync(file) && readFileSync(file, 'utf8').includes('nats://'),
      {
        lastSeen: () => this.log(),
      },
    );
    this.#monitoring = /http:\/\/127\.0\.0\.1:\d+/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
    this.#port = Number(/nats:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]);
    await until('nats-server to accept', () => accepts(this.#port));
  }

  /** As a power failure would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  log(): string {
    const path = join(this.#directory, 'nats.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : `no log in ${readdirSync(this.#directory)}`;
  }
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}
