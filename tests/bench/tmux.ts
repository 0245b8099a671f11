/** A tmux server of our own, to compare with. */
import { spawnSync } from 'node:child_process';
import { Place } from './place.ts';

export class Tmux {
  readonly place = new Place();

  constructor() {
    this.run('new-session', '-d', '-s', 'first', '-x', '80', '-y', '24', 'cat');
    // As much as our sessions keep by themselves.
    this.run('set-option', '-g', 'history-limit', '1000');
  }

  static get isInstalled(): boolean {
    return spawnSync('tmux', ['-V'], { stdio: 'ignore' }).status === 0;
  }

  /** As Product.words(). */
  words(...args: string[]): [string, string[]] {
    return ['tmux', ['-L', 'bench', '-f', '/dev/null', ...args]];
  }

  run(...args: string[]): string {
    return this.place.run(...this.words(...args));
  }

  time(...args: string[]): number {
    return this.place.time(...this.words(...args));
  }

  close(): void {
    this.place.close();
  }
}

/** With tmux where it is installed, and without it where it is not. */
export async function withTmux<T>(use: (tmux: Tmux | undefined) => Promise<T>): Promise<T> {
  const tmux = Tmux.isInstalled ? new Tmux() : undefined;
  try {
    return await use(tmux);
  } finally {
    tmux?.close();
  }
}
