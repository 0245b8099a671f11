/**
 * The host's end of a link: a connection to the daemon for one client. What reaches the daemon is made anew of the subject
 * that it was sent to, so the method that NATS has permitted is the method that is asked.
 */
import type { Socket } from 'node:net';
import { RequestError } from '@pilotty/client';
import { encodeMessage, errorMessage, LineSplitter, type RequestId } from '@pilotty/protocol';
import { Channel } from '../link/channel.ts';
import { encodeFrame, type Frame } from '../link/frame.ts';
import type { Greeting } from '../link/messages.ts';
import type { LinkTiming } from '../link/timing.ts';
import { windowOf } from '../link/window.ts';
import { classOf } from '../methods.ts';
import { hostSubject, requestOf } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { forbidden } from '../nats/problems.ts';

export interface HostLinkOptions {
  nats: Nats;
  fleet: string;
  host: string;
  id: string;
  /** Where the client is answered. */
  inbox: string;
  /** What the client wants on its way at most. */
  windowBytes: unknown;
  timing: LinkTiming;
  /** What is done here and not in the daemon; undefined for what is the daemon's. */
  intercept(request: LinkRequest, signal: AbortSignal): Promise<object> | undefined;
  ended(): void;
}

export interface LinkRequest {
  id?: RequestId;
  method: string;
  params: unknown;
}

export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #channel: Channel<string>;
  readonly #timer: NodeJS.Timeout;
  readonly #ending = new AbortController();
  readonly #intercepted = new Map<RequestId, AbortController>();
  readonly #stopWatching: () => void;
  #socket: Socket | undefined;
  #greeting: { kind: 'opened' | 'refused'; payload: Uint8Array } | undefined;
  #heardAt = performance.now();
  #absentSince: number | undefined;

  constructor(options: HostLinkOptions) {
    this.#options = options;
    this.#channel = new Channel(
      {
        send: (frame) => this.#publish(frame),
        line: (line, subject) => this.#request(line, subject),
        drained: () => void this.#socket?.resume(),
        failed: () => this.end(),
      },
      windowOf(options.nats.connection, options.windowBytes),
    );
    this.#stopWatching = options.nats.watch({ reconnected: () => this.#channel.sendAgain() });
    this.#timer = setInterval(() => this.#beat(), options.timing.beatMs);
  }

  /** @param connect to the daemon */
  async open(connect: (signal: AbortSignal) => Promise<Socket>, greeting: Greeting): Promise<void> {
    // It takes a moment where the daemon is started first.
    this.#channel.beat();
    try {
      const socket = await connect(this.#ending.signal);
      if (this.#ending.signal.aborted) socket.destroy();
      else this.#attach(socket, greeting);
    } catch (error) {
      const refusal = error as RequestError & { isAbsent?: boolean };
      const body =
        typeof refusal.toBody === 'function'
          ? refusal.toBody()
          : new RequestError('INTERNAL_ERROR', String(error)).toBody();
      this.#greet('refused', { error: body, is_absent: refusal.isAbsent ?? false });
    }
  }

  receive(frame: Frame, subject: string): void {
    this.#heardAt = performance.now();
    this.#absentSince = undefined;
    if (frame.kind === 'close') this.end();
    // It has not come, or has been lost on its way back.
    else if (frame.kind === 'open') {
      if (this.#greeting === undefined) this.#channel.beat();
      else this.#publish({ ...this.#greeting, seq: 0, taken: 0, received: 0, sent: 0 });
    } else this.#channel.receive(frame, subject);
  }

  /** NATS says that nobody takes what is sent to the client. */
  absent(): void {
    this.#absentSince ??= performance.now();
  }

  /** Idempotent. */
  end(): void {
    if (this.#ending.signal.aborted) return;
    this.#publish({ kind: 'close', seq: 0, taken: 0, received: 0, sent: 0, payload: new Uint8Array() });
    this.#ending.abort();
    clearInterval(this.#timer);
    this.#stopWatching();
    this.#socket?.destroy();
    this.#options.ended();
  }

  #attach(socket: Socket, greeting: Greeting): void {
    const splitter = new LineSplitter();
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of splitter.push(chunk)) this.#answer(line);
      } catch {
        // No daemon writes that.
        socket.destroy();
      }
    });
    socket.on('drain', () => this.#channel.resume());
    socket.once('close', () => this.#endOnceDelivered());
    this.#greet('opened', greeting);
  }

  #greet(kind: 'opened' | 'refused', greeting: Greeting): void {
    this.#greeting = { kind, payload: Buffer.from(JSON.stringify(greeting)) };
    this.#publish({ ...this.#greeting, seq: 0, taken: 0, received: 0, sent: 0 });
  }

  #answer(line: string): void {
    this.#channel.push(line, '');
    if (this.#channel.isFull) this.#socket?.pause();
  }

  #request(line: string, subject: string): void {
    const about = requestOf(subject);
    const message = parsed(line);
    if (about === undefined || message === undefined) {
      this.end();
      return;
    }
    const { id, params } = message;
    const { method } = about;
    const request = { ...(id !== undefined && { id }), method, params };
    if (about.requestClass === 'read' && classOf(method, params) !== 'read') {
      if (id !== undefined)
        this.#answer(
          encodeMessage(errorMessage(id, forbidden(`to send ${method} as one that reads`))).trim(),
        );
      return;
    }
    if (method === 'cancel') this.#cancel(params);
    if (this.#intercept(request) === undefined) this.#ask({ jsonrpc: '2.0', ...request });
  }

  /** A client that sends more than the daemon reads is made to wait, as on the daemon's own socket. */
  #ask(message: object): void {
    if (this.#socket?.write(`${JSON.stringify(message)}\n`) === false) this.#channel.pause();
  }

  /** Of what anyone may have sent. */
  #cancel(params: unknown): void {
    const { id } = (params ?? {}) as { id?: unknown };
    if (typeof id === 'string' || typeof id === 'number') this.#intercepted.get(id)?.abort();
  }

  #intercept(request: LinkRequest): Promise<void> | undefined {
    const { id } = request;
    if (id === undefined) return undefined;
    const cancelled = new AbortController();
    const result = this.#options.intercept(request, AbortSignal.any([cancelled.signal, this.#ending.signal]));
    if (result === undefined) return undefined;
    this.#intercepted.set(id, cancelled);
    return result
      .then(
        (answer) => encodeMessage({ jsonrpc: '2.0', id, result: answer }),
        (error: RequestError) => encodeMessage(errorMessage(id, asRequestError(error))),
      )
      .then((line) => {
        this.#intercepted.delete(id);
        if (!cancelled.signal.aborted && !this.#ending.signal.aborted) this.#answer(line.trim());
      });
  }

  #endOnceDelivered(): void {
    if (this.#channel.isDelivered) this.end();
    else if (!this.#ending.signal.aborted)
      setTimeout(() => this.#endOnceDelivered(), DELIVERY_LOOK_MS).unref();
  }

  #beat(): void {
    const now = performance.now();
    const { keptMs, absentMs } = this.#options.timing;
    const isAbsent = this.#absentSince !== undefined && now - this.#absentSince >= absentMs;
    if (isAbsent || now - this.#heardAt >= keptMs) this.end();
    else this.#channel.beat();
  }

  #publish(frame: Omit<Frame, 'link'>): void {
    const { nats, fleet, host, id, inbox } = this.#options;
    nats.publishNow(inbox, encodeFrame({ link: id, ...frame }), `${hostSubject(fleet, host)}.gone.${id}`);
  }
}

/** A client that has listened so long takes its last answers within some of these. */
const DELIVERY_LOOK_MS = 20;

function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  const { message } = error as Error;
  return new RequestError('UNAVAILABLE', message);
}

function parsed(line: string): Omit<LinkRequest, 'method'> | undefined {
  try {
    const { id, params = {} } = JSON.parse(line) as { id?: RequestId; params?: unknown };
    return { ...(id !== undefined && { id }), params };
  } catch {
    return undefined;
  }
}
