/**
 * Whether a program is in the middle of a synchronized update (mode 2026), so that its screen is half drawn
 * and must not be shown. An update that never ends is shown after a while.
 */

/** As long as tmux and ghostty wait: over a slow line, or on a busy machine, a frame takes its time. */
const LONGEST_MS = 1000;

export class SynchronizedUpdate {
  readonly #overdue: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isOverdue = false;

  /** @param overdue is called when an update has taken too long, and the screen counts as it is */
  constructor(overdue: () => void) {
    this.#overdue = overdue;
  }

  get isOn(): boolean {
    return this.#timer !== undefined && !this.#isOverdue;
  }

  /** The program has drawn; `isOpen`: it has said that more belongs to the frame. */
  drawn(isOpen: boolean): void {
    if (isOpen) this.#timer ??= setTimeout(() => this.#timeOut(), LONGEST_MS);
    else this.close();
  }

  #timeOut(): void {
    this.#isOverdue = true;
    this.#overdue();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isOverdue = false;
  }
}
