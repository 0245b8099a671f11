/**
 * Who may type into a session, and who typed last.
 *
 * Everyone may, until a client takes the keyboard: then only clients with its label. A hand-over offers the keyboard to a
 * person: until it is released only the one who takes it up may type. An act that has begun is not cut short.
 */
import { RequestError } from '@pilotty/protocol';
import { ClientIdentity } from '../client-identity.ts';

interface Lease {
  readonly client: ClientIdentity;
  readonly since: number;
  readonly endsAt: number | undefined;
  end(): void;
}

export interface HandOver {
  readonly message: string;
  readonly by: ClientIdentity;
  readonly since: number;
  /** Who took it up. */
  person: string | undefined;
  /** Over: released, or withdrawn. */
  isOver: boolean;
}

export type KeyboardEvent =
  | { type: 'keyboard_taken'; client: string; takenFrom: string | undefined }
  | { type: 'keyboard_released'; client: string }
  | { type: 'hand_over'; client: string; message: string };

export class Keyboard {
  readonly #name: () => string;
  readonly #tell: (event: KeyboardEvent) => void;
  #lease: Lease | undefined;
  #handOver: HandOver | undefined;
  #last: { client: ClientIdentity; at: number } | undefined;

  /** @param name of the session, for errors */
  constructor(name: () => string, tell: (event: KeyboardEvent) => void) {
    this.#name = name;
    this.#tell = tell;
  }

  get holder(): ClientIdentity | undefined {
    return this.#lease?.client;
  }

  get handOver(): HandOver | undefined {
    return this.#handOver;
  }

  /** As answers and errors say it. */
  get offered(): { message: string; by: string } | null {
    const handOver = this.#handOver;
    return handOver === undefined ? null : { message: handOver.message, by: handOver.by.label };
  }

  get heldMs(): number {
    const since = this.#lease?.since ?? this.#handOver?.since;
    return since === undefined ? 0 : performance.now() - since;
  }

  get endsInMs(): number | undefined {
    const endsAt = this.#lease?.endsAt;
    return endsAt === undefined ? undefined : Math.max(0, endsAt - performance.now());
  }

  /** The client that sent the last input, and how long ago. */
  get typedLast(): { client: string; agoMs: number } | undefined {
    return this.#last && { client: this.#last.client.label, agoMs: performance.now() - this.#last.at };
  }

  /** Free: who has it is not handed over. */
  get state(): { typedLast: { client: string; agoMs: number } | undefined } {
    return { typedLast: this.typedLast };
  }

  adopt({ typedLast }: Keyboard['state']): void {
    if (typedLast === undefined) return;
    const { client: name, agoMs } = typedLast;
    this.#last = { client: new ClientIdentity({ name }), at: performance.now() - agoMs };
  }

  typed(client: ClientIdentity): void {
    this.#last = { client, at: performance.now() };
  }

  /** @throws RequestError KEYBOARD_TAKEN when this client may not type */
  requireFree(client: ClientIdentity): void {
    if (this.#lease === undefined ? this.#handOver === undefined : this.#lease.client.isSame(client)) return;
    throw this.#taken();
  }

  /** The person to whom it is offered begins to type. @returns whether it was offered */
  takeUp(client: ClientIdentity): boolean {
    if (this.#lease !== undefined || this.#handOver === undefined) return false;
    this.#hold(client, undefined, undefined);
    return true;
  }

  /**
   * @param forMs how long, also beyond the connection; undefined: until that ends
   * @returns the label of the client that held it before
   * @throws RequestError KEYBOARD_TAKEN when another holds it, and it is not to be stolen
   */
  take(
    client: ClientIdentity,
    { forMs, isSteal }: { forMs: number | undefined; isSteal: boolean },
  ): string | undefined {
    const before = this.#lease;
    const isOther = before !== undefined && !before.client.isSame(client);
    if (isOther && !isSteal) throw this.#taken();
    // Who has offered it does not hold it.
    if (before === undefined && this.#handOver?.by.isSame(client) && !isSteal) throw this.#taken();
    before?.end();
    const takenFrom = isOther ? before.client.label : undefined;
    this.#hold(client, forMs, takenFrom);
    return takenFrom;
  }

  /**
   * @param mayDecline a hand-over that no person has taken up ends too: an attached person has had a look
   * @returns whether it was held, or offered
   * @throws RequestError KEYBOARD_TAKEN when another holds it
   */
  release(
    client: ClientIdentity,
    { isSteal, mayDecline }: { isSteal: boolean; mayDecline: boolean },
  ): boolean {
    const lease = this.#lease;
    if (lease === undefined) {
      const handOver = this.#handOver;
      if (handOver === undefined) return false;
      if (!mayDecline && !isSteal && !handOver.by.isSame(client)) throw this.#taken();
      this.#over();
      this.#tell({ type: 'keyboard_released', client: client.label });
      return true;
    }
    if (!lease.client.isSame(client) && !isSteal) throw this.#taken();
    this.#released(lease);
    return true;
  }

  /** @throws RequestError KEYBOARD_TAKEN when another holds it */
  offer(client: ClientIdentity, message: string): HandOver {
    if (this.#handOver !== undefined) throw this.#taken();
    this.requireFree(client);
    this.#lease?.end();
    this.#lease = undefined;
    const offered = { message, by: client, since: performance.now(), person: undefined, isOver: false };
    this.#handOver = offered;
    this.#tell({ type: 'hand_over', client: client.label, message });
    return offered;
  }

  /** No longer offered; a person who has taken it up keeps it. */
  withdraw(offered: HandOver): void {
    if (this.#handOver !== offered) return;
    this.#over();
    if (this.#lease === undefined) this.#tell({ type: 'keyboard_released', client: offered.by.label });
  }

  /** The session has ended. */
  close(): void {
    this.#lease?.end();
    this.#lease = undefined;
    this.#over();
  }

  #hold(client: ClientIdentity, forMs: number | undefined, takenFrom: string | undefined): void {
    const timer = forMs === undefined ? undefined : setTimeout(() => this.#released(lease), forMs);
    const unwatch = forMs === undefined ? client.whenGone(() => this.#released(lease)) : () => {};
    const now = performance.now();
    const lease: Lease = {
      client,
      since: now,
      endsAt: forMs === undefined ? undefined : now + forMs,
      end: () => {
        clearTimeout(timer);
        unwatch();
      },
    };
    this.#lease = lease;
    if (this.#handOver) this.#handOver.person = client.label;
    this.#tell({ type: 'keyboard_taken', client: client.label, takenFrom });
  }

  #released(lease: Lease): void {
    if (this.#lease !== lease) return;
    lease.end();
    this.#lease = undefined;
    this.#over();
    this.#tell({ type: 'keyboard_released', client: lease.client.label });
  }

  #over(): void {
    if (this.#handOver) this.#handOver.isOver = true;
    this.#handOver = undefined;
  }

  #taken(): RequestError {
    const name = this.#name();
    const holder = this.holder?.label ?? null;
    const { offered } = this;
    const message =
      holder === null && offered
        ? `The keyboard of session '${name}' is handed to a person by ${offered.by} ("${offered.message}"); nothing was sent`
        : `${holder} has the keyboard of session '${name}'; nothing was sent`;
    return new RequestError('KEYBOARD_TAKEN', message, {
      suggestion: `Wait with 'pilotty events -s ${name} --type keyboard_released', or take it openly with 'pilotty take -s ${name} --steal'.`,
      details: { session: name, holder, ...(offered && { hand_over: offered }) },
    });
  }
}
