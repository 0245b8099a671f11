/** The stream of a fleet that output is kept in, as a host writes it. */
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { outputStreamOf, outputSubject } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { ANSWER_WITHIN_MS, openManager } from '../nats/jet-stream.ts';
import { headersOf, type KeptOutput } from './message.ts';

export interface OutputBounds {
  max_bytes: number;
  max_age_ms: number;
}

const NS_PER_MS = 1_000_000;
/** A message that was not confirmed is published again within it, and is there once. */
const DUPLICATES_MS = 2 * 60 * 1000;
/** Of a message with its headers, and of one that a host answers. */
const LEAST_PAYLOAD_BYTES = 512 * 1024;
const NAME_IN_USE = 10058;

export class OutputStream {
  readonly #nats: Nats;
  readonly #fleet: string;
  readonly #host: string;
  readonly #jetstream: JetStreamClient;
  #manager: Promise<JetStreamManager> | undefined;

  constructor(nats: Nats, fleet: string, host: string) {
    this.#nats = nats;
    this.#fleet = fleet;
    this.#host = host;
    this.#jetstream = jetstream(nats.connection, { timeout: ANSWER_WITHIN_MS });
  }

  /** Makes it where there is none. @returns the bounds that it has. @throws what NATS says */
  async open({ max_bytes, max_age_ms }: OutputBounds): Promise<OutputBounds> {
    const { max_payload = LEAST_PAYLOAD_BYTES } = this.#nats.connection.info ?? {};
    if (max_payload < LEAST_PAYLOAD_BYTES)
      throw new Error(
        `the server takes messages of ${max_payload} bytes, and it needs ${LEAST_PAYLOAD_BYTES}`,
      );
    const manager = await this.#managed();
    const name = outputStreamOf(this.#fleet);
    try {
      await manager.streams.add({
        name,
        subjects: [outputSubject(this.#fleet, '*', '*')],
        description: `output of sessions of the fleet ${this.#fleet}`,
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        discard: DiscardPolicy.Old,
        max_bytes,
        max_age: max_age_ms * NS_PER_MS,
        duplicate_window: Math.min(DUPLICATES_MS, max_age_ms) * NS_PER_MS,
        allow_direct: true,
      });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== NAME_IN_USE) throw error;
    }
    const { config } = await manager.streams.info(name);
    return { max_bytes: config.max_bytes, max_age_ms: config.max_age / NS_PER_MS };
  }

  /** Whether a message on this subject is one of ours, which the server may have refused. */
  isOurs(subject: string): boolean {
    const stream = outputStreamOf(this.#fleet);
    return (
      subject.startsWith(outputSubject(this.#fleet, '', '').slice(0, -1)) ||
      subject.split('.').includes(stream)
    );
  }

  /** Resolves when NATS has it on its disk. @throws what NATS says */
  async publish(sessionId: string, output: KeptOutput): Promise<void> {
    const { from, to, exit } = output;
    await this.#jetstream.publish(outputSubject(this.#fleet, this.#host, sessionId), output.bytes, {
      headers: headersOf(output),
      msgID: [this.#host, sessionId, from, to, ...(exit ? [JSON.stringify(exit)] : [])].join(' '),
      expect: { streamName: outputStreamOf(this.#fleet) },
    });
  }

  async #managed(): Promise<JetStreamManager> {
    this.#manager ??= openManager(this.#nats);
    return await this.#manager;
  }
}
