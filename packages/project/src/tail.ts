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

/** With `follow` until none of them runs any more; sessions that are started meanwhile are included. */
export async function tail(client: Client, project: Project, wishes: TailWishes): Promise<void> {
  const tails = new Tails(client, project, wishes);
  await (wishes.follow ? tails.follow() : tails.print());
}

class Tails {
  readonly #client: Client;
  readonly #project: Project;
  readonly #wishes: TailWishes;
  /** By id: those that are printed, or were. */
  readonly #begun = new Map<string, Promise<void>>();

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
    await this.#beginAll();
    const ended = new AbortController();
    const started = this.#followStarts(after, AbortSignal.any([signal, ended.signal]));
    try {
      // One that has ended may have been replaced by another.
      for (let count = -1; count !== this.#begun.size; ) {
        count = this.#begun.size;
        await Promise.all(this.#begun.values());
        await this.#beginAll('running');
      }
    } finally {
      ended.abort();
      await started;
    }
  }

  async #followStarts(after: number, signal: AbortSignal): Promise<void> {
    const params = { tags: [`project=${this.#project.name}`], types: ['spawned' as const], after };
    // Not waited for: while an event is worked on, no answer is read. Where it fails, the connection has, and so do all others.
    const onEvent = () => void this.#beginAll().catch(() => {});
    await this.#client.request('events.follow', params, { signal, onEvent }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async #beginAll(state?: Summary['state']): Promise<void> {
    for (const session of await this.#sessions()) {
      if (this.#begun.has(session.id) || (state !== undefined && session.state !== state)) continue;
      this.#begun.set(session.id, this.#printOne(session));
    }
  }

  async #sessions(): Promise<Summary[]> {
    const { keys, list } = this.#wishes;
    return (await list()).filter(
      ({ project }) =>
        project?.file === this.#project.file && (keys.length === 0 || keys.includes(project.key)),
    );
  }

  async #printOne({ id, project, name }: Summary): Promise<void> {
    const { follow, lines, signal, onLine } = this.#wishes;
    const of = { key: project?.key ?? name, session: name, session_id: id };
    // Of each stream: a line of one may be begun while the other is written to.
    const begun = new Map<TailLine['stream'], string>();
    const print = (stream: TailLine['stream'], text: string) =>
      onLine({ ...of, ...(stream && { stream }), text });
    await this.#client.request(
      'session.output',
      { session: id, follow, tail: lines },
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
  }
}
