/**
 * A shell that waits beside us, and puts the terminal in order should we be killed without a chance to: it reads a pipe
 * of ours, and only a pipe that ends while the terminal is ours makes it act. It touches the terminal's settings only where they
 * are still those that we made, because the user's shell may have put its own there already.
 */
import { type ChildProcess, spawn } from 'node:child_process';

const SCRIPT = `
found=$(stty -g <&3 2>/dev/null)
echo ready
while IFS= read -r word; do
  case $word in
    taken) made=$(stty -g <&3 2>/dev/null) ;;
    back) made= ;;
    done) exit 0 ;;
  esac
done
[ -n "$made" ] || exit 0
printf '%s' "$1" >&4
[ "$(stty -g <&3 2>/dev/null)" = "$made" ] && stty "$found" <&3
`;

export class Guard {
  readonly #shell: ChildProcess;

  /** Resolves when it knows how the terminal was found, or cannot be started: then there is none. */
  static async start(rescue: string): Promise<Guard> {
    // A session of its own: what is typed, or the end of the terminal, does not end it before us.
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'pilotty-guard', rescue], {
      stdio: ['pipe', 'pipe', 'ignore', 0, 1],
      detached: true,
    });
    shell.stdin?.on('error', () => {});
    await new Promise<void>((resolve) => {
      shell.stdout?.once('data', () => resolve());
      shell.once('error', () => resolve());
      shell.once('close', () => resolve());
    });
    return new Guard(shell);
  }

  private constructor(shell: ChildProcess) {
    this.#shell = shell;
    shell.unref();
  }

  /** The terminal's settings are now ours. */
  taken(): void {
    this.#shell.stdin?.write('taken\n');
  }

  /** They are the user's again, for a while: another program may have the terminal. */
  givenBack(): void {
    this.#shell.stdin?.write('back\n');
  }

  dismiss(): void {
    this.#shell.stdin?.end('done\n');
    this.#shell.stdout?.destroy();
  }
}
