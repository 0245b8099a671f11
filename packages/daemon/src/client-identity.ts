/**
 * Who asks: one object a connection, and a label that people read. Clients with the same label count as the same where
 * it matters who types: the commands of one script are many connections.
 */
import type { ClientName } from '@pilotty/protocol';
import { processName } from './processes/process-table.ts';

const MAX_LABEL_LENGTH = 64;

export class ClientIdentity {
  readonly #given: ClientName;
  readonly #leaveListeners = new Set<() => void>();
  #label: string | undefined;
  #isGone = false;

  constructor(given: ClientName = {}) {
    this.#given = given;
  }

  /** What it calls itself, else `bash[4711]`. Found out when it is first needed: most clients only look. */
  get label(): string {
    this.#label ??= labelOf(this.#given);
    return this.#label;
  }

  /** The process that it says it is. */
  get pid(): number | undefined {
    return this.#given.pid;
  }

  /** In which its names count, as it says; undefined: in none. */
  get scope(): string | undefined {
    return this.#given.scope;
  }

  isSame(other: ClientIdentity): boolean {
    return this === other || this.label === other.label;
  }

  /** Calls `listener` once the connection has ended, until the function it returns is called. */
  whenGone(listener: () => void): () => void {
    if (this.#isGone) listener();
    else this.#leaveListeners.add(listener);
    return () => this.#leaveListeners.delete(listener);
  }

  /** The connection has ended. */
  leave(): void {
    this.#isGone = true;
    for (const listener of [...this.#leaveListeners]) listener();
    this.#leaveListeners.clear();
  }
}

/** The daemon itself, and clients that have not said who they are. */
export const UNNAMED = new ClientIdentity({ name: 'unnamed' });

function labelOf({ name, pid }: ClientName): string {
  const wanted = plain(name ?? '');
  if (wanted !== '') return wanted;
  if (pid === undefined) return UNNAMED.label;
  return `${plain(processName(pid) ?? '') || 'process'}[${pid}]`;
}

/** It is shown on terminals: no controls, nothing that turns the direction of text. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, MAX_LABEL_LENGTH);
}
