/** Kills that can be undone, because they are not sent before a moment has passed. */
import { type ReadonlySignal, signal } from '@preact/signals';

/** Long enough to notice a mistake and reach for the button. */
const UNDO_MS = 6_000;

export interface PlannedKill {
  id: string;
  name: string;
  /** When it is sent; milliseconds since 1970. */
  at: number;
}

export class Kills {
  readonly #planned = signal<readonly PlannedKill[]>([]);
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #kill: (kill: PlannedKill) => Promise<void>;

  constructor(kill: (kill: PlannedKill) => Promise<void>) {
    this.#kill = kill;
  }

  get planned(): ReadonlySignal<readonly PlannedKill[]> {
    return this.#planned;
  }

  isPlanned(id: string): boolean {
    return this.#planned.value.some((kill) => kill.id === id);
  }

  plan({ id, name }: { id: string; name: string }): void {
    if (this.#timers.has(id)) return;
    this.#planned.value = [...this.#planned.value, { id, name, at: Date.now() + UNDO_MS }];
    this.#timers.set(
      id,
      setTimeout(() => this.send(id), UNDO_MS),
    );
  }

  undo(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#planned.value = this.#planned.value.filter((kill) => kill.id !== id);
  }

  undoLast(): void {
    const last = this.#planned.peek().at(-1);
    if (last !== undefined) this.undo(last.id);
  }

  /** Without waiting any longer. */
  send(id: string): void {
    const kill = this.#planned.value.find((planned) => planned.id === id);
    this.undo(id);
    if (kill !== undefined) void this.#kill(kill);
  }
}
