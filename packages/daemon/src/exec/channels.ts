/**
 * Private places through which the daemon and a shell talk: a directory with the files that the
 * shell sources and three FIFOs, for what the command prints and for what the shell reports.
 *
 * FIFOs, because they hold a program back when nobody reads, and hand on 100 MB in no memory. Node
 * cannot make one, and mkfifo(1) takes longer than a command like `true`: so they are made some at
 * a time, and used again once nobody else has them open.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { RequestError } from '@pilotty/protocol';
import { MAX_EXEC_CHANNELS } from '../limits.ts';

const makeFifos = promisify(execFile);

/** One mkfifo(1) makes so many. */
const SETS_AT_ONCE = 4;

export interface ChannelFiles {
  directory: string;
  /** Sourced by the typed line. */
  run: string;
  /** Sourced to ask a shell that came back without a report. */
  ask: string;
  /** Makes the status of before the status of now, for the command to see. */
  status: string;
  /** The command. */
  code: string;
  /** The command, where `code` evaluates it. */
  text: string;
  /** The last line of the shell's history, while it is being looked at. */
  last: string;
  /** FIFOs. */
  out: string;
  err: string;
  say: string;
}

export class Channels {
  readonly #directory: string;
  readonly #free: ChannelFiles[] = [];
  #made = 0;
  #making: Promise<void> | undefined;

  /** What a daemon before this one left in the directory is removed. */
  constructor(directory: string) {
    this.#directory = directory;
    fs.rmSync(directory, { recursive: true, force: true });
  }

  /** @throws RequestError LIMIT_REACHED when background jobs hold as many as there may be. */
  async take(): Promise<ChannelFiles> {
    for (let free = this.#free.pop(); ; free = this.#free.pop()) {
      if (free) return free;
      if (!this.#making && this.#made >= MAX_EXEC_CHANNELS) throw tooMany();
      this.#making ??= this.#make().finally(() => {
        this.#making = undefined;
      });
      await this.#making;
    }
  }

  /** For the next command: nobody has its FIFOs open. */
  giveBack(files: ChannelFiles): void {
    for (const path of [files.run, files.ask, files.status, files.code, files.text, files.last])
      fs.rmSync(path, { force: true });
    this.#free.push(files);
  }

  async #make(): Promise<void> {
    const sets = Array.from({ length: SETS_AT_ONCE }, () => {
      this.#made += 1;
      return filesIn(`${this.#directory}/${this.#made}`);
    });
    for (const { directory } of sets) fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    await makeFifos('mkfifo', ['-m', '600', ...sets.flatMap(({ out, err, say }) => [out, err, say])]);
    this.#free.push(...sets);
  }

  close(): void {
    fs.rmSync(this.#directory, { recursive: true, force: true });
  }
}

function filesIn(directory: string): ChannelFiles {
  const file = (name: string) => `${directory}/${name}`;
  return {
    directory,
    run: file('run'),
    ask: file('ask'),
    status: file('status'),
    code: file('code'),
    text: file('text'),
    last: file('last'),
    out: file('out'),
    err: file('err'),
    say: file('say'),
  };
}

function tooMany(): RequestError {
  return new RequestError(
    'LIMIT_REACHED',
    `${MAX_EXEC_CHANNELS} commands have run whose background jobs still hold their output`,
    { suggestion: "Send the output of background jobs elsewhere, as in 'server >server.log 2>&1 &'." },
  );
}
