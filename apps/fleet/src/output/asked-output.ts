/** The output stream of a fleet, as one of its hosts reads it; where none answers, as we read it, if we may. */
import { keptOutputSubject } from '../names.ts';
import { askAny } from '../nats/ask-any.ts';
import type { Nats } from '../nats/connect.ts';
import { type OutputAnswers, type OutputQuestion, untold } from './messages.ts';
import { type OutputPage, pageOf } from './page.ts';
import { type KeptSession, OutputReader } from './stored-output.ts';

/** Of what is read without a host. */
const PAGE_BYTES = 1024 * 1024;

export class AskedOutput {
  readonly #nats: Nats;
  readonly #fleet: string;
  readonly #reader: OutputReader;

  constructor(nats: Nats, fleet: string) {
    this.#nats = nats;
    this.#fleet = fleet;
    this.#reader = new OutputReader(nats, fleet);
  }

  /** undefined where the stream has none, or there is no stream. @throws Error where it cannot be read */
  async find(host: string, session: string): Promise<KeptSession | undefined> {
    const ask = async () => {
      const { id, last } = await this.#ask('find', { ask: 'find', host, session });
      return id === undefined || last === undefined ? undefined : { id, last: untold(last) };
    };
    return await this.#either(ask, () => this.#reader.find(host, session));
  }

  /** @throws Error where it cannot be read */
  async page(host: string, id: string, seq: number): Promise<OutputPage> {
    const ask = async () => {
      const { outputs, more } = await this.#ask('page', { ask: 'page', host, id, seq });
      return { outputs: outputs.map(untold), more };
    };
    return await this.#either(ask, () => pageOf(this.#reader, { host, id, seq }, PAGE_BYTES));
  }

  async #either<T>(ask: () => Promise<T>, read: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      return await read().catch(() => {
        throw error;
      });
    }
  }

  async #ask<A extends keyof OutputAnswers>(_: A, question: OutputQuestion): Promise<OutputAnswers[A]> {
    const subject = keptOutputSubject(this.#fleet);
    type Answer = OutputAnswers[A] | { problem: string };
    const answer = await askAny<Answer>(this.#nats.connection, subject, question);
    if ('problem' in answer) throw new Error(answer.problem);
    return answer;
  }
}
