/**
 * How far each host of a fleet was read, as one text: `f1,build-1:gk2p…,build-2:gk2q…`. Cursors of hosts cannot be
 * compared, because each is of the host's own clock.
 */
import { RequestError } from '@pilotty/client';

const START = 'f1';
const BASE = 36;

/** Each event of a fleet has one, so that its text is put together of parts that are kept. */
export class FleetCursor {
  readonly #cursors: Map<string, number>;
  /** In the order of their names. */
  #parts: string[] = [];
  #places: Map<string, number> | undefined;

  constructor(cursors: Iterable<readonly [string, number]> = []) {
    this.#cursors = new Map(cursors);
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

  /** The latest of all hosts, whose clocks are said to agree; undefined where it has none. */
  get latest(): number | undefined {
    return this.#cursors.size === 0 ? undefined : Math.max(...this.#cursors.values());
  }

  copy(): FleetCursor {
    return new FleetCursor(this.#cursors);
  }

  toString(): string {
    if (this.#places === undefined) {
      const sorted = [...this.#cursors].sort(([a], [b]) => (a < b ? -1 : 1));
      this.#parts = sorted.map(([host, cursor]) => partOf(host, cursor));
      this.#places = new Map(sorted.map(([host], place) => [host, place]));
    }
    return [START, ...this.#parts].join(',');
  }
}

function partOf(host: string, cursor: number): string {
  return `${host}:${cursor.toString(BASE)}`;
}

/** Where a reading begins. */
export interface Begin {
  cursors: FleetCursor;
  /** Of each host that `cursors` has not; undefined: from now on. */
  others: number | undefined;
}

/**
 * A number is the cursor of each host, whose clocks are said to agree; 0 is the oldest event of each.
 * @throws RequestError INVALID_INPUT for what is none
 */
export function readBegin(after: unknown): Begin {
  if (typeof after === 'number') return { cursors: new FleetCursor(), others: after };
  return { cursors: decodeCursor(after), others: undefined };
}

/** @throws RequestError INVALID_INPUT for what is none, such as the cursor of one host */
export function decodeCursor(text: unknown): FleetCursor {
  if (text === undefined) return new FleetCursor();
  const [start, ...hosts] = typeof text === 'string' ? text.split(',') : [];
  const cursors = hosts.map((part) => /^([A-Za-z0-9_-]{1,63}):([0-9a-z]{1,12})$/.exec(part));
  if (start !== START || cursors.some((found) => found === null))
    throw new RequestError('INVALID_INPUT', `'${String(text)}' is no event_cursor of a fleet`, {
      suggestion: 'Give the event_cursor of an answer of this fleet, which begins with f1, or leave it out.',
    });
  return new FleetCursor(
    cursors.map((found) => [found?.[1] as string, Number.parseInt(found?.[2] as string, BASE)]),
  );
}
