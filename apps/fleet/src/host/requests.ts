/** All that is sent to a host: links of clients, and what is asked without one. */
import type { Socket } from 'node:net';
import type { Msg } from '@nats-io/nats-core';
import { PROTOCOL, VERSION } from '@pilotty/client';
import { parseRecord } from '../directory/records.ts';
import { decodeFrame, encodeFrame, NOTHING } from '../link/frame.ts';
import type { OpenRequest } from '../link/messages.ts';
import type { LinkTiming } from '../link/timing.ts';
import { hostSubject, LINK, requestOf, SURROUNDINGS } from '../names.ts';
import { isInbox, type Nats } from '../nats/connect.ts';
import { HostLink, type HostLinkOptions } from './host-link.ts';

export interface ServedHost {
  fleet: string;
  host: string;
  timing: LinkTiming;
  /** @throws ConnectionError */
  connect(startsDaemon: boolean, signal: AbortSignal): Promise<Socket>;
  /** What a program has that is started here. */
  surroundings(): Promise<object>;
  intercept: HostLinkOptions['intercept'];
}

/** A daemon has a limit of its own for connections; those that are being opened are bounded here. */
const MAX_LINKS = 1_000;

export class Requests {
  readonly #nats: Nats;
  readonly #served: ServedHost;
  readonly #links = new Map<string, HostLink>();
  readonly #subscription;

  constructor(nats: Nats, served: ServedHost) {
    this.#nats = nats;
    this.#served = served;
    this.#subscription = nats.connection.subscribe(`${hostSubject(served.fleet, served.host)}.>`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
      },
    });
  }

  get links(): number {
    return this.#links.size;
  }

  close(): void {
    this.#subscription.unsubscribe();
    for (const link of [...this.#links.values()]) link.end();
  }

  #receive(message: Msg): void {
    const { subject } = message;
    const request = requestOf(subject);
    if (request === undefined) {
      if (message.headers?.code === 503) this.#links.get(subject.split('.').at(-1) ?? '')?.absent();
      return;
    }
    if (request.method === SURROUNDINGS) {
      if (request.requestClass === 'act') void this.#tellSurroundings(message);
      return;
    }
    // Whether a host of this name is there.
    if (request.method === LINK && message.data.length === 0) this.#answer(message, this.#served.host);
    const frame = decodeFrame(message.data);
    if (frame === undefined) return;
    const link = this.#links.get(frame.link);
    if (link !== undefined) link.receive(frame, subject);
    else if (frame.kind === 'open' && request.method === LINK) this.#open(frame.link, message, frame.payload);
    else if (frame.kind !== 'close')
      this.#answer(message, encodeFrame({ ...frame, kind: 'unknown', payload: NOTHING }));
  }

  #open(id: string, { reply }: Msg, payload: Uint8Array): void {
    if (reply === undefined || !isInbox(reply) || this.#links.size >= MAX_LINKS) return;
    const request = parseRecord<OpenRequest>(payload);
    if (request === undefined) return;
    const { fleet, host, timing, intercept, connect } = this.#served;
    const link = new HostLink({
      nats: this.#nats,
      fleet,
      host,
      id,
      inbox: reply,
      windowBytes: request.window_bytes,
      timing,
      intercept,
      ended: () => this.#links.delete(id),
    });
    this.#links.set(id, link);
    void link.open((signal) => connect(request.starts_daemon === true, signal), {
      version: VERSION,
      protocol: PROTOCOL,
    });
  }

  async #tellSurroundings(message: Msg): Promise<void> {
    this.#answer(message, JSON.stringify(await this.#served.surroundings()));
  }

  #answer(message: Msg, payload: string | Uint8Array): void {
    if (message.reply !== undefined && isInbox(message.reply)) message.respond(payload);
  }
}
