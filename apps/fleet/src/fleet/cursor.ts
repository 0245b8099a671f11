/**
 * How far each host of a fleet was read, as one text: `f1,build-1:gk2p…,build-2:gk2q…`. Cursors of hosts cannot be
 * compared, because each is of the host's own clock. One that began with a number keeps it for the hosts that it lacks: `f1,*:gk2m…`.
 */
import { RequestError } from '@pilotty/client';
import type { KnownHost } from '../directory/bucket.ts';

const START = 'f1';
const BASE = 36;
/** No host is called so. */
const OTHERS = '*';
/** So much clocks that are said to agree may be apart, in microseconds: what lies further ahead was never given out. */
const CLOCKS_APART = 60_000_000;

/** Each event of a fleet has one, so that its text is put together of parts that are kept. */
export class FleetCursor {
  /** The moment that counts for each host that it lacks; undefined: none does. */
  readonly others: number | undefined;
  readonly #cursors: Map<string, number>;
  /** In the order of their names. */
  #parts: string[] = [];
  #places: Map<string, number> | undefined;

  constructor(cursors: Iterable<readonly [string, number]> = [], others?: number) {
    this.#cursors = new Map(cursors);
    this.others = others;
  }

  get(host: string): number | undefined {
    return this.#cursors.get(host);
  }

  has(host: string): boolean {
    return this.#cursors.has(host);
  }

  set(host: string, cursor: number): void {
    const isNew = !this.#cursors.has(host);
    this.#cursors.set(host, cursor);
    const place = isNew ? undefined : this.#places?.get(host);
    if (place === undefined) this.#places = undefined;
    else this.#parts[place] = partOf(host, cursor);
  }

  /**
   * Of a host that does not answer: what the directory has of it. A place that it has, or a moment for those that it lacks, is
   * kept; hosts of before say none.
   */
  setLastHeard({ host, record: { event_cursor: cursor } }: KnownHost): void {
    // What is read was written by others.
    if (this.has(host) || this.others !== undefined || !Number.isSafeInteger(cursor)) return;
    this.set(host, cursor as number);
  }

  /** The latest of all hosts, whose clocks are said to agree; undefined where it has none. */
  get latest(): number | undefined {
    return this.#cursors.size === 0 ? undefined : Math.max(...this.#cursors.values());
  }

  copy(): FleetCursor {
    return new FleetCursor(this.#cursors, this.others);
  }

  toString(): string {
    if (this.#places === undefined) {
      const sorted = [...this.#cursors].sort(([a], [b]) => (a < b ? -1 : 1));
      this.#parts = sorted.map(([host, cursor]) => partOf(host, cursor));
      this.#places = new Map(sorted.map(([host], place) => [host, place]));
    }
    const others = this.others === undefined ? [] : [partOf(OTHERS, this.others)];
    return [START, ...others, ...this.#parts].join(',');
  }
}

function partOf(host: string, cursor: number): string {
  return `${host}:${cursor.toString(BASE)}`;
}

/** A moment of another host's clock, as a cursor of one whose cursor is `now`: it may be a little behind. */
export function momentOn(now: number, moment: number): number {
  return moment > now && moment - now <= CLOCKS_APART ? now : moment;
}

/**
 * A number is a moment that counts on each host, whose clocks are said to agree; 0 is the oldest event of each.
 * @throws RequestError INVALID_INPUT for what is none
 */
export function decodeCursor(after: unknown): FleetCursor {
  if (after === undefined) return new FleetCursor();
  if (typeof after === 'number') return new FleetCursor([], after);
  const [start, ...hosts] = typeof after === 'string' ? after.split(',') : [];
  const parts = hosts.map((part) => /^(\*|[A-Za-z0-9_-]{1,63}):([0-9a-z]{1,12})$/.exec(part));
  if (start !== START || parts.some((found) => found === null))
    throw new RequestError('INVALID_INPUT', `'${String(after)}' is no event_cursor of a fleet`, {
      suggestion: 'Give the event_cursor of an answer of this fleet, which begins with f1, or leave it out.',
    });
  const cursors = new Map(
    parts.map((found) => [found?.[1] as string, Number.parseInt(found?.[2] as string, BASE)]),
  );
  const others = cursors.get(OTHERS);
  cursors.delete(OTHERS);
  return new FleetCursor(cursors, others);
}
