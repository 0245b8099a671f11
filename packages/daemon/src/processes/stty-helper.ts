/**
 * A shell that runs stty(1) for us, one question after the other.
 *
 * To start a process from a daemon costs some 5 to 15 ms, most of it the daemon's own; from a small shell it is 1 ms.
 * The shell is started when first asked, and ends when nothing was asked for a while, or with the daemon. Answers
 * come in the order of the questions, and each is as the terminal is after it was asked.
 *
 * It has a terminal of its own because node-pty, other than Node, starts a process without our open files: a shell
 * that lives on with the terminals of others would keep them from being hung up.
 */
import { Pty } from '../pty/pty.ts';

/** For each line, a path: what stty says of it, then a line that ends it. Our questions may be echoed; paths are no settings. */
const SCRIPT = `while IFS= read -r path; do stty "$0" "$path" -a 2>/dev/null; echo ========; done`;
const END_OF_ANSWER = '========';
/** A terminal answers at once, even where the machine is busy; else the shell is ended, and all questions with it. */
const ANSWER_WITHIN_MS = 3_000;
const IDLE_MS = 5_000;

export class SttyHelper {
  readonly #waiting: ((answer: string) => void)[] = [];
  #shell: Pty | undefined;
  #printed = '';
  #timer: NodeJS.Timeout | undefined;

  /** @returns what `stty -a` prints; nothing when there is no such terminal, or it cannot be read */
  ask(terminalPath: string): Promise<string> {
    return new Promise((resolve) => {
      try {
        this.#shell ??= this.#start();
      } catch {
        // No process or no descriptor is left.
        resolve('');
        return;
      }
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#expectAnswer();
      this.#shell.write(Buffer.from(`${terminalPath}\n`));
    });
  }

  /** Of the shell, while there is one. */
  get pid(): number | undefined {
    return this.#shell?.pid;
  }

  /** Ends the shell unless somebody waits for it: it would keep the process running. The next question starts another. */
  release(): void {
    if (this.#waiting.length === 0) this.#end(this.#shell);
  }

  #start(): Pty {
    const option = process.platform === 'linux' ? '-F' : '-f';
    const shell: Pty = new Pty(
      {
        argv: ['/bin/sh', '-c', SCRIPT, option],
        cwd: '/',
        env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
        cols: 200,
        rows: 24,
      },
      {
        output: (bytes) => {
          if (shell === this.#shell) this.#read(bytes.toString('latin1'));
        },
        exit: () => this.#forget(shell),
      },
    );
    return shell;
  }

  #read(printed: string): void {
    const answers = (this.#printed + printed).split(END_OF_ANSWER);
    this.#printed = answers.pop() ?? '';
    for (const answer of answers) this.#waiting.shift()?.(answer);
    if (answers.length > 0) this.#expectAnswer();
  }

  #expectAnswer(): void {
    clearTimeout(this.#timer);
    const shell = this.#shell;
    this.#timer = setTimeout(() => this.#end(shell), this.#waiting.length === 0 ? IDLE_MS : ANSWER_WITHIN_MS);
    this.#timer.unref();
  }

  #end(shell: Pty | undefined): void {
    if (shell === undefined || shell !== this.#shell) return;
    this.#forget(shell);
    try {
      process.kill(shell.pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }

  /** The next question starts another. */
  #forget(shell: Pty): void {
    if (shell !== this.#shell) return;
    clearTimeout(this.#timer);
    this.#shell = undefined;
    this.#printed = '';
    for (const resolve of this.#waiting.splice(0)) resolve('');
  }
}
