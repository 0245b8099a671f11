/**
 * What programs have announced: bells, notifications, and the ends of a shell's commands that took long enough to be
 * waited for. Also what they announced before the page was opened, as far as the daemon's events go back.
 */
import { type Signal, signal } from '@preact/signals';
import type { Occurrence } from './attention.ts';
import type { SessionEvent } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Whoever starts a command and sees its end within this time did not go away meanwhile. */
const LONG_COMMAND_MS = 10_000;

export interface Announced {
  bell?: Occurrence;
  notification?: Occurrence;
  command?: Occurrence & { exitCode: number | null };
}

export class Announcements {
  readonly #sessions: Sessions;
  readonly #known = new Map<string, Signal<Announced>>();
  /** When the command began that runs in it. */
  readonly #started = new Map<string, number>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    sessions.onEvent((event) => this.#happened(event));
    sessions.onList(() => {
      for (const id of this.#known.keys()) if (sessions.find(id) === undefined) this.#known.delete(id);
    });
  }

  of(id: string): Signal<Announced> {
    let found = this.#known.get(id);
    if (found === undefined) {
      found = signal({});
      this.#known.set(id, found);
    }
    return found;
  }

  #happened(event: SessionEvent): void {
    const { type, session_id: id, command, exit_code: exitCode = null } = event;
    if (id === undefined) return;
    const at = this.#sessions.timeOf(event);
    if (type === 'bell') this.#add(id, 'bell', { at, lines: [] });
    else if (type === 'notification') {
      this.#add(id, 'notification', {
        at,
        lines: [event.title, event.body].filter((text) => !!text) as string[],
      });
    } else if (type === 'command_started') this.#started.set(id, at);
    else if (type === 'command_finished') {
      const began = this.#started.get(id);
      if (began === undefined || at - began < LONG_COMMAND_MS) return;
      const how = exitCode === null || exitCode === 0 ? 'finished' : `failed with ${exitCode}`;
      this.#add(id, 'command', { at, exitCode, lines: [`${command ?? 'A command'} ${how}`] });
    }
  }

  #add<K extends keyof Announced>(id: string, kind: K, occurrence: NonNullable<Announced[K]>): void {
    const announced = this.of(id);
    // Told of again, when the past is read.
    if ((announced.peek()[kind]?.at ?? 0) >= occurrence.at) return;
    announced.value = { ...announced.peek(), [kind]: occurrence };
  }
}
