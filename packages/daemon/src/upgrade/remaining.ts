/**
 * The programs that a daemon has started and handed over: their parent stays this process, which alone is told by the
 * kernel how they end, and reports it.
 */
import type { Duplex } from 'node:stream';
import { reportLine } from './exit-reports.ts';

export class Remaining {
  readonly #pids = new Set<number>();
  #reports: Duplex | undefined;
  #isOver = false;
  #tellOver: () => void = () => {};
  readonly #over = new Promise<void>((resolve) => {
    this.#tellOver = resolve;
  });

  /** Some of them still run. */
  get isNeeded(): boolean {
    return this.#reports !== undefined && this.#pids.size > 0;
  }

  /** Resolves when the last of them has ended and that is reported; at once where nothing was handed over. */
  async untilOver(): Promise<void> {
    if (this.#reports !== undefined) await this.#over;
  }

  add(pid: number): void {
    this.#pids.add(pid);
  }

  ended(pid: number, code: number, signal: number): void {
    this.#reports?.write(reportLine(pid, code, signal));
    this.#pids.delete(pid);
    this.#endIfOver();
  }

  reportTo({ reports }: { reports: Duplex }): void {
    this.#reports = reports;
    reports.once('close', () => this.#tellOver());
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#pids.size > 0 || this.#reports === undefined || this.#isOver) return;
    this.#isOver = true;
    this.#reports.end(() => this.#tellOver());
  }
}
