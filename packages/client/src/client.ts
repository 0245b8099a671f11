/**
 * A conversation with a daemon: requests out, answers and events back, over whatever carries lines.
 *
 * The connection is opened by the first request, and again by the first one after it broke. What
 * waits at that moment goes out with `hello` in one write; nothing more is written until `hello` is
 * answered. So a connection that ends unanswered, or in `stepping_down`, has executed nothing, and
 * its requests are sent to the next daemon; a request that may have been executed is never repeated. A daemon that has
 * been upgraded says of each request what to ask the next one, so that it goes on there.
 *
 * Deadlines are the daemon's; only a daemon that has stopped answering at all is given up (answer-watch.ts).
 * Messages are taken in the order they came, and while an event is being worked on nothing more is read.
 */
import {
  type ClientName,
  cancelMessage,
  encodeMessage,
  type HelloAnswer,
  MAX_MESSAGE_BYTES,
  type MethodName,
  type Params,
  PROTOCOL,
  parseServerMessage,
  RequestError,
  type RequestId,
  type Result,
  requestErrorOf,
  requestMessage,
  type ServerMessage,
  type StreamEvent,
  tooManyBytes,
  VERSION,
} from '@pilotty/protocol';
import { AnswerWatch, type Liveness } from './answer-watch.ts';
import { ConnectionError } from './connection-error.ts';
import { Inbox } from './inbox.ts';
import type { Transport } from './transport.ts';

/** `hello` has an id of its own, because its answer belongs to the connection and not to a request. */
const HELLO_ID = 0;

/** The first message of a connection. */
export function helloOf(client?: ClientName, version = VERSION): string {
  return encodeMessage(requestMessage(HELLO_ID, 'hello', { protocol: PROTOCOL, version, client }));
}

/** Never a request's: the answer only shows that the daemon answers. */
const PING = encodeMessage(requestMessage(-1, 'daemon.info', {}));

/** A daemon may be ending when it is asked; a second one ending as well is trouble, not a race. */
const MAX_REOPENINGS = 2;

export interface RequestOptions<M extends MethodName> {
  /** Ends the request here and in the daemon. */
  signal?: AbortSignal;
  /** Takes the parts of an answer that comes in parts; a promise holds back the next ones. */
  onEvent?: (event: StreamEvent<M>) => void | Promise<void>;
  /**
   * Takes an answer of many hosts host by host, in the order of their names; its lists are empty then. A promise holds back the
   * next ones. That of one daemon comes whole.
   */
  onPart?: (part: Result<M>) => void | Promise<void>;
}

export interface ClientOptions {
  /** Called once a connection when the daemon's version is another than ours. */
  warn?: ((message: string) => void) | undefined;
  /** How a daemon that has stopped answering is noticed; without it, it is waited for. */
  liveness?: Liveness | undefined;
  /** False: a connection on which nothing is asked does not keep the process running. */
  keepsProcess?: boolean | undefined;
  /** How others see this client, where they see who types; read when a connection is opened. */
  client?: ClientName | undefined;
}

interface Pending {
  line: string;
  onEvent: ((event: never) => void | Promise<void>) | undefined;
  /** To be asked of the next daemon, on a new connection. */
  isForNext: boolean;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  /** Called before either. */
  settled(): void;
}

/** One connection, from the moment it is being opened. */
interface Link {
  transport: Transport | undefined;
  isGreeted: boolean;
  isSteppingDown: boolean;
  /** The daemon has been upgraded: nothing more is asked here. */
  isLeaving: boolean;
  /** What must not be written before `hello` is answered. */
  unsent: string;
  watch: AnswerWatch | undefined;
  /** Lines, and then the end. */
  inbox: Inbox<string | Closed>;
  ended: Promise<void>;
  end(): void;
}

/** A request, as an upgraded daemon has it. */
interface Asked {
  method: string;
  params: unknown;
}

interface Closed {
  error: Error | undefined;
}

const NOTHING = () => {};

/** What a command, a route or a test asks its daemon with. */
export interface Client {
  /** @throws RequestError as the daemon answered it; ConnectionError; the signal's reason. */
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options?: RequestOptions<M>,
  ): Promise<Result<M>>;
  /** Resolves when the connection there is now has ended; at once when there is none. */
  disconnected(): Promise<void>;
  /** Ends the connection; requests still open are rejected here and cancelled in the daemon. */
  close(): void;
}

export class ConnectedClient implements Client {
  readonly #open: (signal: AbortSignal) => Promise<Transport>;
  #warn: (message: string) => void;
  readonly #liveness: Liveness | undefined;
  readonly #keepsProcess: boolean;
  readonly #options: ClientOptions;
  readonly #pending = new Map<RequestId, Pending>();
  readonly #opening = new AbortController();
  #isClosed = false;
  #nextId = HELLO_ID + 1;
  #reopenings = 0;
  #link: Link | undefined;

  /** `open` makes a connection; its signal aborts when it is no longer wanted. */
  constructor(open: (signal: AbortSignal) => Promise<Transport>, options: ClientOptions = {}) {
    this.#open = open;
    this.#options = options;
    this.#warn = options.warn ?? (() => {});
    this.#liveness = options.liveness;
    this.#keepsProcess = options.keepsProcess ?? true;
  }

  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: RequestOptions<M> = {},
  ): Promise<Result<M>> {
    const { signal, onEvent } = options;
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#isClosed) throw new ConnectionError('the client is closed');
      const line = encodeRequest(id, method, params);
      const settled = signal === undefined ? NOTHING : this.#abandonOn(signal, id);
      this.#pending.set(id, {
        line,
        onEvent,
        isForNext: this.#link?.isLeaving ?? false,
        resolve,
        reject,
        settled,
      });
      if (!this.#keepsProcess) this.#link?.transport?.keepProcess?.(true);
      if (this.#link === undefined) this.#connect();
      else this.#post(this.#link, line);
    }) as Promise<Result<M>>;
  }

  /** @returns stops listening */
  #abandonOn(signal: AbortSignal, id: RequestId): () => void {
    const abort = () => this.#abandon(id, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  }

  async disconnected(): Promise<void> {
    await this.#link?.ended;
  }

  close(): void {
    this.#isClosed = true;
    const link = this.#link;
    this.#link = undefined;
    if (link?.transport === undefined) this.#opening.abort();
    else link.transport.close();
    link?.watch?.close();
    link?.end();
    this.#rejectAll(new ConnectionError('the client was closed'));
  }

  #connect(): void {
    const { promise: ended, resolve: end } = withResolvers();
    const link: Link = {
      transport: undefined,
      isGreeted: false,
      isSteppingDown: false,
      isLeaving: false,
      unsent: '',
      watch: undefined,
      inbox: new Inbox(
        () => link.transport,
        (received) =>
          typeof received === 'string' ? this.#receive(link, received) : this.#lose(link, received.error),
      ),
      ended,
      end,
    };
    this.#link = link;
    void this.#open(this.#opening.signal).then(
      (transport) => this.#greet(link, transport),
      (error: unknown) => {
        if (this.#link === link) this.#lose(link, error);
      },
    );
  }

  #greet(link: Link, transport: Transport): void {
    if (this.#link !== link) {
      transport.close();
      return;
    }
    link.transport = transport;
    link.watch = this.#liveness && this.#watch(link, this.#liveness);
    transport.listen({
      line: (line) => {
        link.watch?.received();
        link.inbox.push(line);
      },
      closed: (error) => link.inbox.push({ error }),
    });
    for (const pending of this.#pending.values()) pending.isForNext = false;
    const lines = [...this.#pending.values()].map((pending) => pending.line);
    transport.send(helloOf(this.#options.client, transport.version) + lines.join(''));
    link.watch?.greeting();
  }

  #watch(link: Link, liveness: Liveness): AnswerWatch {
    return new AnswerWatch(liveness, {
      isWaiting: () => this.#pending.size > 0 && !link.inbox.isBusy,
      ping: () => link.transport?.send(PING),
      silent: (reason) => {
        if (this.#link !== link) return;
        // Should it go on, it finds that nothing of this is wanted any more.
        for (const id of this.#pending.keys()) link.transport?.send(encodeMessage(cancelMessage(id)));
        this.#hangUp(link, reason);
      },
    });
  }

  #post(link: Link, line: string): void {
    if (link.isLeaving) return;
    // Before the connection is open there is nothing to write to, and `#greet` takes what is pending then.
    if (link.isGreeted) link.transport?.send(line);
    else if (link.transport !== undefined) link.unsent += line;
  }

  #receive(link: Link, line: string): void | Promise<void> {
    if (this.#link !== link) return;
    let message: ServerMessage;
    try {
      message = parseServerMessage(line);
    } catch (cause) {
      return this.#hangUp(link, new ConnectionError('the daemon sent a malformed message', { cause }));
    }
    if ('method' in message) return this.#deliver(message.params.id, message.params.event);
    if (message.id === HELLO_ID || message.id === null) {
      // An error that belongs to no request is about the connection: refused, or beyond repair.
      if ('error' in message) return this.#hangUp(link, requestErrorOf(message));
      return this.#welcome(link, message.result as HelloAnswer);
    }
    // What came along with `hello` has been refused, and will be asked again of the next daemon.
    if (link.isSteppingDown) return;
    if ('error' in message) this.#refused(link, message.id, requestErrorOf(message));
    else this.#take(message.id)?.resolve(message.result);
    if (link.isLeaving) this.#leave(link);
  }

  #refused(link: Link, id: RequestId, error: RequestError): void {
    const pending = this.#pending.get(id);
    const again = error.code === 'DAEMON_UPGRADED' ? (error.details?.again as Asked | undefined) : undefined;
    if (pending === undefined || again === undefined) {
      this.#take(id)?.reject(error);
      return;
    }
    link.isLeaving = true;
    // Another version was wanted. Who is attached has the terminal.
    this.#warn = NOTHING;
    pending.isForNext = true;
    pending.line = encodeRequest(id, again.method, again.params);
  }

  /** Once all that was asked here is answered, or is to be asked of the next daemon. */
  #leave(link: Link): void {
    const pending = [...this.#pending.values()];
    if (this.#link !== link || pending.some(({ isForNext }) => !isForNext)) return;
    this.#link = undefined;
    link.watch?.close();
    link.transport?.close();
    link.end();
    if (pending.length > 0) this.#connect();
  }

  #take(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (!this.#keepsProcess && this.#pending.size === 0) this.#link?.transport?.keepProcess?.(false);
    pending?.settled();
    return pending;
  }

  #welcome(link: Link, daemon: HelloAnswer): void {
    if (daemon.stepping_down) {
      link.isSteppingDown = true;
      return;
    }
    this.#reopenings = 0;
    // An older daemon ends for a newer installation: for the one that would start the next, on its own host.
    const version = link.transport?.version ?? VERSION;
    if (daemon.version !== version) {
      this.#warn(
        `the running daemon is pilotty ${daemon.version}, this is ${version}; 'pilotty daemon --upgrade' hands its sessions (${daemon.sessions}) to ${version}, 'pilotty stop' ends them`,
      );
    }
    link.isGreeted = true;
    if (link.unsent !== '') link.transport?.send(link.unsent);
  }

  #deliver(id: RequestId, event: unknown): void | Promise<void> {
    const onEvent = this.#pending.get(id)?.onEvent;
    if (onEvent === undefined) return;
    try {
      const busy: unknown = onEvent(event as never);
      // In JavaScript it may answer anything, as `(part) => parts.push(part)` does.
      if (busy instanceof Object && 'then' in busy)
        return Promise.resolve(busy as Promise<void>).catch((error: unknown) => this.#abandon(id, error));
    } catch (error) {
      this.#abandon(id, error);
    }
  }

  /** Ends a request from this side. */
  #abandon(id: RequestId, reason: unknown): void {
    const pending = this.#take(id);
    if (pending === undefined) return;
    if (this.#link !== undefined) this.#post(this.#link, encodeMessage(cancelMessage(id)));
    pending.reject(reason);
  }

  #hangUp(link: Link, error: Error): void {
    this.#link = undefined;
    link.watch?.close();
    link.transport?.close();
    link.end();
    this.#rejectAll(error);
  }

  #lose(link: Link, error: unknown): void {
    link.watch?.close();
    link.end();
    if (this.#link !== link) return;
    this.#link = undefined;
    if (link.isLeaving) this.#rejectAllBut(({ isForNext }) => isForNext, closedBy(error));
    if (this.#pending.size === 0) return;
    if (link.isLeaving) {
      this.#connect();
      return;
    }
    const wasOpen = link.transport !== undefined;
    if (wasOpen && !link.isGreeted && this.#reopenings < MAX_REOPENINGS) {
      this.#reopenings++;
      this.#connect();
      return;
    }
    const isExplained = !wasOpen || error instanceof ConnectionError;
    this.#rejectAll(isExplained ? error : closedBy(error));
  }

  #rejectAll(error: unknown): void {
    this.#rejectAllBut(() => false, error);
  }

  #rejectAllBut(isKept: (pending: Pending) => boolean, error: unknown): void {
    for (const [id, pending] of [...this.#pending]) if (!isKept(pending)) this.#take(id)?.reject(error);
  }
}

function closedBy(cause: unknown): ConnectionError {
  return new ConnectionError('the daemon closed the connection', { cause });
}

function encodeRequest(id: RequestId, method: string, params: unknown): string {
  const line = encodeMessage(requestMessage(id, method, params));
  const bytes = tooManyBytes(line);
  if (bytes === undefined) return line;
  throw new RequestError(
    'INVALID_INPUT',
    `the request has ${bytes} bytes; ${MAX_MESSAGE_BYTES} is the limit`,
    {
      suggestion: 'Send it in parts.',
    },
  );
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers(): { promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
