/** What a daemon has to do when it is killed: sessions of several kinds, waits, followers, recordings, a person, and who types. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../../packages/client/src/index.ts';
import { until } from '../../harness/until.ts';
import type { Ledger } from '../../soak/ledger.ts';
import { LineSession } from '../../soak/line-session.ts';
import type { KillsOptions } from './kills.ts';

const MOST_ANSWERS = 30;

export class Load {
  readonly recordings: string[] = [];
  readonly ephemeral = new Set<string>();
  readonly namesToKeep: string[] = [];
  readonly #options: LoadOptions;
  readonly #lines: LineSession[] = [];
  #acknowledged = 0;
  #told = 0;
  #open = 0;
  #person: ChildProcess | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** Until as many inputs were acknowledged as chance has it; all else goes on. */
  async begin(): Promise<void> {
    const { kill, directory, random, client } = this.#options;
    for (let index = 0; index < 3; index++) {
      const name = `line-${kill}-${index}`;
      const line = new LineSession(name, join(directory, name));
      this.#lines.push(line);
      await this.#spawn(name, line.argv);
    }
    await this.#spawn(`deaf-${kill}`, ['/bin/sh', '-c', 'trap "" HUP; echo ready; exec sleep 1000']);
    if (random() < 0.5) await this.#spawn(`flood-${kill}`, ['/bin/sh', '-c', 'while :; do seq 1000; done']);
    this.ephemeral.add(`gone-${kill}`);
    await this.#spawn(`gone-${kill}`, ['/bin/cat'], true);
    const [first] = this.#lines as [LineSession];
    const file = join(directory, `${first.name}.cast`);
    await client.request('recording.start', { session: first.name, file });
    this.recordings.push(file);

    for (const { name } of this.#lines)
      void this.#ask(client.request('session.wait', { session: name, text: 'never', timeout_ms: 600_000 }));
    void this.#ask(client.request('events.follow', {}, { onEvent: () => {} }));
    await this.#attach(first.name);
    // The programs read what is typed only once they ignore that their terminal goes.
    await client.request('session.wait', { session: `deaf-${kill}`, text: 'ready' });
    const enough = Math.floor(random() * MOST_ANSWERS);
    for (const line of this.#lines) void this.#type(line);
    await until('so many inputs to be acknowledged', () => this.#acknowledged >= enough);
  }

  /** Whoever waits for an answer has one, and the person has their terminal back. @returns how many were told */
  async ended(): Promise<number> {
    await until('every request to be ended', () => this.#open === 0, {
      lastSeen: () => `${this.#open} requests that wait`,
    });
    const person = this.#person;
    await until('the attached client to end', () => person === undefined || person.exitCode !== null);
    if (person?.exitCode === 0) this.#options.ledger.fault('the attached client ended as if all were well');
    return this.#told;
  }

  /** @returns how many inputs were acknowledged, each of which was read once */
  check(): number {
    for (const line of this.#lines) line.check(this.#options.ledger);
    return this.#acknowledged;
  }

  async #spawn(name: string, argv: string[], ephemeral = false): Promise<void> {
    const { client, env } = this.#options;
    if (!ephemeral) this.namesToKeep.push(name);
    await client.request('session.spawn', { name, argv, cwd: '/', env, background: true, ephemeral });
  }

  async #attach(session: string): Promise<void> {
    const { dist, env, client } = this.#options;
    const words = [process.execPath, join(dist, 'pilotty.cjs'), 'attach', '-s', session];
    const command = words.map((word) => `'${word}'`).join(' ');
    this.#person = spawn('script', ['-qec', command, '/dev/null'], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await until('the person to be attached', async () => {
      return (await client.request('session.status', { session })).attached.length > 0;
    });
  }

  /** One line after the other, until nobody answers. */
  async #type(line: LineSession): Promise<void> {
    const { client, random } = this.#options;
    for (let count = 0; ; count++) {
      const text = `t${count}-${Math.floor(random() * 1e6)}`;
      line.asked(text);
      const wait = { text: `got:${text}`, timeout_ms: 600_000 };
      const answer = await this.#ask(
        client.request('session.type', { session: line.name, text, enter: true, wait }),
      );
      if (answer?.wait?.outcome !== 'matched') return;
      line.acknowledged(text);
      this.#acknowledged++;
    }
  }

  /** @returns the answer; undefined where the daemon ended before it */
  async #ask<T>(answer: Promise<T>): Promise<T | undefined> {
    this.#open++;
    try {
      return await answer;
    } catch {
      this.#told++;
      return undefined;
    } finally {
      this.#open--;
    }
  }
}

interface LoadOptions extends Pick<KillsOptions, 'dist' | 'directory' | 'env'> {
  client: Client;
  random(): number;
  ledger: Ledger;
  /** The number of the kill: no two rounds have a session of one name. */
  kill: number;
}

/** A process that has ended and is not reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
