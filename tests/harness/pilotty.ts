/**
 * The command, with a home and a daemon that belong to one test. `test` from here hands it to the test and, at
 * the end, stops the daemon, insists that nothing the test started still runs, and removes the directories; a
 * test that failed prints its commands, its screens and the daemon's log first. The daemon is always the built
 * program in a process of its own; the command is with `start`, and with `run` of `processTest`.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, inject } from 'vitest';
import type { Client, Params } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { Answer } from './answer.ts';
import { type Call, callInProcess } from './in-process.ts';
import { type FoundProcess, processesOf } from './processes.ts';
import { missing, PATH } from './programs.ts';
import { until } from './until.ts';

export interface RunOptions {
  /** Standard input; without it there is none. */
  input?: string | Uint8Array;
  /** Added to the test's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Another build of the command. */
  command?: string;
}

type Arguments = string[] | [...string[], RunOptions];

/** A command that has not ended yet. */
export interface Running {
  child: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  answer: Promise<Answer>;
}

export class Pilotty {
  /** Everything of the test lies in here. Short, because a socket's path is at most 104 bytes. */
  readonly directory: string = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
  readonly home: string = join(this.directory, 'home');
  readonly socketDir: string = join(this.directory, 's');
  readonly env: Record<string, string>;
  /** The file of the Node program, for a test of that. */
  readonly command: string = builtProgram('pilotty.cjs');
  /** The words that start the command: the Node program, or the native client where the run is about that. */
  readonly program: readonly [string, ...string[]] = isNative()
    ? [nativeClient()]
    : [process.execPath, this.command];
  readonly #answers: Answer[] = [];
  readonly #running = new Set<ChildProcess>();
  readonly #calls = new Set<Call>();
  readonly #runs: 'a process' | 'in process';
  #client: Client | undefined;

  constructor(runs: 'a process' | 'in process' = 'in process') {
    this.#runs = isNative() ? 'a process' : runs;
    mkdirSync(this.home, { mode: 0o700 });
    // Where a new user of fish has none, it reads every page of the manual first: a minute of a core in each test.
    mkdirSync(join(this.home, '.local/share/fish/generated_completions'), { recursive: true });
    this.env = {
      PATH,
      HOME: this.home,
      SHELL: '/bin/sh',
      TERM: 'xterm-256color',
      LANG: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8',
      PILOTTY_SOCKET_DIR: this.socketDir,
    };
  }

  /** Runs one command to its end. */
  run(...args: Arguments): Promise<Answer> {
    const { words, options } = split(args);
    const isProcess = this.#runs === 'a process' || options.command !== undefined || isForeground(words);
    return isProcess ? this.start(...args).answer : this.#call(...args);
  }

  async #call(...args: Arguments): Promise<Answer> {
    const { words, options } = split(args);
    const env = withoutUndefined({ ...this.env, ...options.env });
    const call = callInProcess(
      words,
      { env, cwd: options.cwd ?? this.home, input: options.input },
      {
        daemonProgram: builtProgram('pilotty-daemon.cjs'),
      },
    );
    this.#calls.add(call);
    try {
      const answer = new Answer({ words, ...(await call.ended), signal: null });
      this.#answers.push(answer);
      return answer;
    } finally {
      this.#calls.delete(call);
    }
  }

  /**
   * The built command in a process of its own, without waiting for its end, which is when the last process closes
   * its output: a daemon that kept a pipe of its client would hang the test.
   */
  start(...args: Arguments): Running {
    const { words, options } = split(args);
    const stdio: StdioOptions = [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
    const env = { ...this.env, ...options.env };
    const cwd = options.cwd ?? this.home;
    const [file, ...before] =
      options.command === undefined ? this.program : ([process.execPath, options.command] as const);
    const child = spawn(file, [...before, ...words], { cwd, env, stdio });
    this.#running.add(child);
    const chunks: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] };
    child.stdout?.on('data', (chunk: Buffer) => chunks.out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.err.push(chunk));
    // A command that ends without reading its input is no trouble of the test's.
    child.stdin?.on('error', () => {}).end(options.input);
    const stdout = () => Buffer.concat(chunks.out).toString();
    const stderr = () => Buffer.concat(chunks.err).toString();
    const answer = new Promise<Answer>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#running.delete(child);
        const ended = new Answer({ words, stdout: stdout(), stderr: stderr(), code, signal });
        this.#answers.push(ended);
        resolve(ended);
      });
    });
    return { child, stdout, stderr, answer };
  }

  /** Until the screen shows it, whoever has written it: a wait does not count what was typed. */
  async untilShown(text: string, session?: string): Promise<void> {
    const words = ['snapshot', '-f', 'text', ...(session === undefined ? [] : ['-s', session])];
    let shown = '';
    await until(
      `'${text}' on the screen`,
      async () => {
        shown = (await this.run(...words)).stdout;
        return shown.includes(text);
      },
      { lastSeen: () => shown },
    );
  }

  /** One connection to the test's daemon, which it starts: for what would take too many commands. */
  get client(): Client {
    const daemonProgram = builtProgram('pilotty-daemon.cjs');
    this.#client ??= createLocalClient({ env: this.env, cwd: this.home, daemonProgram });
    return this.#client;
  }

  /** Starts a program over that connection. @returns the session's id */
  async spawn(
    name: string,
    argv: readonly string[],
    more: Partial<Params<'session.spawn'>> = {},
  ): Promise<string> {
    const params = { name, argv: [...argv], cwd: this.home, env: this.env, ...more };
    return (await this.client.request('session.spawn', params)).session_id;
  }

  /** What the daemon has logged so far. */
  log(): string {
    const path = join(this.socketDir, 'pilotty.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Everything that this test started and that still runs, the daemon included. */
  processes(): FoundProcess[] {
    return processesOf(this.directory);
  }

  /** Commands, screens and log, for the reader of a failed test. */
  async describe(): Promise<string> {
    const commands = this.#answers.map((answer) => answer.transcript);
    const log = this.log().trimEnd().split('\n').slice(-40);
    return [...commands, ...(await this.#screens()), '— daemon log —', ...log].join('\n');
  }

  async #screens(): Promise<string[]> {
    if (!existsSync(join(this.socketDir, 'pilotty.sock'))) return [];
    const list = await this.run('list-sessions', '--all');
    if (list.code !== 0) return [list.transcript];
    const screens: string[] = [];
    for (const { id, name } of list.json().sessions) {
      const screen = await this.run('snapshot', '-s', id, '--format', 'text');
      screens.push(`— screen of ${name} —`, screen.stdout + screen.stderr);
    }
    return screens;
  }

  /** Idempotent. @throws when something the test started will not go away */
  async close(patience: { deadlineMs?: number } = {}): Promise<void> {
    this.#client?.close();
    for (const child of this.#running) child.kill('SIGKILL');
    for (const call of this.#calls) call.interrupt();
    if (existsSync(join(this.socketDir, 'pilotty.sock'))) await this.run('stop');
    try {
      await until('everything the test started to end', () => this.processes().length === 0, {
        ...patience,
        lastSeen: () =>
          this.processes()
            .map(({ pid, command }) => `\n  ${pid} ${command}`)
            .join(''),
      });
    } finally {
      for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL');
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

function split(args: readonly (string | RunOptions)[]): { words: string[]; options: RunOptions } {
  const last = args.at(-1);
  const options = typeof last === 'object' ? last : {};
  return { words: args.filter((arg) => typeof arg === 'string'), options };
}

/** What hands its own stderr on to another program. */
function isForeground([command, ...words]: readonly string[]): boolean {
  if (command === 'daemon') return words.includes('--foreground');
  return command === 'serve' && !['--detach', '--stop', '--show-token'].some((word) => words.includes(word));
}

export function withoutUndefined(env: Record<string, string | undefined>): Record<string, string> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set);
}

/** The path of a program of this run's build. */
export function builtProgram(file: string): string {
  const build = inject('build');
  if ('problem' in build) throw new Error(`the programs could not be built: ${build.problem}`);
  return join(build.directory, file);
}

/** Whether this run's commands are the native client's; then every one is a process. */
export function isNative(): boolean {
  return process.env.PILOTTY_TEST_CLIENT === 'native';
}

/** The file of the native client. As with a program of the machine, a test that needs it is skipped where it is missing. */
export function nativeClient(): string {
  const build = inject('build');
  if ('withoutNative' in build && build.withoutNative !== undefined)
    missing(`the native client was not built: ${build.withoutNative}`);
  return builtProgram(`native/${process.platform}-${process.arch}/pilotty`);
}

export const test = testWith('in process');

/** For tests of the process: every `run` starts the built command. */
export const processTest = testWith('a process');

function testWith(runs: 'a process' | 'in process') {
  return base.extend<{ pilotty: Pilotty }>({
    pilotty: async ({ task }, use) => {
      const pilotty = new Pilotty(runs);
      try {
        await use(pilotty);
        if (task.result?.state === 'fail') console.error(await pilotty.describe());
      } finally {
        await pilotty.close();
      }
    },
  });
}
