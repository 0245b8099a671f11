/** The process that is to take over, as the daemon knows it that hands over: what it says, in its order, and its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { LineSplitter } from '@pilotty/protocol';
import { CONTROL_FD, REPORTS_FD, type Said } from './hand-over.ts';

export interface SuccessorOptions {
  node: string;
  program: string;
  socketDirectory: string;
  /** What it gets besides, from FIRST_FURTHER_FD - 1 on: the listening socket, then the others. */
  descriptors: readonly number[];
}

/** A fresh daemon is loaded within a second; a busy machine takes its time. */
const LOADED_WITHIN_MS = 30_000;

/** A snapshot that this daemon was started from is of its own program, and its own Node. */
const optionsOf = (given: readonly string[]) =>
  given.filter((option) => !option.startsWith('--snapshot-blob='));

export class Successor {
  readonly #process: ChildProcess;
  readonly #control: Duplex;
  readonly #said: Said[] = [];
  #wake: () => void = () => {};
  #end: string | undefined;
  readonly #exited: Promise<void>;

  constructor({ node, program, socketDirectory, descriptors }: SuccessorOptions) {
    const words = [...optionsOf(process.execArgv), program, '--socket-dir', socketDirectory, '--take-over'];
    this.#process = spawn(node, words, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe', ...descriptors],
    });
    this.#process.unref();
    this.#exited = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        this.#over(error.message);
        resolve();
      });
      this.#process.once('exit', resolve);
    });
    if (this.#process.stdio === undefined) throw new Error('no process or descriptor is left');
    this.#control = this.#pipe(CONTROL_FD);
    // Its last words come before this, and not always before its exit.
    this.#control.once('close', () => this.#over('it ended'));
    const lines = new LineSplitter();
    this.#control.on('data', (bytes: Buffer) => {
      try {
        for (const line of lines.push(bytes)) this.#said.push(JSON.parse(line) as Said);
      } catch {
        this.#said.push({ type: 'refused', reason: 'it sent a malformed message' });
      }
      this.#wake();
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Where the ends of programs are reported to it, as long as this process is their parent. */
  get reports(): Duplex {
    return this.#pipe(REPORTS_FD);
  }

  send(lines: string): void {
    this.#control.write(lines);
  }

  /**
   * What it says next.
   * @throws Error where it says something else, ends, or says nothing in time
   */
  async says<T extends Said['type']>(
    type: T,
    withinMs: number = LOADED_WITHIN_MS,
  ): Promise<Extract<Said, { type: T }>> {
    let isLate = false;
    const late = setTimeout(async () => {
      // What was said while this process did not run is read first.
      await turnOfEventLoop();
      isLate = true;
      this.#wake();
    }, withinMs);
    try {
      while (this.#said.length === 0 && this.#end === undefined && !isLate) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(late);
    }
    const said = this.#said.shift();
    if (said?.type === type) return said as Extract<Said, { type: T }>;
    if (said?.type === 'refused') throw new Error(said.reason);
    if (said !== undefined) throw new Error(`it said '${said.type}' where '${type}' was due`);
    if (this.#end !== undefined) throw new Error(this.#end);
    throw new Error(`it did not answer within ${withinMs / 1000} s`);
  }

  /** Resolves once it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
    this.#control.destroy();
    this.reports.destroy();
  }

  /** It goes on by itself. */
  leave(): void {
    this.#control.destroy();
  }

  #pipe(fd: number): Duplex {
    const pipe = this.#process.stdio[fd] as Duplex;
    // That it has ended is noticed by its exit.
    if (pipe.listenerCount('error') === 0) pipe.on('error', () => {});
    return pipe;
  }

  #over(end: string): void {
    this.#end ??= end;
    this.#wake();
  }
}
