/**
 * Who is attached to a session, and whose window gives it its size: that of the one who was attached, typed or changed
 * their window last. When they leave it is the turn of the one before; when the last leaves, the size from before the
 * first comes back, unless somebody else has resized the session since.
 */
import type { ClientIdentity } from '../client-identity.ts';

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface Attachment {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly isReadOnly: boolean;
  window: Size | undefined;
  /** The id of the session that the client runs in. */
  readonly inside: string | undefined;
}

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

  constructor(terminal: Resizable) {
    this.#terminal = terminal;
  }

  get all(): readonly Attachment[] {
    return this.#all;
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
