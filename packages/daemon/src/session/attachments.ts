/**
 * Who is attached to a session, and whose window gives it its size: that of the one who was attached, typed or changed
 * their window last. When they leave it is the turn of the one before; when the last leaves, the size from before the
 * first comes back, unless somebody else has resized the session since.
 *
 * After an upgrade each has its place until its client comes back, so that nothing is resized meanwhile.
 */
import { ClientIdentity } from '../client-identity.ts';

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface Attachment {
  readonly id: string;
  client: ClientIdentity;
  readonly isReadOnly: boolean;
  window: Size | undefined;
  /** The id of the session that the client runs in. */
  readonly inside: string | undefined;
}

/** Of a client that goes on with it by its id. */
interface Place extends Omit<Attachment, 'client'> {
  label: string;
}

export interface AttachmentsState {
  /** As they are ordered. */
  places: Place[];
  sizeBefore: Size | undefined;
  sizeSet: Size | undefined;
}

/** Clients come back in a moment; one that was stopped, or has ended meanwhile, does not. */
const RETURN_WITHIN_MS = 10_000;

interface Resizable {
  size(): Size;
  resize(size: Size): void;
}

export class Attachments {
  readonly #terminal: Resizable;
  /** The one whose size applies last. */
  #all: Attachment[] = [];
  #sizeBefore: Size | undefined;
  #sizeSet: Size | undefined;
  /** Clients that have not come back yet. */
  readonly #awaited = new Map<Attachment, NodeJS.Timeout | undefined>();
  #isFrozen = false;

  constructor(terminal: Resizable) {
    this.#terminal = terminal;
  }

  get all(): readonly Attachment[] {
    return this.#all;
  }

  get state(): AttachmentsState {
    const places = this.#all.map(({ client, ...place }) => ({ ...place, label: client.label }));
    return { places, sizeBefore: this.#sizeBefore, sizeSet: this.#sizeSet };
  }

  /** Of a new one; what it was before keeps its place until thaw(). */
  adopt({ places, sizeBefore, sizeSet }: AttachmentsState): void {
    this.#all = places.map(({ label, ...place }) => ({
      ...place,
      client: new ClientIdentity({ name: label }),
    }));
    for (const attachment of this.#all) this.#awaited.set(attachment, undefined);
    this.#sizeBefore = sizeBefore;
    this.#sizeSet = sizeSet;
  }

  /** The size stays as it is until thaw(). */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** @param left is called for each client that does not come back; its place is to be removed then */
  thaw(left: (attachment: Attachment) => void): void {
    this.#isFrozen = false;
    this.#apply();
    for (const attachment of this.#awaited.keys()) {
      const late = () => this.#awaited.delete(attachment) && left(attachment);
      this.#awaited.set(attachment, setTimeout(late, RETURN_WITHIN_MS).unref());
    }
  }

  /** The place of this client, which is its own again; undefined where there is none. */
  returned(
    id: string,
    client: ClientIdentity,
    { isReadOnly }: { isReadOnly: boolean },
  ): Attachment | undefined {
    for (const [attachment, late] of this.#awaited) {
      if (attachment.id !== id || attachment.isReadOnly !== isReadOnly) continue;
      clearTimeout(late);
      this.#awaited.delete(attachment);
      attachment.client = client;
      return attachment;
    }
    return undefined;
  }

  /** The session has ended: no client comes back. */
  close(): void {
    for (const [attachment, late] of this.#awaited) {
      clearTimeout(late);
      this.#all = this.#all.filter((each) => each !== attachment);
    }
    this.#awaited.clear();
  }

  add(attachment: Attachment): void {
    if (setsSize(attachment)) this.#all.push(attachment);
    else this.#all.unshift(attachment);
    this.#apply();
  }

  remove(attachment: Attachment): void {
    const isLast = this.#all.at(-1) === attachment;
    this.#all = this.#all.filter((each) => each !== attachment);
    if (isLast) this.#apply();
  }

  /** An attached client that may type. */
  person(client: ClientIdentity): Attachment | undefined {
    return this.#all.find((each) => each.client === client && !each.isReadOnly);
  }

  /** A client has typed: if it is attached, its window counts. */
  typed(client: ClientIdentity): void {
    if (this.#all.length === 0) return;
    const attachment = this.person(client);
    if (attachment) this.#prefer(attachment);
  }

  changeWindow(attachment: Attachment, window: Size): void {
    attachment.window = window;
    if (setsSize(attachment)) this.#prefer(attachment);
  }

  #prefer(attachment: Attachment): void {
    if (!setsSize(attachment)) return;
    if (this.#all.at(-1) !== attachment)
      this.#all = [...this.#all.filter((each) => each !== attachment), attachment];
    this.#apply();
  }

  #apply(): void {
    if (this.#isFrozen) return;
    const last = this.#all.findLast(setsSize);
    if (last?.window) {
      this.#sizeBefore ??= this.#terminal.size();
      this.#resize(last.window);
    } else if (this.#sizeBefore) {
      if (isSame(this.#terminal.size(), this.#sizeSet)) this.#resize(this.#sizeBefore);
      this.#sizeBefore = undefined;
    }
  }

  #resize(size: Size): void {
    this.#sizeSet = size;
    if (!isSame(this.#terminal.size(), size)) this.#terminal.resize(size);
  }
}

function setsSize({ isReadOnly, window }: Attachment): boolean {
  return !isReadOnly && window !== undefined;
}

function isSame(one: Size, other: Size | undefined): boolean {
  return one.cols === other?.cols && one.rows === other.rows;
}
