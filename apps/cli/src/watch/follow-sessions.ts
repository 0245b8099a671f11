/**
 * Keeps what is known of the sessions current, for as little as the daemon can be asked: it emits what happens, and of
 * the sessions that can be seen those that have changed are looked at, so many a second in all. Each turn is short, and
 * what is not answered yet counts: a busy daemon is asked less.
 */
import { type Client, ConnectionError, RequestError } from '@pilotty/client';
import type { Many } from '../selector.ts';
import { factsOf } from './session-states.ts';
import type { SilentHost, WatchedSessions } from './watched-sessions.ts';

/** Turns a second; so often at most a frame is drawn, too. */
export const TURN_MS = 100;
/** A look costs the daemon half a millisecond: sixty a second are three hundredths of a core. */
const LOOKS_AT_ONCE = 6;
const QUESTIONS_AT_ONCE = 2;
/** What has been evicted is announced by no event. */
const LIST_EVERY_MS = 10_000;
/** A hundred sessions started at once are a few lists. */
const LIST_REST_MS = 250;

const FOLLOWED = [
  ...(['spawned', 'changed', 'input', 'idle', 'state', 'title', 'bell', 'command_started'] as const),
  ...(['command_finished', 'resized', 'renamed', 'tagged', 'exited', 'restarted'] as const),
  ...(['asked', 'question_ended'] as const),
];

export interface Following {
  client: Client;
  which: Many;
  sessions: WatchedSessions;
  /** Aborted when it is over. */
  signal: AbortSignal;
  now(): number;
  /** Something that is shown may be another now. */
  changed(): void;
}

export class SessionFollower {
  readonly #following: Following;
  #looks = 0;
  #questions = 0;
  #isListing = false;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(following: Following) {
    this.#following = following;
  }

  /** @returns where the events that follow the list begin. @throws RequestError, for a name that no session has */
  async begin(): Promise<number> {
    const { client, which, sessions, signal, now } = this.#following;
    sessions.listing();
    const list = await client.request('session.list', { ...which, all: true }, { signal });
    sessions.listed(list.sessions, now(), silentIn(list));
    this.#listedAt = now();
    return list.event_cursor;
  }

  /** Takes events until the end. @throws ConnectionError once the daemon has ended */
  async follow(after: number): Promise<never> {
    const { client, which, sessions, signal, now, changed } = this.#following;
    await client.request(
      'events.follow',
      { ...which, types: FOLLOWED, after },
      {
        signal,
        onEvent: (event) => {
          if (sessions.happened(event, now())) changed();
        },
      },
    );
    throw new ConnectionError('the daemon has ended, and its sessions with it', {
      suggestion: "'pilotty spawn PROGRAM' starts another one with a session.",
    });
  }

  /** Asks what is due. @param visible those that can be seen */
  turn(visible: readonly string[], focus: string | undefined): void {
    const { sessions, now } = this.#following;
    const isListDue = sessions.isListStale
      ? now() - this.#listedAt >= LIST_REST_MS
      : now() - this.#listedAt >= LIST_EVERY_MS;
    if (isListDue && !this.#isListing) void this.#list();
    while (this.#looks < LOOKS_AT_ONCE) {
      const id = sessions.nextToLook(visible, focus, now());
      if (id === undefined) break;
      void this.#look(id);
    }
    while (this.#questions < QUESTIONS_AT_ONCE) {
      const id = sessions.nextToAsk(now());
      if (id === undefined) break;
      void this.#ask(id);
    }
  }

  async #list(): Promise<void> {
    const { sessions, now, changed } = this.#following;
    this.#isListing = true;
    sessions.listing();
    const listed = await this.#orNothing(this.#selected());
    if (listed) sessions.listed(listed.sessions, now(), listed.silent);
    this.#listedAt = now();
    this.#isListing = false;
    changed();
  }

  /** A session that was named and has been evicted since is no reason to show none. */
  async #selected() {
    const { client, which, signal } = this.#following;
    const list = async (part: Many) => {
      const answer = await client.request('session.list', { ...part, all: true }, { signal });
      return { sessions: answer.sessions, silent: silentIn(answer) };
    };
    try {
      return await list(which);
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'SESSION_NOT_FOUND') throw error;
    }
    const parts = [
      ...(which.sessions ?? []).map((name) => ({ sessions: [name] })),
      ...(which.tags ? [{ tags: which.tags }] : []),
    ];
    const answers = (await Promise.all(parts.map((part) => this.#orNothing(list(part))))).filter(
      (answer) => answer !== undefined,
    );
    const found = answers.flatMap(({ sessions }) => sessions);
    const once = new Map(found.map((session) => [session.id, session]));
    const silent = new Map(answers.flatMap((answer) => answer.silent.map((host) => [host.host, host])));
    return {
      sessions: [...once.values()].sort((one, other) => one.created_at.localeCompare(other.created_at)),
      silent: [...silent.values()],
    };
  }

  async #look(id: string): Promise<void> {
    const { client, sessions, signal, now, changed } = this.#following;
    this.#looks++;
    sessions.looking(id, now());
    const params = { session: id, format: 'compact', styles: true } as const;
    const look = await this.#orNothing(client.request('session.snapshot', params, { signal }));
    this.#looks--;
    sessions.looked(id, look);
    changed();
  }

  async #ask(id: string): Promise<void> {
    const { client, sessions, signal, now, changed } = this.#following;
    this.#questions++;
    sessions.asking(id, now());
    const status = await this.#orNothing(client.request('session.status', { session: id }, { signal }));
    this.#questions--;
    sessions.told(id, status && factsOf(status));
    changed();
  }

  /** Undefined where a session is gone, which the next list shows, or the daemon is, which ends all. */
  async #orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      const isExpected =
        this.#following.signal.aborted || error instanceof RequestError || error instanceof ConnectionError;
      if (isExpected) return undefined;
      throw error;
    }
  }
}

/** Hosts that the list of a fleet lacks. */
function silentIn(list: object): readonly SilentHost[] {
  return (list as { unreachable?: readonly SilentHost[] }).unreachable ?? [];
}
