/** What the sessions of a project print, line by line, each with the session that it is of. */
import type { Client } from '@pilotty/client';
import type { Summary } from './plan.ts';
import type { Project } from './project.ts';

export interface TailLine {
  /** Name of the session in the file of the project. */
  key: string;
  session: string;
  session_id: string;
  /** Where it was written to, by a program without a terminal. */
  stream?: 'stdout' | 'stderr';
  /** Without its end. */
  text: string;
}

export interface TailWishes {
  /** Only these sessions of the project; none: all. */
  keys: readonly string[];
  /** Only the last lines of each. */
  lines: number | undefined;
  follow: boolean;
  /** Those that the project's may be among, as they are at each call. */
  list: () => Promise<readonly Summary[]>;
  signal: AbortSignal;
  onLine: (line: TailLine) => void | Promise<void>;
}

/** With `follow` until none of them runs any more; sessions that are started or restarted meanwhile are included. */
export async function tail(client: Client, project: Project, wishes: TailWishes): Promise<void> {
  const tails = new Tails(client, project, wishes);
  await (wishes.follow ? tails.follow() : tails.print());
}

/** What of a session is printed. */
interface Tail {
  /** Of the program that is printed, or was: each restart is news. */
  restarts: number;
  isOpen: boolean;
  /** Where what comes after a further restart begins. */
  next: number | undefined;
}

class Tails {
  readonly #client: Client;
  readonly #project: Project;
  readonly #wishes: TailWishes;
  /** By id: those that are printed, or were. */
  readonly #tails = new Map<string, Tail>();
  readonly #printing = new Set<Promise<void>>();

  constructor(client: Client, project: Project, wishes: TailWishes) {
    this.#client = client;
    this.#project = project;
    this.#wishes = wishes;
  }

  /** One after the other: of what is printed by now no order among sessions is known. */
  async print(): Promise<void> {
    for (const session of await this.#sessions()) await this.#printOne(session);
  }

  async follow(): Promise<void> {
    const { signal } = this.#wishes;
    const { event_cursor: after } = await this.#client.request('session.list', {}, { signal });
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    await this.#beginAll(until);
    const started = this.#followStarts(after, until);
    try {
      // Each ends with a look for what was started meanwhile, which may have ended as well by now.
      while (this.#printing.size > 0) await Promise.all(this.#printing);
    } finally {
      ended.abort();
      await started;
    }
  }

  async #followStarts(after: number, signal: AbortSignal): Promise<void> {
    const types = ['spawned' as const, 'restarted' as const];
    // Not waited for: while an event is worked on, no answer is read. Where it fails, the connection has, and so do all others.
    const onEvent = () => void this.#beginAll(signal).catch(() => {});
    await this.#client.request('events.follow', { types, after }, { signal, onEvent }).catch((error) => {
      if (!signal.aborted) throw error;
    });
  }

  async #beginAll(signal: AbortSignal): Promise<void> {
    for (const session of await this.#sessions()) {
      const { id, restarts = 0 } = session;
      const tail = this.#tails.get(id) ?? { restarts: -1, isOpen: false, next: undefined };
      if (tail.isOpen || tail.restarts === restarts || signal.aborted) continue;
      Object.assign(tail, { restarts, isOpen: true });
      this.#tails.set(id, tail);
      const printing = this.#printOn(session, tail, signal).then(() => void this.#printing.delete(printing));
      this.#printing.add(printing);
    }
  }

  async #printOn(session: Summary, tail: Tail, signal: AbortSignal): Promise<void> {
    tail.next = await this.#printOne(session, tail.next);
    tail.isOpen = false;
    await this.#beginAll(signal);
  }

  async #sessions(): Promise<Summary[]> {
    const { keys, list } = this.#wishes;
    return (await list()).filter(
      ({ project }) =>
        project?.file === this.#project.file && (keys.length === 0 || keys.includes(project.key)),
    );
  }

  /** @param since none: from its beginning, or its last lines. @returns where what it prints later begins */
  async #printOne({ id, project, name }: Summary, since?: number): Promise<number> {
    const { follow, lines: tail, signal, onLine } = this.#wishes;
    const of = { key: project?.key ?? name, session: name, session_id: id };
    // Of each stream: a line of one may be begun while the other is written to.
    const begun = new Map<TailLine['stream'], string>();
    const print = (stream: TailLine['stream'], text: string) =>
      onLine({ ...of, ...(stream && { stream }), text });
    const from = since === undefined ? { tail } : { since };
    const { next_offset: next } = await this.#client.request(
      'session.output',
      { session: id, follow, ...from },
      {
        signal,
        onEvent: async ({ output = '', stream }) => {
          const whole = `${begun.get(stream) ?? ''}${output}`.split('\n');
          begun.set(stream, whole.pop() ?? '');
          for (const line of whole) await print(stream, line);
        },
      },
    );
    for (const [stream, rest] of begun) if (rest !== '') await print(stream, rest);
    return next;
  }
}
