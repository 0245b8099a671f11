/**
 * Private places through which the daemon and a shell talk: a directory with the files that the
 * shell sources and three FIFOs, for what the command prints and for what the shell reports.
 *
 * FIFOs, because they block a program while its output is not read, and pass 100 MB on without memory. Node
 * cannot make one, and mkfifo(1) takes longer than a command like `true`: so they are made some at
 * a time, and used again.
 *
 * No two commands have the same path. Opening a FIFO waits for the other side, so as long as a path can be
 * opened, its command has the FIFOs open: at the end of a command its directory is renamed first, and only then
 * are the FIFOs closed. A shell that is late, or a line run again from a history, finds no file.
 */
import fs from 'node:fs';
import { promisify } from 'node:util';
import { RequestError } from '@pilotty/protocol';
import { MAX_EXEC_CHANNELS } from '../limits.ts';
import { isOutOfDescriptors, outOfDescriptors } from '../no-descriptors.ts';
import { ChannelDirectory, removeSet } from './channel-directory.ts';
import type { ChannelFiles } from './dialects/channel-files.ts';
import { STATUS_TEXT } from './dialects/posix-dialect.ts';
import { blank } from './write-over.ts';

/** One mkfifo(1) makes so many. */
const SETS_AT_ONCE = 4;

export class Channels {
  readonly #directory: ChannelDirectory;
  #free: ChannelFiles[] = [];
  #count = 0;
  #lastNumber = 0;
  #making: Promise<void> | undefined;

  /** @param parent holds the directory of ours; what killed daemons left there is removed */
  constructor(parent: string) {
    this.#directory = new ChannelDirectory(parent);
    this.#directory.removeDead();
  }

  /** None is in use. */
  get areFree(): boolean {
    return this.#free.length === this.#count;
  }

  /** @throws RequestError LIMIT_REACHED when background jobs hold as many as there may be, or as asFailure() says */
  async take(): Promise<ChannelFiles> {
    for (;;) {
      // The one that has rested longest: the shell that had it last is done with all of it.
      for (let free = this.#free.shift(); free; free = this.#free.shift()) {
        if (isWhole(free)) return free;
        this.#discard(free);
      }
      if (!this.#making && this.#count >= MAX_EXEC_CHANNELS) throw tooMany();
      this.#making ??= this.#make().finally(() => {
        this.#making = undefined;
      });
      await this.#making;
    }
  }

  /**
   * Moves the files away from the path that a shell was given, while the FIFOs are still open. Nothing of the command
   * stays in them.
   * @param mayBeHeld what the command has started may keep the file of the command open
   * @returns what gives them to the next command, once no process has the FIFOs open
   */
  retire(files: ChannelFiles, mayBeHeld: boolean): () => void {
    const { code, text, last } = files;
    try {
      if (mayBeHeld) fs.rmSync(code, { force: true });
      for (const path of [code, text, last]) blank(path);
      const next = this.#nextFiles();
      fs.renameSync(files.directory, next.directory);
      return () => this.#free.push(next);
    } catch {
      // Lost, or a disk with an error: others are made.
      this.#discard(files);
      return () => {};
    }
  }

  #discard(files: ChannelFiles): void {
    this.#count -= 1;
    removeSet(files.directory);
  }

  async #make(): Promise<void> {
    const sets: ChannelFiles[] = [];
    try {
      for (let count = 0; count < SETS_AT_ONCE; count++) {
        const files = this.#nextFiles();
        fs.mkdirSync(files.directory, { mode: 0o700 });
        sets.push(files);
        fs.writeFileSync(files.status, STATUS_TEXT, { mode: 0o600 });
      }
      await makeFifos(sets.flatMap(({ out, err, say }) => [out, err, say]));
    } catch (error) {
      for (const { directory } of sets) removeSet(directory);
      throw asFailure(error);
    }
    this.#count += sets.length;
    this.#free.push(...sets);
  }

  #nextFiles(): ChannelFiles {
    this.#lastNumber += 1;
    return filesIn(`${this.#directory.path}/${this.#lastNumber}`);
  }

  close(): void {
    this.#directory.close();
  }
}

/** What cleans directories may have removed some of it, or all. */
function isWhole({ out, err, say, status }: ChannelFiles): boolean {
  const isFifo = (path: string) => fs.lstatSync(path, { throwIfNoEntry: false })?.isFIFO();
  return [out, err, say].every(isFifo) && fs.existsSync(status);
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
    `${MAX_EXEC_CHANNELS} earlier commands have background jobs that keep their output open`,
    { suggestion: "Send the output of background jobs elsewhere, as in 'server >server.log 2>&1 &'." },
  );
}

/** Why the files of a command cannot be made or opened. Nothing has been typed then. */
export function asFailure(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  const { code, message, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
  const reason = stderr?.trim() || message;
  if (isOutOfDescriptors(error)) return outOfDescriptors('The command was not begun', error);
  if (code === 'EAGAIN' || code === 'ENOMEM') {
    const what = `The command was not begun: the machine can start no more processes (${reason})`;
    return new RequestError('LIMIT_REACHED', what, {
      suggestion: "End what is no longer needed, or raise 'ulimit -u'.",
    });
  }
  const what = `The command was not started: cannot create its files (${reason})`;
  return new RequestError('CONDITION_FAILED', what, { suggestion: suggestionFor(code, reason) });
}

function suggestionFor(code: string | undefined, reason: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left|quota/i.test(reason))
    return "Make room on the disk of the socket's directory, which 'pilotty info' names; then try again.";
  if (/mkfifo ENOENT/.test(reason))
    return 'Install mkfifo(1), of the GNU coreutils, in the PATH of the daemon.';
  return "See that the daemon can write in the socket's directory, which 'pilotty info' names; then try again.";
}

/** The first exec loads what starts programs; the first command, for which the daemon starts, needs it not. */
async function makeFifos(paths: readonly string[]): Promise<void> {
  const { execFile } = await import('node:child_process');
  await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
}
