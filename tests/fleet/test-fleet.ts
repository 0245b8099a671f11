/** A fleet on this machine: a nats-server, and hosts with a home, a socket directory and a daemon of their own each. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import type { Answer } from '../harness/answer.ts';
import { Pilotty, type Running, type RunOptions } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { NatsServer } from './nats-server.ts';

export class TestHost {
  readonly name: string;
  readonly env: Record<string, string>;
  readonly client: Client;
  joining: Running | undefined;

  constructor(directory: string, name: string) {
    this.name = name;
    const home = join(directory, name);
    mkdirSync(home, { recursive: true });
    this.env = { HOME: home, PILOTTY_SOCKET_DIR: join(home, 's') };
    this.client = createLocalClient({ env: this.env, cwd: '/' });
  }
}

export class TestFleet {
  readonly pilotty = new Pilotty('in process');
  readonly nats: NatsServer;
  readonly hosts: TestHost[] = [];

  constructor(more: readonly string[] = [], env: Record<string, string> = {}) {
    this.nats = new NatsServer(this.pilotty.directory, more, env);
  }

  /** With hosts of these names. */
  static async withHosts(...names: string[]): Promise<TestFleet> {
    const fleet = new TestFleet();
    await fleet.nats.start();
    await Promise.all(names.map((name) => fleet.join(name)));
    return fleet;
  }

  get address(): string {
    return `${this.nats.url}/ci`;
  }

  host(name: string): TestHost {
    const found = this.hosts.find((host) => host.name === name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  }

  /** Starts a host, or one that has ended again. */
  async join(
    name: string,
    words: readonly string[] = [],
    env: Record<string, string> = {},
    server: string = this.nats.url,
  ): Promise<TestHost> {
    const known = this.hosts.find((host) => host.name === name);
    const host = known ?? new TestHost(this.pilotty.directory, name);
    if (known === undefined) this.hosts.push(host);
    const joining = this.pilotty.start('fleet', 'join', server, '--fleet', 'ci', '--host', name, ...words, {
      env: { ...host.env, ...env },
    });
    host.joining = joining;
    let ended: Answer | undefined;
    void joining.answer.then((answer) => {
      ended = answer;
    });
    await until(`${name} to join`, () => joining.stdout().includes('has joined') || ended !== undefined, {
      deadlineMs: 50_000,
    });
    if (ended !== undefined) throw new Error(`${name} has not joined: ${ended.stderr}`);
    return host;
  }

  /** In a host's daemon, without the fleet. */
  async spawnOn(host: string, name: string, script: string, tags: string[] = []): Promise<void> {
    const { client, env } = this.host(host);
    const argv = ['/bin/sh', '-c', script];
    await client.request('session.spawn', {
      argv,
      name,
      cwd: '/',
      env: { ...env, PATH: '/usr/bin:/bin' },
      tags,
    });
  }

  async endOn(host: string, ...sessions: string[]): Promise<void> {
    await this.host(host).client.request('session.kill', { sessions, signal: 'KILL' });
  }

  /** As a machine that has lost its power; its daemon, which is another process here, goes on. */
  async kill(name: string): Promise<void> {
    const { joining } = this.host(name);
    joining?.child.kill('SIGKILL');
    await joining?.answer;
    // NATS has to notice it as well.
    await until(`${name} to be gone`, async () => (await this.on(name, 'ls')).stderr.includes('not there'));
  }

  on(host: string, ...words: (string | RunOptions)[]): Promise<Answer> {
    return this.pilotty.run('-H', `${this.address}/${host}`, ...(words as string[]));
  }

  all(...words: (string | RunOptions)[]): Promise<Answer> {
    return this.pilotty.run('--fleet', this.address, ...(words as string[]));
  }

  async close(): Promise<void> {
    for (const { joining } of this.hosts) joining?.child.kill('SIGTERM');
    for (const { joining } of this.hosts) await joining?.answer;
    for (const { client, env } of this.hosts) {
      client.close();
      await this.pilotty.run('stop', { env });
    }
    await this.nats.kill();
    await this.pilotty.close();
  }
}
