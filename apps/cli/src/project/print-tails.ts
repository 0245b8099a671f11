/** What the sessions of a project print, line by line, each after the name of its session. */
import { type Client, plainSentence } from '@pilotty/client';
import type { Project, Summary } from '@pilotty/project';
import type { Io } from '../io.ts';
import { printJsonLine } from '../output.ts';
import { sessionsOf } from './open-project.ts';

interface Given {
  sessions: string[];
  lines: number | undefined;
  follow: boolean;
  json: boolean;
}

export async function printTails(project: Project, given: Given, io: Io, client: Client): Promise<void> {
  const tails = new Tails(project, given, io, client);
  await (given.follow ? tails.follow() : tails.print());
}

class Tails {
  readonly #project: Project;
  readonly #given: Given;
  readonly #io: Io;
  readonly #client: Client;
  readonly #width: number;
  /** By id: those that are printed, or were. */
  readonly #begun = new Map<string, Promise<void>>();

  constructor(project: Project, given: Given, io: Io, client: Client) {
    this.#project = project;
    this.#given = given;
    this.#io = io;
    this.#client = client;
    this.#width = Math.max(...project.sessions.map(({ key }) => key.length), 1);
  }

  /** One after the other: of what is printed by now no order among sessions is known. */
  async print(): Promise<void> {
    for (const session of await this.#sessions()) await this.#printOne(session);
  }

  async follow(): Promise<void> {
    const { event_cursor: after } = await this.#client.request(
      'session.list',
      {},
      { signal: this.#io.signal },
    );
    await this.#beginAll();
    const ended = new AbortController();
    const started = this.#followStarts(after, AbortSignal.any([this.#io.signal, ended.signal]));
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
    const { sessions: keys } = this.#given;
    const all = await sessionsOf(this.#client, this.#io);
    return all.filter(
      ({ project }) =>
        project?.file === this.#project.file && (keys.length === 0 || keys.includes(project.key)),
    );
  }

  async #printOne({ id, project, name }: Summary): Promise<void> {
    const { follow, lines: tail, json } = this.#given;
    const { stdout, signal } = this.#io;
    const key = project?.key ?? name;
    let begun = '';
    const print = async (text: string) => {
      if (json)
        return await printJsonLine(stdout, { type: 'line', key, session: name, session_id: id, text });
      const line = stdout.isTty ? plainSentence(text) : text;
      await stdout.write(`${key.padEnd(this.#width)} | ${line}\n`);
    };
    const onEvent = async ({ output = '' }: { output?: string | undefined }) => {
      const lines = `${begun}${output}`.split('\n');
      begun = lines.pop() ?? '';
      for (const line of lines) await print(line);
    };
    await this.#client.request('session.output', { session: id, follow, tail }, { signal, onEvent });
    if (begun !== '') await print(begun);
  }
}
