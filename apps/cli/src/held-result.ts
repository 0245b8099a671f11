/** stdout of a command that is to print nothing, unless it fails: then there is something to read in its answer. */
import type { Output } from './io.ts';

export class HeldResult implements Output {
  readonly isTty = false;
  object: unknown;

  /** What the answer says besides: not to be missed, also where the rest is. */
  get note(): string | undefined {
    const { note } = (this.object ?? {}) as { note?: unknown };
    return typeof note === 'string' ? note : undefined;
  }

  writeObject(object: unknown): void {
    this.object = object;
  }

  async write(): Promise<void> {}
}
