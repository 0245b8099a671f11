/**
 * A client's end of a link to a host: lines out on the subject of their method, lines back on an inbox of its own. While
 * the way is cut nothing is lost; where the host does not answer in time, the link ends with HOST_UNREACHABLE.
 */
import type { Transport, TransportListener } from '@pilotty/client';
import { ConnectionError, RequestError } from '@pilotty/client';
import { encodeMessage, errorMessage } from '@pilotty/protocol';
import type { FleetHostAddress } from '../address.ts';
import { classOf } from '../methods.ts';
import { LINK, methodSubject } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { forbidden, unreachable } from '../nats/problems.ts';
import { Channel } from './channel.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';
import { newLinkId } from './link-id.ts';
import type { Greeting, OpenRequest } from './messages.ts';
import type { LinkTiming } from './timing.ts';
import { windowOf } from './window.ts';

export interface ClientLink {
  transport: Transport;
  /** Of the pilotty there. */
  version: string;
  protocol: number;
}

/** So often a host that is not subscribed is looked for again, before it is given up. */
const LOOKS_FOR_ABSENT = 4;

const LOST = 'Sessions there go on. What was asked may have been done: look before you ask it again.';

/** @throws ConnectionError HOST_UNREACHABLE; the error of the host */
export async function openLink(
  nats: Nats,
  address: Pick<FleetHostAddress, 'fleet' | 'host'>,
  request: OpenRequest,
  timing: LinkTiming,
  signal: AbortSignal,
): Promise<ClientLink> {
  const link = new Link(nats, address, request, timing);
  const stop = () => link.end(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const { version, protocol } = await link.opened;
    return { transport: transportOf(link, version), version, protocol };
  } catch (error) {
    link.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function transportOf(link: Link, version: string): Transport {
  return {
    version,
    send: (lines) => link.send(lines),
    listen: (listener) => link.listen(listener),
    pause: () => link.channel.pause(),
    resume: () => link.channel.resume(),
    close: () => link.close(),
  };
}

type Greeted = Extract<Greeting, { version: string }>;

class Link {
  readonly channel: Channel<string>;
  readonly opened: Promise<Greeted>;
  readonly #nats: Nats;
  readonly #address: Pick<FleetHostAddress, 'fleet' | 'host'>;
  readonly #timing: LinkTiming;
  readonly #id = newLinkId();
  readonly #inbox: string;
  readonly #control: string;
  readonly #cleanUp: (() => void)[] = [];
  #listener: TransportListener | undefined;
  #settleOpened: { resolve(greeting: Greeted): void; reject(error: Error): void } | undefined;
  #heardAt = performance.now();
  #absentSince: number | undefined;
  #looking: NodeJS.Timeout | undefined;
  #hasHeard = false;
  #isEnded = false;
  #failure: Error | undefined;
  readonly #greet: () => void;

  constructor(
    nats: Nats,
    address: Pick<FleetHostAddress, 'fleet' | 'host'>,
    request: OpenRequest,
    timing: LinkTiming,
  ) {
    const { connection } = nats;
    this.#nats = nats;
    this.#address = address;
    this.#timing = timing;
    this.#control = methodSubject(address.fleet, address.host, 'read', LINK);
    this.#inbox = `${nats.inboxPrefix}.${this.#id}`;
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    this.channel = new Channel(
      {
        send: (frame, subject) => this.#publish(frame, subject ?? this.#control),
        line: (line) => this.#listener?.line(line),
        drained: () => {},
        failed: (reason) => this.end(unreachable(`${this.#name} answers what cannot be read: ${reason}`)),
      },
      windowOf(connection, undefined, request.window_bytes),
    );
    // Nothing is taken before there is a listener.
    this.channel.pause();
    const inbox = connection.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error !== null) this.end(forbidden(`to subscribe to ${this.#inbox}`));
        else if (message.headers?.code === 503) this.#isAbsent();
        else this.#receive(decodeFrame(message.data));
      },
    });
    this.#greet = () => {
      const payload = Buffer.from(JSON.stringify(request));
      this.#publish({ kind: 'open', seq: 0, taken: 0, received: 0, sent: 0, payload }, this.#control);
    };
    const timer = setInterval(() => this.#beat(), timing.beatMs);
    this.#cleanUp.push(
      () => inbox.unsubscribe(),
      () => clearInterval(timer),
      () => clearTimeout(this.#looking),
      nats.watch({ reconnected: () => this.#reconnected(), refused: (subject) => this.#refused(subject) }),
    );
    this.#greet();
  }

  get #name(): string {
    return `host ${this.#address.host} of the fleet ${this.#address.fleet}`;
  }

  send(lines: string): void {
    for (const line of lines.split('\n')) {
      if (line === '') continue;
      const { method, params } = JSON.parse(line) as { method: string; params?: unknown };
      const { fleet, host } = this.#address;
      this.channel.push(line, methodSubject(fleet, host, classOf(method, params), method));
    }
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    if (this.#isEnded) listener.closed(this.#failure);
    else this.channel.resume();
  }

  close(): void {
    if (this.#isEnded) return;
    this.#publish(
      { kind: 'close', seq: 0, taken: 0, received: 0, sent: 0, payload: new Uint8Array() },
      this.#control,
    );
    this.end();
  }

  /** Idempotent. */
  end(error?: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#failure = error;
    for (const clean of this.#cleanUp) clean();
    this.#settleOpened?.reject(error ?? unreachable(`${this.#name} closed the link`));
    this.#settleOpened = undefined;
    this.#listener?.closed(error);
  }

  #publish(frame: Omit<Frame, 'link'>, subject: string): void {
    // With a place for it, NATS says that nobody is subscribed.
    this.#nats.publishNow(subject, encodeFrame({ link: this.#id, ...frame }), this.#inbox);
  }

  #receive(frame: Frame | undefined): void {
    if (frame === undefined || frame.link !== this.#id || this.#isEnded) return;
    this.#heardAt = performance.now();
    this.#hasHeard = true;
    this.#absentSince = undefined;
    if (frame.kind === 'opened' || frame.kind === 'refused') this.#settle(frame);
    else if (frame.kind === 'unknown') this.end(unreachable(`${this.#name} has begun anew`, LOST));
    else this.channel.receive(frame, '');
    if (frame.kind === 'close') this.end();
  }

  #settle({ kind, payload }: Frame): void {
    const settle = this.#settleOpened;
    this.#settleOpened = undefined;
    if (settle === undefined) return;
    const greeting = JSON.parse(Buffer.from(payload).toString()) as Greeting;
    if (kind === 'opened' && 'version' in greeting) settle.resolve(greeting);
    else if ('error' in greeting) settle.reject(errorOf(greeting, this.#name));
  }

  #beat(): void {
    const gone = this.#isGone();
    if (gone !== undefined) this.end(gone);
    else this.#sayThatWeAreHere();
  }

  #sayThatWeAreHere(): void {
    if (this.#settleOpened !== undefined) this.#greet();
    else this.channel.beat();
  }

  /** Why the host is given up; undefined while it is not. */
  #isGone(): Error | undefined {
    const now = performance.now();
    const silentMs = now - this.#heardAt;
    const { answerMs, lostMs } = this.#timing;
    if (!this.#hasHeard && silentMs >= answerMs)
      return unreachable(`${this.#name} has not answered within ${answerMs / 1000} s`);
    if (silentMs >= lostMs)
      return unreachable(`nothing was heard of ${this.#name} for ${Math.round(silentMs / 1000)} s`, LOST);
    return undefined;
  }

  /** NATS says that nobody has taken what was sent. */
  #isAbsent(): void {
    if (!this.#hasHeard) {
      this.end(
        unreachable(
          `${this.#name} is not there: nothing is subscribed to its requests`,
          "It is there once 'pilotty fleet join' runs on it; 'pilotty --fleet nats://SERVER/FLEET ls' shows the hosts that are known.",
        ),
      );
      return;
    }
    const now = performance.now();
    const { absentMs } = this.#timing;
    this.#absentSince ??= now;
    if (now - this.#absentSince >= absentMs)
      this.end(unreachable(`${this.#name} is gone: nothing is subscribed to its requests`, LOST));
    // Not at the next beat: that may be long after the host should have come back.
    else
      this.#looking ??= setTimeout(() => {
        this.#looking = undefined;
        this.#sayThatWeAreHere();
      }, absentMs / LOOKS_FOR_ABSENT);
  }

  #reconnected(): void {
    // The host may have lost NATS as we have, and has its time from now on.
    this.#absentSince = undefined;
    if (this.#settleOpened !== undefined) this.#greet();
    else this.channel.sendAgain();
  }

  /** A request that the credential does not permit: it is answered here, and its number is sent without it. */
  #refused(subject: string): void {
    if (subject === this.#inbox || subject === this.#control) {
      this.end(
        forbidden(subject === this.#inbox ? `to subscribe to ${subject}` : `to ask ${this.#name} anything`),
      );
      return;
    }
    for (const line of this.channel.withdraw(subject, this.#control)) {
      const { id, method } = JSON.parse(line) as { id?: number; method: string };
      if (id !== undefined)
        this.#listener?.line(
          encodeMessage(errorMessage(id, forbidden(`to send ${method} to ${this.#name}`))).trim(),
        );
    }
  }
}

function errorOf({ error, is_absent: isAbsent }: Extract<Greeting, { error: unknown }>, name: string): Error {
  const { code, suggestion, details } = error;
  const message = `on ${name}: ${error.message}`;
  if (code === 'DAEMON_UNREACHABLE') return new ConnectionError(message, { suggestion, isAbsent });
  return RequestError.fromBody({ code, message, suggestion, ...(details && { details }) });
}
