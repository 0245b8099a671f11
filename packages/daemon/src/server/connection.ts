/**
 * One client: lines in, answers out. Requests begin in the order they came and run side by side, at the pace
 * at which the client reads the answers; a connection that closes aborts them all.
 *
 * The first message must be `hello`; requests sent along with it are answered after it.
 *
 * Answers of one turn are one write: a write costs more than many a request.
 */
import type { Duplex } from 'node:stream';
import {
  ALWAYS_ANSWERED,
  cancelledId,
  duplicateId,
  encodeMessage,
  errorMessage,
  type Hello,
  type HelloAnswer,
  LineSplitter,
  type Message,
  PROTOCOL,
  type ReceivedRequest,
  RequestError,
  type RequestId,
  resultMessage,
  streamMessage,
  tooManyBytes,
  VERSION,
} from '@pilotty/protocol';
import { answerTooLong } from '../answer-too-long.ts';
import { Call, type Caller, Cancellation } from '../call.ts';
import { ClientIdentity } from '../client-identity.ts';
import type { Log } from '../log.ts';
import { isOutOfDescriptors, outOfDescriptors } from '../no-descriptors.ts';
import { type Announcing, until } from '../until.ts';
import type { Answering } from './answering.ts';
import { COMMAND_BYTE, type CommandConnection } from './command-host.ts';
import { hasHungUp } from './hang-up.ts';
import { Inbox, type Received } from './inbox.ts';
import { KeysTogether } from './keys-together.ts';
import { RequestLog } from './request-log.ts';
import { upgraded } from './upgraded.ts';

/** Answers are gathered up to this length: Node's own bound for what a socket may hold before it says "enough". */
const GATHERED_LENGTH = 16 * 1024;

/** How often a client whose socket is not read is checked for having left: one system call. */
const LOOK_FOR_HANG_UP_MS = 500;

/** Methods for a connection beyond the limit: enough to end what uses the others. */
const RESCUE_METHODS: readonly string[] = [
  ...ALWAYS_ANSWERED,
  'daemon.gc',
  'session.list',
  'session.kill',
  'session.signal',
];

export interface ConnectionOptions {
  /** Set beyond the limit: only RESCUE_METHODS are answered, and this is the reason for all others. */
  shortage?: string | undefined;
  /** Whether what is read now may have been sent long ago. */
  isAfterStall?: (() => boolean) | undefined;
}

/** A request that its client may cancel. */
interface Pending {
  cancellation: Cancellation;
  call: Call;
}

/** A request that has been asked of the daemon. */
interface Begun<Answer> {
  method: string;
  bytes: number;
  /** As RequestLog has it. */
  began: number;
  answer: Answer;
}

export class Connection {
  readonly #socket: Duplex;
  readonly #daemon: Answering;
  readonly #log: Log;
  readonly #requests: RequestLog;
  readonly #shortage: string | undefined;
  readonly #isAfterStall: () => boolean;
  readonly #lines = new LineSplitter();
  readonly #inbox: Inbox;
  readonly #pending = new Map<RequestId, Pending>();
  readonly #keys = new KeysTogether();
  #greeting: HelloAnswer | undefined;
  /** Who has greeted. */
  #client = new ClientIdentity();
  /** The connection carries a command line instead of messages. */
  #command: CommandConnection | undefined;
  #drained: Promise<void> | undefined;
  /** Runs while the socket is not read. */
  #lookForHangUp: NodeJS.Timeout | undefined;
  /** The client was there in this turn of the event loop. */
  #isSeen = false;
  /** Answers that are written together, at the end of this turn at the latest. */
  #gathered = '';
  /** The client's protocol. */
  #speaks = PROTOCOL;

  constructor(socket: Duplex, daemon: Answering, log: Log, options: ConnectionOptions = {}) {
    this.#socket = socket;
    this.#daemon = daemon;
    this.#log = log;
    this.#requests = new RequestLog(log);
    this.#shortage = options.shortage;
    this.#isAfterStall = options.isAfterStall ?? (() => false);
    this.#inbox = new Inbox({
      get isCongested() {
        return socket.writableNeedDrain;
      },
      isGone: () => this.isGone,
      pause: () => this.#stopReading(),
      resume: () => this.#goOnReading(),
      begin: (received, bytes) => this.#begin(received, bytes),
      notified: ({ method, params }) => {
        if (method === 'cancel') this.#cancel(params);
      },
      turnEnded: () => {
        this.#answerHeld();
        this.#writeGathered();
      },
    });
    socket.once('data', (bytes: Buffer) => this.#first(bytes));
    socket.on('drain', () => this.#inbox.goOn());
    // 'close' follows.
    socket.on('error', (error) => log.debug({ error: error.message }, 'connection broke'));
    socket.on('close', () => this.#closed());
  }

  get isGreeted(): boolean {
    return this.#command?.isGreeted ?? this.#greeting !== undefined;
  }

  get isCommand(): boolean {
    return this.#command !== undefined;
  }

  /** Refuses what is open and goes on in another daemon, and says how. */
  handOver(): void {
    for (const [id, { cancellation, call }] of this.#pending) {
      if (call.continuation === undefined || cancellation.isOver) continue;
      this.#fail(id, upgraded(call));
      cancellation.cancel();
    }
  }

  /** Ends the connection once everything already answered has been sent. */
  close(): void {
    if (this.#command) {
      this.#command.close();
      return;
    }
    this.#writeGathered();
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #first(bytes: Buffer): void {
    const host = this.#shortage === undefined ? this.#daemon.commandHost : undefined;
    if (bytes[0] === COMMAND_BYTE && host)
      this.#command = host.open(this.#socket, bytes, this.#daemon, this.#log);
    else {
      this.#socket.on('data', (more) => this.#received(more));
      this.#received(bytes);
    }
  }

  #stopReading(): void {
    this.#socket.pause();
    // The socket breaks where it is gone, and 'close' follows.
    this.#lookForHangUp ??= setInterval(() => hasHungUp(this.#socket), LOOK_FOR_HANG_UP_MS);
  }

  #goOnReading(): void {
    clearInterval(this.#lookForHangUp);
    this.#lookForHangUp = undefined;
    this.#socket.resume();
  }

  /** The client has left; known without delay also while its socket is not read. */
  get isGone(): boolean {
    if (this.#lookForHangUp === undefined || this.#isSeen || this.#socket.destroyed)
      return this.#socket.destroyed;
    if (hasHungUp(this.#socket)) return true;
    // Each look is a system call, and of many requests in one turn each asks several times.
    this.#isSeen = true;
    process.nextTick(() => {
      this.#isSeen = false;
    });
    return false;
  }

  #received(bytes: Buffer): void {
    // Its end comes after what it sent: nothing of that is done for a client that has given up meanwhile.
    if (this.#isAfterStall() && hasHungUp(this.#socket)) {
      this.destroy();
      return;
    }
    try {
      this.#inbox.push(this.#lines.push(bytes));
    } catch (error) {
      this.#hangUp(null, new RequestError('INVALID_INPUT', `Not a message: ${(error as Error).message}`));
    }
  }

  #begin(received: Received, bytes: number): void {
    if (this.#holds(received, bytes)) return;
    this.#answerHeld();
    if (received instanceof RequestError) this.#fail(null, received);
    else if (received.id !== undefined) this.#answer(received.id, received, bytes);
  }

  /** @returns whether it is answered later in this turn, with others */
  #holds(received: Received, bytes: number): boolean {
    const keys = this.#keys;
    if (this.#greeting === undefined || this.#daemon.answerKeys === undefined) return false;
    if (received instanceof RequestError || received.id === undefined || !keys.takes(received)) return false;
    if (this.#pending.has(received.id) || (keys.isEmpty && !this.#inbox.hasMore)) return false;
    if ((received.refusal ?? this.#refusal(received.method)) !== undefined) return false;
    keys.hold({ id: received.id, request: received, bytes });
    if (keys.isFull || !this.#inbox.hasMore) this.#answerHeld();
    return true;
  }

  #answerHeld(): void {
    if (this.#keys.isEmpty) return;
    const held = this.#keys.release();
    const began = this.#requests.began();
    const asked = held.map(({ id, request: { method, params } }) => ({
      params,
      ...this.#asking(id, method),
    }));
    const answers = (held.length > 1 && this.#daemon.answerKeys?.(asked)) || [];
    for (const [index, { id, request, bytes }] of held.entries()) {
      const pending = asked[index];
      if (index >= answers.length || pending === undefined) this.#run(id, request, bytes);
      else this.#goOn(id, pending, { method: request.method, bytes, began, answer: answers[index] });
    }
  }

  #asking(id: RequestId, method: string): Pending {
    const cancellation = new Cancellation();
    return { cancellation, call: new Call(new Asker(this, id, method, this.#client), cancellation) };
  }

  #answer(id: RequestId, message: ReceivedRequest, bytes: number): void {
    const refusal = this.#greeting && (message.refusal ?? this.#refusal(message.method));
    if (!this.#greeting) this.#greet(id, message);
    else if (refusal) this.#fail(id, refusal);
    else this.#run(id, message, bytes);
  }

  #greet(id: RequestId, message: ReceivedRequest): void {
    if (message.method !== 'hello') {
      this.#hangUp(id, new RequestError('INVALID_INPUT', "The first message must be 'hello'"));
      return;
    }
    const next = this.#inbox.peek();
    if (this.#shortage && !(next && 'method' in next && RESCUE_METHODS.includes(next.method))) {
      this.#hangUp(id, noMoreConnections(this.#shortage));
      return;
    }
    try {
      this.#greeting = this.#daemon.greet(message.params);
    } catch (error) {
      this.#hangUp(id, error);
      return;
    }
    this.#gather(encodeMessage(resultMessage(id, this.#greeting)));
    const { protocol, client } = message.params as Hello;
    this.#speaks = protocol;
    this.#client = new ClientIdentity(client);
  }

  #refusal(method: string): RequestError | undefined {
    if (this.#shortage && !RESCUE_METHODS.includes(method)) return noMoreConnections(this.#shortage);
    if (this.#greeting?.stepping_down) {
      return new RequestError('DAEMON_UNREACHABLE', 'This daemon is stopping', {
        suggestion: 'Try again: the next connection finds a new daemon.',
      });
    }
    if (this.#speaks !== PROTOCOL && !ALWAYS_ANSWERED.includes(method)) {
      const message = `The daemon (version ${VERSION}) speaks protocol ${PROTOCOL}, you speak ${this.#speaks}`;
      return new RequestError('PROTOCOL_MISMATCH', message);
    }
    return undefined;
  }

  #run(id: RequestId, { method, params }: ReceivedRequest, bytes: number): void {
    if (this.#pending.has(id)) {
      this.#fail(id, duplicateId(id));
      return;
    }
    const pending = this.#asking(id, method);
    const began = this.#requests.began();
    try {
      const answer = this.#daemon.answer(method, params, pending.call);
      this.#goOn(id, pending, { method, bytes, began, answer });
    } catch (error) {
      this.#fail(id, error);
      this.#requests.refused(method, began, error);
    }
  }

  #goOn(id: RequestId, pending: Pending, begun: Begun<unknown>): void {
    const { method, began, answer } = begun;
    if (answer instanceof Promise) void this.#runOn(id, pending, { ...begun, answer });
    else this.#answered(id, method, answer, began);
  }

  /** It must be waited for: only then it is open, and can be cancelled. */
  async #runOn(
    id: RequestId,
    pending: Pending,
    { method, bytes, began, answer }: Begun<Promise<unknown>>,
  ): Promise<void> {
    this.#pending.set(id, pending);
    this.#inbox.began(bytes);
    try {
      const result = await answer;
      if (!pending.cancellation.isOver) this.#answered(id, method, result, began);
      else this.#requests.answered(method, began);
    } catch (error) {
      if (!pending.cancellation.isOver) this.#fail(id, error);
      this.#requests.refused(method, began, error);
    } finally {
      this.#pending.delete(id);
      this.#inbox.finished(bytes);
    }
  }

  #answered(id: RequestId, method: string, result: unknown, began: number): void {
    this.#gather(encoded(resultMessage(id, result), method));
    this.#requests.answered(method, began);
  }

  #cancel(params: object): void {
    const id = cancelledId(params);
    if (id !== undefined && !this.#inbox.withdraw(id)) this.#pending.get(id)?.cancellation.cancel();
  }

  /** Refuses, and ends the connection: nothing that was sent after it begins. */
  #hangUp(id: RequestId | null, error: unknown): void {
    this.#inbox.close();
    this.#fail(id, error);
    this.close();
  }

  #fail(id: RequestId | null, error: unknown): void {
    const known = error instanceof RequestError ? error : this.#fault(error);
    this.#gather(encodeMessage(errorMessage(id, known.toBody(), known.rpcCode)));
  }

  #fault(error: unknown): RequestError {
    if (isOutOfDescriptors(error)) return outOfDescriptors('Not done, or not all of it', error);
    this.#log.error({ err: error }, 'unhandled error in request handler');
    return new RequestError('INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
  }

  /** Sends it soon: with what else is answered in this turn, or before Node turns to anything new. */
  #gather(line: string): void {
    if (this.#gathered === '' && !this.#inbox.isWorking) process.nextTick(() => this.#writeGathered());
    this.#gathered += line;
    if (this.#gathered.length >= GATHERED_LENGTH) this.#writeGathered();
  }

  #writeGathered(): void {
    const text = this.#gathered;
    this.#gathered = '';
    if (text !== '' && !this.#socket.destroyed) this.#socket.write(text);
  }

  /** Resolves when the client can take more. */
  ready(): Promise<void> {
    return this.#socket.writableNeedDrain ? this.#whenDrained() : Promise.resolve();
  }

  /** Sends it now; resolves when the client can take more, or has disconnected. */
  send(line: string): Promise<void> {
    this.#writeGathered();
    if (this.#socket.destroyed || this.#socket.write(line)) return Promise.resolve();
    return this.#whenDrained();
  }

  #whenDrained(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    // One for all who wait: a client may follow hundreds of sessions.
    this.#drained ??= until(drainsOf(this.#socket), () => !this.#socket.writableNeedDrain).then(() => {
      this.#drained = undefined;
    });
    return this.#drained;
  }

  #closed(): void {
    clearInterval(this.#lookForHangUp);
    this.#inbox.close();
    for (const { cancellation } of this.#pending.values()) cancellation.cancel();
    this.#pending.clear();
    this.#client.leave();
  }
}

/** Emitted when the socket can take more; what is written after its close is dropped. */
function drainsOf(socket: Duplex): Announcing {
  return {
    watch(listener) {
      socket.on('drain', listener).on('close', listener);
      return () => socket.off('drain', listener).off('close', listener);
    },
  };
}

/** A client, as one of its requests needs to know it. A class, because three functions of its own cost more to make. */
class Asker implements Caller {
  readonly #connection: Connection;
  readonly #id: RequestId;
  readonly #method: string;
  readonly client: ClientIdentity;

  constructor(connection: Connection, id: RequestId, method: string, client: ClientIdentity) {
    this.client = client;
    this.#connection = connection;
    this.#id = id;
    this.#method = method;
  }

  isGone(): boolean {
    return this.#connection.isGone;
  }

  async emit(event: unknown): Promise<void> {
    await this.#connection.send(encoded(streamMessage(this.#id, event), this.#method));
  }

  ready(): Promise<void> {
    return this.#connection.ready();
  }
}

/** @throws RequestError LIMIT_REACHED for what a client would not take: it would end the connection. */
function encoded(message: Message, method: string): string {
  let line: string;
  try {
    line = encodeMessage(message);
  } catch (error) {
    // The longest text there can be is half a gigabyte.
    if (error instanceof RangeError) throw answerTooLong(method);
    throw error;
  }
  if (tooManyBytes(line) !== undefined) throw answerTooLong(method);
  return line;
}

function noMoreConnections(shortage: string): RequestError {
  return new RequestError('LIMIT_REACHED', shortage, {
    suggestion:
      "End sessions with 'pilotty kill -s NAME', or programs that stay connected, such as 'pilotty events'; kill, stop, info and list-sessions are still answered.",
  });
}
