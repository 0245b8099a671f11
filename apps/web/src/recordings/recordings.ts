/** The recordings that the daemon lists, newest first; listed anew when one begins or ends. */
import type { Result } from '@pilotty/client/browser';
import { signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';
import type { Sessions } from '../sessions/sessions.ts';

export type Recording = Result<'recording.list'>['recordings'][number];

export class Recordings {
  /** undefined as long as they are not known; a login for some sessions is not told. */
  readonly all = signal<readonly Recording[] | undefined>(undefined);
  readonly #link: Link;

  constructor(link: Link, sessions: Sessions) {
    this.#link = link;
    link.whileOnline(() => this.refresh());
    sessions.onEvent(({ type }, isPast) => {
      if (!isPast && (type.startsWith('recording_') || type === 'missed')) void this.refresh();
    });
  }

  async refresh(): Promise<void> {
    const answer = await this.#link.request('recording.list', {}).catch(() => undefined);
    this.all.value = answer?.recordings.toReversed();
  }

  find(file: string): Recording | undefined {
    return this.all.value?.find((recording) => recording.file === file);
  }

  of(id: string): readonly Recording[] {
    return this.all.value?.filter((recording) => recording.session_id === id) ?? [];
  }

  isRecorded(id: string): boolean {
    return this.of(id).some(isActive);
  }
}

export function isActive({ state }: Recording): boolean {
  return state === 'active';
}
