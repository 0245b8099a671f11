/** What the page shows, kept in the fragment of its address: all sessions, or one. */
import { signal } from '@preact/signals';

export type Place = { kind: 'overview' } | { kind: 'session'; id: string };

export function addressOf(id: string): string {
  return `#/session/${encodeURIComponent(id)}`;
}

export class Route {
  readonly place = signal<Place>(read());

  constructor() {
    addEventListener('hashchange', () => {
      this.place.value = read();
    });
  }

  openSession(id: string): void {
    location.hash = addressOf(id);
  }

  openOverview(): void {
    location.hash = '#/';
  }
}

function read(): Place {
  const [, id] = /^#\/session\/(.+)$/.exec(location.hash) ?? [];
  return id === undefined ? { kind: 'overview' } : { kind: 'session', id: decodeURIComponent(id) };
}
