/**
 * Both commands of delta-sessions as an agent's engine runs them: in a workspace, with stdin always a
 * pipe, found by name in the PATH. `test` hands them to the test; what they start ends with its pilotty.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { first, second } from '../../apps/delta-sessions/src/generation.ts';
import { runProgram } from '../../apps/delta-sessions/src/program.ts';
import { type Call, inProcess } from '../harness/in-process.ts';
import {
  builtProgram,
  type Pilotty,
  type RunOptions,
  withoutUndefined,
  test as withPilotty,
} from '../harness/pilotty.ts';
import { PATH } from '../harness/programs.ts';

export interface Said {
  stdout: string;
  stderr: string;
  code: number | null;
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

export class Delta {
  readonly pilotty: Pilotty;
  readonly workspace: string;
  readonly env: Record<string, string>;
  readonly #bin: string;
  readonly #calls = new Set<Call>();

  constructor(pilotty: Pilotty) {
    this.pilotty = pilotty;
    this.workspace = join(pilotty.directory, 'workspace');
    this.#bin = join(pilotty.directory, 'bin');
    mkdirSync(this.workspace);
    mkdirSync(this.#bin);
    for (const name of ['delta-sessions', 'delta-sessions-pty']) {
      this.addProgram(name, `exec '${process.execPath}' '${builtProgram(`${name}.cjs`)}' "$@"`);
    }
    // What a shell prints around its prompt is not what these tests are about.
    const inputrc = join(pilotty.directory, 'inputrc');
    writeFileSync(inputrc, 'set enable-bracketed-paste off\n');
    this.env = { ...pilotty.env, PATH: `${this.#bin}:${PATH}`, PS1: 'ready$ ', INPUTRC: inputrc };
  }

  /** A program by this name, found before any that the machine has. */
  addProgram(name: string, script: string): void {
    writeFileSync(join(this.#bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.#bin, name), 0o755);
  }

  /** A line for sh, as it stands in a guide. */
  sh(line: string, options: RunOptions = {}): Promise<Said> {
    return this.startSh(line, options).said;
  }

  startSh(
    line: string,
    { input = '', env, cwd = this.workspace }: RunOptions = {},
  ): {
    child: ChildProcess;
    stdout(): string;
    said: Promise<Said>;
  } {
    const child = spawn('/bin/sh', ['-c', line], { cwd, env: { ...this.env, ...env } });
    const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
    child.stdin.on('error', () => {}).end(input);
    const stdout = () => Buffer.concat(chunks.stdout).toString();
    const said = new Promise<Said>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve({ stdout: stdout(), stderr: Buffer.concat(chunks.stderr).toString(), code });
      });
    });
    return { child, stdout, said };
  }

  /**
   * As an engine runs a tool: words, and what it gives on stdin, never with a newline at its end. Without a process,
   * because most calls are steps of a test; `sh` starts the built one.
   */
  async run(...args: string[] | [...string[], RunOptions]): Promise<Said> {
    const last = args.at(-1);
    const { input = '', env, cwd = this.workspace }: RunOptions = typeof last === 'object' ? last : {};
    const [name, ...words] = (args as unknown[]).filter((arg) => typeof arg === 'string');
    const generation = [first, second].find(({ program }) => program === name);
    if (generation === undefined) throw new Error(`${name} is not a command of delta-sessions`);
    const call = inProcess({ env: withoutUndefined({ ...this.env, ...env }), cwd, input }, (io) =>
      runProgram(words, generation, { ...io, daemonProgram: builtProgram('pilotty-daemon.cjs') }),
    );
    this.#calls.add(call);
    try {
      return await call.ended;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Ends what a test that failed still waits for. */
  close(): void {
    for (const call of this.#calls) call.interrupt();
  }

  /** What a call of delta-sessions answers. @throws when it fails */
  async json(...args: string[] | [...string[], RunOptions]): Promise<Json> {
    const { stdout, stderr, code } = await this.run('delta-sessions', ...(args as string[]));
    if (code !== 0) throw new Error(`${args.join(' ')} → ${code}\n${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  /** Starts a program, and answers the session's id. */
  async start(...words: string[]): Promise<string> {
    return (await this.json('start', ...words)).session_id;
  }

  async write(id: string, text: string | Uint8Array, ...options: string[]): Promise<Json> {
    return await this.json('write', id, ...options, { input: text });
  }

  async read(id: string, ...options: string[]): Promise<string> {
    const { stdout, stderr, code } = await this.run('delta-sessions', 'read', id, ...options);
    if (code !== 0 || stderr !== '') throw new Error(`read ${id} → ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  /** A file of a session's directory. */
  file(id: string, name: string): string {
    return readFileSync(join(this.workspace, '.sessions', id, name), 'utf8');
  }
}

export const test = withPilotty.extend<{ delta: Delta }>({
  delta: async ({ pilotty }, use) => {
    const delta = new Delta(pilotty);
    try {
      await use(delta);
    } finally {
      delta.close();
    }
  },
});

/** `work` so many times, one after the other; answers how often it answered true. */
export async function countOf(times: number, work: (index: number) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (let index = 0; index < times; index++) if (await work(index)) count++;
  return count;
}
