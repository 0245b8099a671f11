/**
 * The way of a program into its container: the words and the environment that are started on this host, and the report by
 * which the program is known in there. The report is taken out of the output, wherever reads cut it; what the runtime prints
 * before it stays.
 */
import fs from 'node:fs';
import { randomHex } from '../random-hex.ts';
import type { Place } from './place.ts';
import { interactiveCommand } from './runtime-command.ts';
import { END_OF_REPORT, ENTRY, REPORT } from './scripts.ts';

/** What a program is started with in there. */
export interface Entering {
  place: Place;
  argv: readonly string[];
  cwd: string | undefined;
  env: Readonly<Record<string, string>>;
  size: { cols: number; rows: number };
}

/** The program by what the kernel of the container calls it. */
export interface ProcessInside {
  pid: number;
  /** Ticks since boot; 0 where the container has no /proc. */
  startedAt: string;
}

export type EntryReport =
  | ({ is: 'started'; directory: string } & ProcessInside)
  | { is: 'no-directory' }
  | { is: 'no-program' };

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A report that is longer is none. */
const MAX_REPORT_BYTES = 8192;

export function isVariableName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Values of variables stand in no command line, where other users of this host could read them, but for kubectl, which has
 * no other way.
 * @param hostEnv of the runtime's command
 * @throws Error when the environment of a process cannot be read
 */
export function entering(
  { place, argv, cwd, env, size }: Entering,
  nonce: string,
  hostEnv: Readonly<Record<string, string>>,
): { argv: readonly [string, ...string[]]; env: Record<string, string> } {
  const all = place.runtime === 'nsenter' ? { ...environmentOf(place.pid), ...env } : env;
  const assignments = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  const isInWords = place.runtime === 'kubectl';
  const variables = isInWords ? [] : assignments.map((_, index) => `PILOTTY_ENV_${index + 1}`);
  const words = [
    ...['sh', '-c', ENTRY, 'sh', nonce],
    `rows ${size.rows} cols ${size.cols}`,
    directoryWord(cwd),
    String(assignments.length),
    isInWords ? 'words' : 'variables',
    place.runtime === 'nsenter' ? 'wait' : 'become',
    ...(isInWords ? assignments : []),
    ...argv,
  ];
  const passed = Object.fromEntries(variables.map((name, index) => [name, assignments[index] ?? '']));
  return {
    argv: interactiveCommand(place, variables, words),
    // What nsenter is given, the program has.
    env: place.runtime === 'nsenter' ? { ...commandPath(hostEnv), ...passed } : { ...hostEnv, ...passed },
  };
}

/** `cd -` and `cd -P` mean something else. */
function directoryWord(cwd: string | undefined): string {
  return cwd === undefined || cwd.startsWith('/') ? (cwd ?? '') : `./${cwd}`;
}

/** To find nsenter by, and the shell in there where the process has no PATH. */
function commandPath({ PATH }: Readonly<Record<string, string>>): Record<string, string> {
  return PATH === undefined ? {} : { PATH };
}

function environmentOf(pid: number): Record<string, string> {
  const entries = fs
    .readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .map((entry): [string, string] => {
      const at = entry.indexOf('=');
      return [entry.slice(0, Math.max(0, at)), entry.slice(at + 1)];
    });
  return Object.fromEntries(entries.filter(([name]) => isVariableName(name)));
}

export interface EntryState {
  nonce: string;
  report: EntryReport | undefined;
}

export class Entry {
  readonly nonce: string;
  readonly settled: Promise<void>;
  #report: EntryReport | undefined;
  #held: Buffer = Buffer.alloc(0);
  #isOver = false;
  #settle: () => void = () => {};

  constructor(state: EntryState = { nonce: randomHex(8), report: undefined }) {
    this.nonce = state.nonce;
    this.#report = state.report;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    if (state.report !== undefined) this.#close();
  }

  /** undefined before it has come. */
  get report(): EntryReport | undefined {
    return this.#report;
  }

  get process(): ProcessInside | undefined {
    if (this.#report?.is !== 'started') return undefined;
    const { pid, startedAt } = this.#report;
    return { pid, startedAt };
  }

  get state(): EntryState {
    return { nonce: this.nonce, report: this.#report };
  }

  /** @returns what of it is output, in a buffer of its own where some was kept back */
  take(bytes: Buffer): Buffer {
    if (this.#isOver) return bytes;
    const all = Buffer.concat([this.#held, bytes]);
    const begin = `${REPORT}${this.nonce};`;
    const start = all.indexOf(begin);
    if (start === -1) return this.#holdFrom(all, all.length - beginningAtEnd(all, begin));
    const end = all.indexOf(END_OF_REPORT, start);
    if (end === -1 && all.length - start < MAX_REPORT_BYTES) return this.#holdFrom(all, start);
    if (end !== -1) this.#report = parseReport(all.toString('utf8', start + begin.length, end));
    this.#close();
    return Buffer.concat([all.subarray(0, start), end === -1 ? all.subarray(start) : all.subarray(end + 1)]);
  }

  /** The runtime's command has ended. @returns what was kept back */
  over(): Buffer {
    const held = this.#held;
    this.#close();
    return held;
  }

  #holdFrom(all: Buffer, from: number): Buffer {
    this.#held = all.subarray(from);
    return all.subarray(0, from);
  }

  #close(): void {
    this.#held = Buffer.alloc(0);
    this.#isOver = true;
    this.#settle();
  }
}

/** How many of the last bytes may be the beginning of `text`. */
function beginningAtEnd(bytes: Buffer, text: string): number {
  for (let length = Math.min(text.length - 1, bytes.length); length > 0; length--) {
    if (text.startsWith(bytes.toString('latin1', bytes.length - length))) return length;
  }
  return 0;
}

function parseReport(text: string): EntryReport | undefined {
  if (text === 'no-directory' || text === 'no-program') return { is: text };
  const [, pid, stat = '', directory = ''] = /^started;(\d+);([^;]*);(.*)$/s.exec(text) ?? [];
  if (pid === undefined) return undefined;
  // Field 22 of proc_pid_stat(5) is the start; the first here is field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    is: 'started',
    pid: Number(pid),
    startedAt: fields[19] ?? '0',
    directory,
  };
}
