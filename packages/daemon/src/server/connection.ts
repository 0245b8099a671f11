/**
 * One client: lines in, answers out. Requests begin in the order they came and run side by side; a
 * connection that closes aborts them all.
 *
 * The first message must be `hello`; requests sent along with it are answered after it.
 */
import type { Socket } from 'node:net';
import {
  ALWAYS_ANSWERED,
  encodeMessage,
  type HelloAnswer,
  LineSplitter,
  PROTOCOL,
  RequestError,
  type ServerMessage,
  VERSION,
} from '@pilotty/protocol';
import { type Call, Cancellation } from '../call.ts';
import { MAX_PENDING_REQUESTS } from '../limits.ts';
import type { Log } from '../log.ts';
import { readRequest, type WireRequest } from './read-request.ts';

/** What a connection needs of the daemon behind it. */
export interface Answering {
  /** Decides what a client's version means. */
  greet(hello: unknown): HelloAnswer;
  /** Validates and runs a method. */
  answer(method: string, params: unknown, call: Call): Promise<unknown>;
}

/** JSON-RPC 2.0 §5.1: server-defined errors; ours, with its own code, is in `data`. */
const APPLICATION_ERROR = -32000;

export class Connection {
  readonly #socket: Socket;
  readonly #daemon: Answering;
  readonly #log: Log;
  readonly #lines = new LineSplitter();
  readonly #pending = new Map<number, Cancellation>();
  #greeting: HelloAnswer | undefined;
  #drained: Promise<void> | undefined;
  /** The client's protocol. */
  #speaks = PROTOCOL;

  constructor(socket: Socket, daemon: Answering, log: Log) {
    this.#socket = socket;
    this.#daemon = daemon;
    this.#log = log;
    socket.on('data', (bytes) => this.#received(bytes));
    // The reason a socket broke is of no use to anyone; 'close' follows.
    socket.on('error', (error) => log.debug({ error: error.message }, 'connection broke'));
    socket.on('close', () => this.#closed());
  }

  /** Ends the connection once everything already answered has been sent. */
  close(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  #received(bytes: Buffer): void {
    let lines: string[];
    try {
      lines = this.#lines.push(bytes);
    } catch (error) {
      this.#fail(null, new RequestError('INVALID_INPUT', `Not a message: ${(error as Error).message}`));
      this.#socket.end();
      return;
    }
    for (const line of lines) this.#handle(line);
  }

  #handle(line: string): void {
    const message = readRequest(line);
    if (message instanceof RequestError) this.#fail(null, message);
    else if (message.id !== undefined) this.#answer(message.id, message);
    else if (message.method === 'cancel') this.#cancel(message.params);
  }

  #answer(id: number, message: WireRequest): void {
    const refusal = this.#greeting && this.#refusal(message.method);
    if (!this.#greeting) this.#greet(id, message);
    else if (refusal) this.#fail(id, refusal);
    else void this.#run(id, message);
  }

  #greet(id: number, message: WireRequest): void {
    if (message.method !== 'hello') {
      this.#fail(id, new RequestError('INVALID_INPUT', "The first message must be 'hello'"));
      this.#socket.end();
      return;
    }
    try {
      this.#greeting = this.#daemon.greet(message.params);
    } catch (error) {
      this.#fail(id, error);
      this.#socket.end();
      return;
    }
    void this.#say({ jsonrpc: '2.0', id, result: this.#greeting });
    this.#speaks = (message.params as { protocol: number }).protocol;
  }

  #refusal(method: string): RequestError | undefined {
    if (this.#greeting?.stepping_down) {
      return new RequestError('DAEMON_UNREACHABLE', 'This daemon is ending', {
        suggestion: 'Try again: the next connection finds a new daemon.',
      });
    }
    if (this.#speaks !== PROTOCOL && !ALWAYS_ANSWERED.includes(method)) {
      const message = `The daemon (version ${VERSION}) speaks protocol ${PROTOCOL}, you speak ${this.#speaks}`;
      return new RequestError('PROTOCOL_MISMATCH', message);
    }
    return undefined;
  }

  async #run(id: number, { method, params }: WireRequest): Promise<void> {
    if (this.#pending.has(id)) {
      return this.#fail(id, new RequestError('INVALID_INPUT', `Request ${id} is already being answered`));
    }
    const cancellation = new Cancellation();
    this.#pending.set(id, cancellation);
    if (this.#pending.size >= MAX_PENDING_REQUESTS) this.#socket.pause();
    const began = performance.now();
    const call: Call = {
      get signal() {
        return cancellation.signal;
      },
      emit: (event) => this.#say({ jsonrpc: '2.0', method: 'stream', params: { id, event } }),
    };
    try {
      const result = await this.#daemon.answer(method, params, call);
      if (!cancellation.isCancelled) void this.#say({ jsonrpc: '2.0', id, result });
      this.#log.debug({ method, ms: Math.round(performance.now() - began) }, 'answered');
    } catch (error) {
      if (!cancellation.isCancelled) this.#fail(id, error);
      const code = error instanceof RequestError ? error.code : 'INTERNAL_ERROR';
      this.#log.debug({ method, code, ms: Math.round(performance.now() - began) }, 'refused');
    } finally {
      this.#pending.delete(id);
      this.#socket.resume();
    }
  }

  #cancel(params: unknown): void {
    const id = (params as { id?: unknown } | undefined)?.id;
    if (typeof id !== 'number') return;
    this.#pending.get(id)?.cancel();
  }

  #fail(id: number | null, error: unknown): void {
    const known = error instanceof RequestError ? error : this.#fault(error);
    void this.#say({
      jsonrpc: '2.0',
      id,
      error: { code: APPLICATION_ERROR, message: known.message, data: known.toBody() },
    });
  }

  #fault(error: unknown): RequestError {
    this.#log.error({ err: error }, 'a request met a fault');
    return new RequestError('INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
  }

  /** Resolves when the client can take more; a client that is gone takes anything. */
  #say(message: ServerMessage): Promise<void> {
    if (this.#socket.destroyed || this.#socket.write(encodeMessage(message))) return Promise.resolve();
    // One for all who wait: a client may follow hundreds of sessions.
    this.#drained ??= new Promise((resolve) => {
      const done = () => {
        this.#socket.off('drain', done);
        this.#socket.off('close', done);
        this.#drained = undefined;
        resolve();
      };
      this.#socket.once('drain', done);
      this.#socket.once('close', done);
    });
    return this.#drained;
  }

  #closed(): void {
    for (const cancellation of this.#pending.values()) cancellation.cancel();
    this.#pending.clear();
  }
}
