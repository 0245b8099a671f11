/** What the page shows, kept in the fragment of its address: all sessions, one and more of them, recordings or one of those. */
import { signal } from '@preact/signals';

export type Place =
  | { kind: 'overview' }
  | { kind: 'sessions'; ids: readonly string[] }
  | { kind: 'recordings' }
  | { kind: 'recording'; file: string };

/** More are too small to be read. */
export const MAX_SIDE_BY_SIDE = 6;

export function addressOf(...ids: readonly string[]): string {
  return `#/session/${ids.map(encodeURIComponent).join('+')}`;
}

export const RECORDINGS = '#/recordings';

/** @param file as the daemon lists it */
export function addressOfRecording(file: string): string {
  return `#/recording/${encodeURIComponent(file)}`;
}

export class Route {
  readonly place = signal<Place>(read());

  constructor() {
    addEventListener('hashchange', () => {
      this.place.value = read();
    });
  }

  /** Whether it is one of those that are open. */
  isShown(id: string): boolean {
    const place = this.place.peek();
    return place.kind === 'sessions' && place.ids.includes(id);
  }

  openSession(id: string): void {
    location.hash = addressOf(id);
  }

  openSessions(ids: readonly string[]): void {
    if (ids.length === 0) this.openOverview();
    else location.hash = addressOf(...ids.slice(0, MAX_SIDE_BY_SIDE));
  }

  openRecordings(): void {
    location.hash = RECORDINGS;
  }

  openOverview(): void {
    location.hash = '#/';
  }
}

function read(): Place {
  if (location.hash === RECORDINGS) return { kind: 'recordings' };
  const [, file] = /^#\/recording\/(.+)$/.exec(location.hash) ?? [];
  if (file !== undefined) return { kind: 'recording', file: decodeURIComponent(file) };
  const [, ids] = /^#\/session\/(.+)$/.exec(location.hash) ?? [];
  if (ids === undefined) return { kind: 'overview' };
  const all = [...new Set(ids.split('+').filter(Boolean).map(decodeURIComponent))];
  return { kind: 'sessions', ids: all.slice(0, MAX_SIDE_BY_SIDE) };
}
