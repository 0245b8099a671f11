/** Sessions of shells, and commands run in them over one connection. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Client, Params, Result } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';
import { test as base, builtProgram, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'ksh', 'dash'] as const;
export type Shell = (typeof SHELLS)[number];

export type ExecAnswer = Result<'session.exec'> & { stdout: string; stderr: string; bytes: Buffer };

export class Shells {
  readonly client: Client;
  readonly #pilotty: Pilotty;
  #count = 0;

  constructor(pilotty: Pilotty) {
    this.#pilotty = pilotty;
    const daemonProgram = builtProgram('pilotty-daemon.cjs');
    this.client = createLocalClient({ env: pilotty.env, cwd: pilotty.home, daemonProgram });
    // Without a file of its own zsh asks a new user what to put into it.
    writeFileSync(join(pilotty.home, '.zshrc'), '');
    mkdirSync(join(pilotty.home, 'work'), { recursive: true });
  }

  /** A file of the user's, by its path from the home directory. */
  write(path: string, text: string): void {
    writeFileSync(join(this.#pilotty.home, path), text);
  }

  /** @returns the name of a new session */
  async start(
    argv: readonly string[],
    env: Record<string, string> = {},
    more: Partial<Params<'session.spawn'>> = {},
  ): Promise<string> {
    const name = `s${++this.#count}`;
    const cwd = join(this.#pilotty.home, 'work');
    const whole = { ...this.#pilotty.env, SHELL: '/bin/bash', ...env };
    await this.client.request('session.spawn', { argv: [...argv], name, cwd, env: whole, ...more });
    return name;
  }

  async exec(
    session: string,
    command: string | undefined,
    more: Partial<Params<'session.exec'>> & { signal?: AbortSignal } = {},
  ): Promise<ExecAnswer> {
    const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const { signal, ...params } = more;
    const result = await this.client.request(
      'session.exec',
      { session, command, wait: command === undefined, ...params },
      {
        ...(signal && { signal }),
        onEvent: ({ stream, data_base64 }) => void parts[stream].push(Buffer.from(data_base64, 'base64')),
      },
    );
    methods['session.exec'].result.parse(result);
    const bytes = Buffer.concat(parts.stdout);
    return { ...result, stdout: bytes.toString(), stderr: Buffer.concat(parts.stderr).toString(), bytes };
  }

  /** Starts a program that edits its line from within the session, and waits for its prompt: exec refuses it before. */
  async begin(session: string, program: string): Promise<void> {
    const [name = ''] = program.split(' ');
    const status = () => this.client.request('session.status', { session });
    const before = (await status()).foreground?.pid;
    const isBegun = async () => {
      const { foreground, terminal } = await status();
      const isOther = foreground !== null && foreground.pid !== before;
      return isOther && foreground.argv[0]?.endsWith(name) && terminal?.canonical === false;
    };
    const gone = new AbortController();
    const running = this.exec(session, program, { pty: true, signal: gone.signal });
    await Promise.race([running, until(`${program} to edit its line`, isBegun)]);
    // However long it took: what its client has left goes on.
    gone.abort(new Error('left'));
    await expect(running).rejects.toThrow('left');
    await this.client.request('session.wait', { session, prompt: true });
  }

  close(): void {
    this.client.close();
  }
}

export const test = base.extend<{ shells: Shells }>({
  shells: async ({ pilotty }, use) => {
    const shells = new Shells(pilotty);
    try {
      await use(shells);
    } finally {
      shells.close();
    }
  },
});
