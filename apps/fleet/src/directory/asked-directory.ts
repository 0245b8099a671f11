/** The directory of a fleet, as one of its hosts reads it; where none answers, as we read it, if we may. */
import type { ConnectionError } from '@pilotty/client';
import { directorySubject } from '../names.ts';
import { askAny } from '../nats/ask-any.ts';
import type { Nats } from '../nats/connect.ts';
import { reasonOf, unreachable } from '../nats/problems.ts';
import { Directory, type KnownHost } from './bucket.ts';
import type { DirectoryAnswer, DirectoryAnswers, DirectoryQuestion, ToldHost } from './messages.ts';
import type { SessionsRecord } from './records.ts';

export class AskedDirectory {
  readonly #nats: Nats;
  readonly #fleet: string;
  readonly #bucket: Directory;

  constructor(nats: Nats, fleet: string) {
    this.#nats = nats;
    this.#fleet = fleet;
    this.#bucket = new Directory(nats, fleet);
  }

  /**
   * All hosts that have joined and not left, by name, whether they answer or not.
   * @throws ConnectionError where the directory cannot be read: that is no empty fleet
   */
  async hosts(): Promise<KnownHost[]> {
    const read = async () => {
      const known: KnownHost[] = [];
      for (;;) {
        const after = known.at(-1)?.host;
        const { hosts, more } = await this.#ask('hosts', after === undefined ? {} : { after });
        known.push(...hosts.map(asKnown));
        if (!more) return known;
      }
    };
    return await this.#either(read, () => this.#bucket.hosts());
  }

  /** undefined for one that has never joined, or has left. @throws as hosts() */
  async host(name: string): Promise<KnownHost | undefined> {
    const read = async () => {
      const { host } = await this.#ask('host', { host: name });
      return host && asKnown(host);
    };
    return await this.#either(read, () => this.#bucket.host(name));
  }

  /** What a host has said last of its sessions. @throws as hosts() */
  async sessionsOf(host: string): Promise<SessionsRecord> {
    return await this.#either(
      () => this.#ask('sessions', { host }),
      () => this.#bucket.sessionsOf(host),
    );
  }

  /** What is another number once a host has joined. @throws as hosts() */
  async joins(): Promise<number> {
    return await this.#either(
      async () => (await this.#ask('joins', {})).revision,
      () => this.#bucket.joins(),
    );
  }

  async #either<T>(ask: () => Promise<T>, read: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      return await read().catch((cause: ConnectionError) => {
        throw unreachable(
          `${cause.message}; and none of its hosts has answered: ${reasonOf(error)}`,
          cause.suggestion,
        );
      });
    }
  }

  async #ask<A extends keyof DirectoryAnswers>(
    ask: A,
    about: Omit<DirectoryQuestion, 'ask'>,
  ): Promise<DirectoryAnswers[A]> {
    const { connection } = this.#nats;
    const subject = directorySubject(this.#fleet);
    const answer = await askAny<DirectoryAnswer<DirectoryAnswers[A]>>(connection, subject, { ask, ...about });
    if ('problem' in answer) throw new Error(answer.problem);
    return answer;
  }
}

function asKnown({ host, record, last_seen: lastSeen }: ToldHost): KnownHost {
  return { host, record, lastSeen: new Date(lastSeen) };
}
