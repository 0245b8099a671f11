/** What the sessions of a project print, line by line, each with the session that it is of. */
import type { Client } from '@pilotty/client';
import type { Summary } from './plan.ts';
import type { Project } from './project.ts';

interface Source {
  /** Name of the session in the file of the project. */
  key: string;
  session: string;
  session_id: string;
  /** Where it was written to, by a program without a terminal. */
  stream?: 'stdout' | 'stderr';
}

export interface TailLine extends Source {
  /** Without its end. */
  text: string;
}

/** What was dropped before it could be read. The lines that this has cut are left out. */
export interface TailGap extends Source {
  missed_bytes: number;
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
  /** With those that came together, of one session: what waits for each of them is behind a flood. */
  onLines: (lines: readonly TailLine[]) => void | Promise<void>;
  onGap: (gap: TailGap) => void | Promise<void>;
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
    const sessions = await this.#sessions();
    for (const session of sessions) if (!isReplaced(session, sessions)) await this.#printOne(session);
  }

  async follow(): Promise<void> {
    const { signal } = this.#wishes;
    const { event_cursor: after } = await this.#client.request('session.list', {}, { signal });
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    await this.#beginAll(until, true);
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

  async #beginAll(signal: AbortSignal, isFirst = false): Promise<void> {
    const sessions = await this.#sessions();
    for (const session of sessions) {
      const { id, restarts = 0 } = session;
      const tail = this.#tails.get(id) ?? { restarts: -1, isOpen: false, next: undefined };
      if (tail.isOpen || tail.restarts === restarts || signal.aborted) continue;
      // What was replaced by now is not what the project prints; what is replaced meanwhile is printed to its end.
      const isOpen = !isFirst || !isReplaced(session, sessions);
      Object.assign(tail, { restarts, isOpen });
      this.#tails.set(id, tail);
      if (!isOpen) continue;
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
    const { follow, lines: tail, signal, onLines, onGap } = this.#wishes;
    const of = { key: project?.key ?? name, session: name, session_id: id };
    // Of each stream: a line of one may be begun while the other is written to.
    const begun = new Map<TailLine['stream'], BegunLine>();
    const sourceOf = (stream: TailLine['stream']): Source => ({ ...of, ...(stream && { stream }) });
    const print = async (stream: TailLine['stream'], texts: readonly string[]) => {
      if (texts.length > 0) await onLines(texts.map((text) => ({ ...sourceOf(stream), text })));
    };
    const from = since === undefined ? { tail } : { since };
    const { next_offset: next } = await this.#client.request(
      'session.output',
      { session: id, follow, ...from },
      {
        signal,
        onEvent: async ({ output = '', stream, missed_bytes }) => {
          const line = begun.get(stream) ?? new BegunLine();
          begun.set(stream, line);
          if (missed_bytes !== undefined) {
            // On a terminal, what comes next begins with a line.
            line.cut(stream !== undefined);
            await onGap({ ...sourceOf(stream), missed_bytes });
          }
          await print(stream, line.add(output));
        },
      },
    );
    for (const [stream, line] of begun) await print(stream, line.end());
    return next;
  }
}

/** It has ended, and another of the same key runs, or has ended after it. */
function isReplaced({ id, state, project }: Summary, sessions: readonly Summary[]): boolean {
  if (state === 'running') return false;
  const own = sessions.filter(({ project: its }) => its?.key === project?.key);
  const current = own.find((one) => one.state === 'running') ?? own.at(-1);
  return current?.id !== id;
}

/** What has come of a line, until it is whole. */
class BegunLine {
  #text = '';
  /** What comes up to its end is the rest of one whose beginning was dropped. */
  #isRest = false;

  /** @returns the lines that are whole now */
  add(text: string): string[] {
    const lines = `${this.#text}${text}`.split('\n');
    this.#text = lines.pop() ?? '';
    if (!this.#isRest) return lines;
    this.#isRest = lines.length === 0;
    if (this.#isRest) this.#text = '';
    return lines.slice(1);
  }

  /** Its end was dropped. */
  cut(isRest: boolean): void {
    this.#text = '';
    this.#isRest = isRest;
  }

  /** @returns the last line, which has no end */
  end(): string[] {
    return this.#text === '' ? [] : [this.#text];
  }
}
