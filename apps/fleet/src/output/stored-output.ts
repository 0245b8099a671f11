/**
 * What the output stream of a fleet has, for its hosts and those who may act. It is read with direct gets, one message each,
 * for the reason that the directory is: directory/bucket.ts.
 */
import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { eachBounded } from '../bounded.ts';
import { isSessionId, outputStreamOf, outputSubject } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { isStreamNotFound, openManager } from '../nats/jet-stream.ts';
import { type KeptOutput, keptOutputOf } from './message.ts';

/** In the stream. */
export interface StoredOutput extends KeptOutput {
  seq: number;
  /** By the clock of NATS. */
  keptAt: Date;
}

export interface KeptSession {
  id: string;
  /** With its name then, and how far it was kept. */
  last: StoredOutput;
}

/** Of the sessions of a host: as many as are asked for at a time. */
const READ_AT_ONCE = 256;

export class OutputReader {
  readonly #nats: Nats;
  readonly #fleet: string;
  #manager: Promise<JetStreamManager> | undefined;

  constructor(nats: Nats, fleet: string) {
    this.#nats = nats;
    this.#fleet = fleet;
  }

  /**
   * The session of this id; else the one that was kept last of those with this name. undefined where there is none, or no
   * stream. @throws what NATS says
   */
  async find(host: string, session: string): Promise<KeptSession | undefined> {
    const byId = isSessionId(session) ? await this.last(host, session) : undefined;
    if (byId) return { id: session, last: byId };
    const ids = await this.#ids(host);
    const found = await eachBounded(ids, READ_AT_ONCE, async (id) => ({
      id,
      last: await this.last(host, id),
    }));
    return found
      .filter((kept): kept is KeptSession => kept.last?.name === session)
      .sort((a, b) => b.last.seq - a.last.seq)[0];
  }

  /** How far a session was kept. @throws what NATS says */
  async last(host: string, id: string): Promise<StoredOutput | undefined> {
    return await this.#get({ last_by_subj: outputSubject(this.#fleet, host, id) });
  }

  /** The next message of a session, from a place in the stream on. @throws what NATS says */
  async next(host: string, id: string, seq: number): Promise<StoredOutput | undefined> {
    for (let from = seq; ; ) {
      const message = await this.#message({ seq: from, next_by_subj: outputSubject(this.#fleet, host, id) });
      if (message === undefined) return undefined;
      const output = storedOutputOf(message);
      if (output !== undefined) return output;
      from = message.seq + 1;
    }
  }

  async #ids(host: string): Promise<string[]> {
    const subjects_filter = outputSubject(this.#fleet, host, '*');
    const manager = await this.#managed();
    try {
      const { state } = await manager.streams.info(outputStreamOf(this.#fleet), { subjects_filter });
      return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(subjects_filter.length - 1));
    } catch (error) {
      if (isNoStream(error)) return [];
      throw error;
    }
  }

  async #get(query: Query): Promise<StoredOutput | undefined> {
    const message = await this.#message(query);
    return message && storedOutputOf(message);
  }

  async #message(query: Query): Promise<StoredMsg | undefined> {
    const manager = await this.#managed();
    try {
      return (await manager.direct.getMessage(outputStreamOf(this.#fleet), query)) ?? undefined;
    } catch (error) {
      if (isNoStream(error)) return undefined;
      throw error;
    }
  }

  async #managed(): Promise<JetStreamManager> {
    this.#manager ??= openManager(this.#nats);
    return await this.#manager;
  }
}

type Query = { last_by_subj: string } | { seq: number; next_by_subj: string };

function storedOutputOf(message: StoredMsg): StoredOutput | undefined {
  const output = keptOutputOf(message);
  return output && { ...output, seq: message.seq, keptAt: message.time };
}

/** Direct gets of a stream that does not exist have no responder. */
function isNoStream(error: unknown): boolean {
  const { name, cause } = error as Error;
  const isUnanswered = [name, (cause as Error | undefined)?.name].includes('NoRespondersError');
  return isUnanswered || isStreamNotFound(error);
}
