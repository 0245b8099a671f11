/**
 * tmux as the oracle: another terminal emulator, fed the same bytes, whose screen can be read.
 *
 * Bytes are written to the terminal of a pane in which nothing runs, so that nothing comes between. A
 * status report asked for behind them is answered once all of them are drawn. Every server has a socket
 * and a configuration of its own.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { constants, type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATH } from '../../harness/programs.ts';
import { type Look, SCROLLBACK } from './look.ts';
import { lookOfTmux, stylesOfTmux, TMUX_FORMAT } from './tmux-look.ts';

export interface Size {
  cols: number;
  rows: number;
}

const SETTINGS = [
  'set -g status off',
  `set -g history-limit ${2 * SCROLLBACK}`,
  'set -g remain-on-exit on',
  'set -g focus-events on',
  'setw -g aggressive-resize off',
  // A run that was killed leaves no server behind.
  'set-hook -g client-detached kill-server',
];

/** Asks for the status (DSR), and what comes back. */
const QUESTION = '\x1b[5n';
const ANSWER = '\x1b[0n';

export class Tmux {
  readonly #control: ChildProcess;
  readonly #directory: string;
  /** Who waits for the result of which command, in the order of the commands. */
  readonly #waiting: { resolve(lines: string[]): void; reject(error: Error): void }[] = [];
  /** Gets a line from each pane whose terminal is raw. */
  #ready: FileHandle | undefined;
  #opened: Promise<unknown> = Promise.resolve();
  readonly #started: Promise<string[]>;
  #rest = '';
  #lines: string[] | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
    this.#control = spawn(
      'tmux',
      ['-u', '-S', this.#socket, '-f', '/dev/null', '-C', 'new-session', 'tail -f /dev/null'],
      {
        env: { PATH, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TERM: 'screen', HOME: directory, SHELL: '/bin/sh' },
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    // The result of new-session itself, which may come before anybody has asked for it.
    this.#started = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#control.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#control.on('exit', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('tmux has ended'));
    });
  }

  static async start(): Promise<Tmux> {
    const tmux = new Tmux(await mkdtemp(join(tmpdir(), 'pt-tmux-')));
    execFileSync('mkfifo', [tmux.#readyPath]);
    // Held open for writing as well: otherwise a pane's program that is slow to close it would end it for the next.
    tmux.#ready = await open(tmux.#readyPath, constants.O_RDWR);
    await tmux.#started;
    for (const setting of SETTINGS) await tmux.command(setting);
    return tmux;
  }

  static version(): string {
    return execFileSync('tmux', ['-V'], { env: { PATH }, encoding: 'utf8' }).trim();
  }

  async command(line: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#control.stdin?.write(`${line}\n`);
    });
  }

  open(size: Size): Promise<Pane> {
    // One after the other: what tells that a terminal is raw does not tell which.
    const pane = this.#opened.then(() => this.#open(size));
    this.#opened = pane;
    return pane;
  }

  async #open({ cols, rows }: Size): Promise<Pane> {
    // tmux sets the terminal up after it has started the program, so the program says when it is raw.
    const script = `stty raw -echo; echo >${this.#readyPath}; exec tail -f /dev/null`;
    const [found = ''] = await this.command(
      `new-session -d -x ${cols} -y ${rows} -P -F "#{pane_id} #{pane_tty}" "${script}"`,
    );
    const [id = '', tty = ''] = found.split(' ');
    await this.#ready?.read(Buffer.alloc(1));
    const pane = new Pane(this, id, await open(tty, constants.O_RDWR | constants.O_NOCTTY));
    // A pane begins with the name of the machine for its title.
    await pane.feed(Buffer.from('\x1b]2;\x07'));
    return pane;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    if (this.#control.exitCode === null) {
      const ended = new Promise((resolve) => this.#control.once('exit', resolve));
      this.#control.stdin?.write('kill-server\n');
      await ended;
    }
    await this.#ready?.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #readyPath(): string {
    return join(this.#directory, 'ready');
  }

  get #socket(): string {
    return join(this.#directory, 's');
  }

  /** Control mode: the lines between %begin and %end are one command's; others announce what happens. */
  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.#lines === undefined) {
        if (line.startsWith('%begin ')) this.#lines = [];
      } else if (/^%(end|error) \d+ \d+ \d+$/.test(line)) {
        const waiting = this.#waiting.shift();
        if (line.startsWith('%end')) waiting?.resolve(this.#lines);
        else waiting?.reject(new Error(this.#lines.join('\n')));
        this.#lines = undefined;
      } else {
        this.#lines.push(line);
      }
    }
  }
}

export class Pane {
  readonly #tmux: Tmux;
  readonly #id: string;
  readonly #tty: FileHandle;

  constructor(tmux: Tmux, id: string, tty: FileHandle) {
    this.#tmux = tmux;
    this.#id = id;
    this.#tty = tty;
  }

  /** Resolves when the bytes are drawn. They must not end inside of a sequence. */
  async feed(bytes: Uint8Array): Promise<void> {
    const questions = Buffer.from(bytes).toString('latin1').split(QUESTION).length;
    const answered = this.#answers(questions);
    await this.#tty.write(bytes);
    await this.#tty.write(QUESTION);
    await answered;
  }

  async resize({ cols, rows }: Size): Promise<void> {
    await this.#tmux.command(`resize-window -t ${this.#id} -x ${cols} -y ${rows}`);
  }

  async look(): Promise<Look> {
    const [state = ''] = await this.#tmux.command(`display-message -p -t ${this.#id} "${TMUX_FORMAT}"`);
    const rows = await this.#tmux.command(`capture-pane -p -e -N -t ${this.#id}`);
    const hasScrollback = !state.startsWith('0 ');
    const scrollback = hasScrollback
      ? await this.#tmux.command(`capture-pane -p -e -t ${this.#id} -S - -E -1`)
      : [];
    return lookOfTmux(state, rows, scrollback);
  }

  /** Rows alone, as Look has them. */
  async styles(): Promise<string[]> {
    return stylesOfTmux(await this.#tmux.command(`capture-pane -p -e -N -t ${this.#id}`));
  }

  async close(): Promise<void> {
    await this.#tmux.command(`kill-session -t ${this.#id}`);
    await this.#tty.close();
  }

  async #answers(count: number): Promise<void> {
    let heard = '';
    while (heard.split(ANSWER).length <= count) {
      const { bytesRead, buffer } = await this.#tty.read(Buffer.alloc(4096));
      if (bytesRead === 0) throw new Error('the pane has hung up');
      heard += buffer.toString('latin1', 0, bytesRead);
    }
  }
}
