/** What the page shows, kept in the fragment of its address: all sessions, or one and more of them. */
import { signal } from '@preact/signals';

export type Place = { kind: 'overview' } | { kind: 'sessions'; ids: readonly string[] };

/** More are too small to be read. */
export const MAX_SIDE_BY_SIDE = 6;

export function addressOf(...ids: readonly string[]): string {
  return `#/session/${ids.map(encodeURIComponent).join('+')}`;
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

  openOverview(): void {
    location.hash = '#/';
  }
}

function read(): Place {
  const [, ids] = /^#\/session\/(.+)$/.exec(location.hash) ?? [];
  if (ids === undefined) return { kind: 'overview' };
  const all = [...new Set(ids.split('+').filter(Boolean).map(decodeURIComponent))];
  return { kind: 'sessions', ids: all.slice(0, MAX_SIDE_BY_SIDE) };
}
