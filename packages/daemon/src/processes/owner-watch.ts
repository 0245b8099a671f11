/**
 * Notices that a process which owns sessions is gone. The kernel does not report the exit of a process that is not
 * our child, and Node has no pidfd: owners are polled every second, all together, and only while
 * there are any.
 */
import { RequestError } from '@pilotty/protocol';
import { findProcess, isAlive, type ProcessFacts } from './process-table.ts';

/** The process itself, not a later one with its pid. */
export type Owner = Pick<ProcessFacts, 'pid' | 'startedAt'>;

const LOOK_MS = 1000;

/** @throws RequestError INVALID_INPUT when there is no such process */
export function findOwner(pid: number): Owner {
  const found = findProcess(pid);
  if (found) return { pid, startedAt: found.startedAt };
  throw new RequestError('INVALID_INPUT', `No process ${pid} for --owner-pid`, {
    suggestion:
      "Give the pid of a process that runs, such as $$ in a shell: 'pilotty spawn --owner-pid $$ PROGRAM'.",
  });
}

export class OwnerWatch {
  readonly #owners = new Map<string, { owner: Owner; listeners: Set<() => void> }>();
  #timer: NodeJS.Timeout | undefined;

  /** Calls `gone` once when the owner is gone, unless the function it returns is called before. */
  watch(owner: Owner, gone: () => void): () => void {
    const key = `${owner.pid} ${owner.startedAt}`;
    const entry = this.#owners.get(key) ?? { owner, listeners: new Set() };
    this.#owners.set(key, entry);
    entry.listeners.add(gone);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    return () => {
      entry.listeners.delete(gone);
      if (entry.listeners.size === 0) this.#remove(key);
    };
  }

  #look(): void {
    for (const [key, { owner, listeners }] of this.#owners) {
      if (isAlive(owner)) continue;
      this.#remove(key);
      for (const gone of listeners) gone();
    }
  }

  #remove(key: string): void {
    this.#owners.delete(key);
    if (this.#owners.size === 0) this.close();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
