/**
 * How far each host of a fleet was read, as one text: `f1,build-1:gk2p…,build-2:gk2q…`. Cursors of hosts cannot be
 * compared, because each is of the host's own clock.
 */
import { RequestError } from '@pilotty/client';

const START = 'f1';
const BASE = 36;

export type HostCursors = ReadonlyMap<string, number>;

export function encodeCursor(cursors: HostCursors): string {
  const hosts = [...cursors].sort(([a], [b]) => (a < b ? -1 : 1));
  return [START, ...hosts.map(([host, cursor]) => `${host}:${cursor.toString(BASE)}`)].join(',');
}

/** @throws RequestError INVALID_INPUT for what is none, such as the cursor of one host */
export function decodeCursor(text: unknown): Map<string, number> {
  if (text === undefined) return new Map();
  const [start, ...hosts] = typeof text === 'string' ? text.split(',') : [];
  const cursors = hosts.map((part) => /^([A-Za-z0-9_-]{1,63}):([0-9a-z]{1,12})$/.exec(part));
  if (start !== START || cursors.some((found) => found === null))
    throw new RequestError('INVALID_INPUT', `'${String(text)}' is no event_cursor of a fleet`, {
      suggestion: 'Give the event_cursor of an answer of this fleet, which begins with f1, or leave it out.',
    });
  return new Map(cursors.map((found) => [found?.[1] as string, Number.parseInt(found?.[2] as string, BASE)]));
}
