/**
 * A connection to the daemon that counts answers: each request has exactly one, after its parts, and none has an id that
 * was not asked with. The product's own client would not notice an answer too many.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { MethodName, Params, Result, StreamEvent } from '../../packages/client/src/index.ts';
import {
  cancelMessage,
  encodeMessage,
  LineSplitter,
  PROTOCOL,
  parseServerMessage,
  requestErrorOf,
  requestMessage,
  VERSION,
} from '../../packages/protocol/src/index.ts';
import type { Ledger } from './ledger.ts';

/** The connection was cut on purpose: whether the request was executed is not known. */
export class Cut extends Error {}

interface Open {
  method: string;
  onEvent: ((event: never) => void) | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const HELLO_ID = 0;

export class CheckedConnection {
  readonly #socket: net.Socket;
  readonly #ledger: Ledger;
  readonly #lines = new LineSplitter();
  readonly #open = new Map<number, Open>();
  #nextId = HELLO_ID + 1;
  #isCut = false;

  private constructor(socket: net.Socket, ledger: Ledger) {
    this.#socket = socket;
    this.#ledger = ledger;
    socket.on('data', (chunk: Buffer) => {
      for (const line of this.#lines.push(chunk)) this.#read(line);
    });
    socket.on('error', (error) => this.#ended(error));
    socket.on('close', () => this.#ended(new Error('the daemon closed the connection')));
  }

  static async open(path: string, ledger: Ledger): Promise<CheckedConnection> {
    const socket = net.connect(path);
    await once(socket, 'connect');
    const connection = new CheckedConnection(socket, ledger);
    await connection.#ask(HELLO_ID, 'hello', { protocol: PROTOCOL, version: VERSION });
    return connection;
  }

  /** @throws RequestError as the daemon answered it; Cut */
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: { onEvent?: (event: StreamEvent<M>) => void } = {},
  ): Promise<Result<M>> {
    return this.#ask(this.#nextId++, method, params, options.onEvent) as Promise<Result<M>>;
  }

  /** Waits for what never comes, until the function is called that this returns: what is cancelled has no answer. */
  waitInVain(params: Params<'session.wait'>): () => void {
    const id = this.#nextId++;
    this.#ask(id, 'session.wait', params).then(
      () => this.#ledger.fault('a wait for what never came was answered'),
      (error: unknown) => {
        if (!(error instanceof Cut)) this.#ledger.fault(`a wait for what never came: ${error}`);
      },
    );
    return () => {
      const open = this.#open.get(id);
      if (open === undefined) return;
      this.#open.delete(id);
      this.#giveUp(open.reject);
      this.#socket.write(encodeMessage(cancelMessage(id)));
    };
  }

  /** As a client that is stopped: nothing is read until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** As a client that is killed: what it has asked is not waited for. */
  cut(): void {
    this.#isCut = true;
    this.#socket.destroy();
    this.#ended(new Cut('cut'));
  }

  #ask(id: number, method: string, params: unknown, onEvent?: (event: never) => void): Promise<unknown> {
    this.#ledger.asked += 1;
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#isCut) return this.#giveUp(reject);
      this.#open.set(id, { method, onEvent, resolve, reject });
      this.#socket.write(encodeMessage(requestMessage(id, method, params)));
    });
    // An act that asks twice may be cut before it waits for the first answer; the ledger knows of each.
    answer.catch(() => {});
    return answer;
  }

  #giveUp(reject: (error: Error) => void): void {
    this.#ledger.cut += 1;
    reject(new Cut('cut'));
  }

  #read(line: string): void {
    const message = parseServerMessage(line);
    const id = 'method' in message ? message.params.id : message.id;
    const open = typeof id === 'number' ? this.#open.get(id) : undefined;
    if (open === undefined) {
      this.#ledger.fault(`an answer to nothing that is open: ${line.slice(0, 300)}`);
      return;
    }
    if ('method' in message) {
      open.onEvent?.(message.params.event as never);
      return;
    }
    this.#open.delete(id as number);
    this.#ledger.answered += 1;
    if ('error' in message) {
      const error = requestErrorOf(message);
      this.#ledger.refusal(error);
      open.reject(error);
    } else open.resolve(message.result);
  }

  #ended(error: Error): void {
    const isWanted = this.#isCut;
    for (const { method, reject } of this.#open.values()) {
      if (isWanted) this.#giveUp(reject);
      else {
        this.#ledger.fault(`${method} was not answered: ${error.message}`);
        reject(error);
      }
    }
    this.#open.clear();
  }
}
