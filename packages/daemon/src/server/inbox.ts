/**
 * What one client has sent, at the pace at which it can be answered.
 *
 * Requests begin in the order they came, one after the other and for a few milliseconds at a time; then the
 * event loop serves other clients. None begins while too many are open, or while the client leaves answers
 * unread; then the socket is soon read no further. What waits is bounded in count and in bytes, and nothing of it
 * begins once the client has left. A notification,
 * such as `cancel`, does not wait: it takes effect when it is read, on requests that wait too.
 */
import { parseRequest, type ReceivedRequest, RequestError, type RequestId } from '@pilotty/protocol';
import {
  MAX_PENDING_BYTES,
  MAX_PENDING_REQUESTS,
  MAX_WAITING_BYTES,
  MAX_WAITING_REQUESTS,
} from '../limits.ts';

/** Longer, and other clients feel one that sends many requests at once. */
const TURN_MS = 4;

export type Received = ReceivedRequest | RequestError;

export interface Client {
  /** Answers that were sent and have not been read fill the socket. */
  readonly isCongested: boolean;
  /** Whether it has left. While the socket is not read, nothing else says so. */
  isGone(): boolean;
  pause(): void;
  resume(): void;
  /** Begins a request, or refuses it; of one that takes longer, `began()` and `finished()` are called. */
  begin(received: Received, bytes: number): void;
  notified(message: ReceivedRequest): void;
  /** What was answered since the last time can be written: others have their turn, or there is nothing more to begin. */
  turnEnded(): void;
}

export class Inbox {
  readonly #client: Client;
  #lines: string[] = [];
  /** Read, and not begun. */
  #waiting: { received: Received; bytes: number }[] = [];
  #waitingBytes = 0;
  #open = 0;
  #openBytes = 0;
  /** A turn is under way: until all there is has begun, or waits. */
  #isWorking = false;
  #turnEndsAt = 0;
  /** A request has begun, and its answer may come at once. */
  #isAwaitingAnswer = false;
  #isTickComing = false;
  #isPaused = false;
  #isClosed = false;

  constructor(client: Client) {
    this.#client = client;
  }

  push(lines: string[]): void {
    if (this.#isClosed || lines.length === 0) return;
    if (this.#lines.length === 0) this.#lines = lines;
    else this.#lines.push(...lines);
    this.goOn();
  }

  /** Something may have changed: an answer was sent, or read. */
  goOn(): void {
    if (this.#isWorking || this.#isClosed) return;
    if (this.#lines.length === 0 && this.#waiting.length === 0 && !this.#isPaused) return;
    this.#isWorking = true;
    this.#turnEndsAt = performance.now() + TURN_MS;
    this.#work();
  }

  /** A request that began counts until `finished`. */
  began(bytes: number): void {
    this.#open += 1;
    this.#openBytes += bytes;
  }

  finished(bytes: number): void {
    this.#open -= 1;
    this.#openBytes -= bytes;
    if (this.#isAwaitingAnswer) this.#goOnInTurn();
    else this.goOn();
  }

  /** Requests are being begun; `turnEnded()` will be called. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** Something was sent along that has not begun. */
  get hasMore(): boolean {
    return this.#lines.length > 0 || this.#waiting.length > 0;
  }

  /** The request that comes next, if it was sent along. */
  peek(): Received | undefined {
    const line = this.#lines[0];
    return this.#waiting[0]?.received ?? (line === undefined ? undefined : parseRequest(line));
  }

  /** @returns whether a request with this id was waiting; it never begins. */
  withdraw(id: RequestId): boolean {
    const index = this.#waiting.findIndex(({ received }) => 'id' in received && received.id === id);
    if (index === -1) return false;
    const [withdrawn] = this.#waiting.splice(index, 1);
    this.#waitingBytes -= withdrawn?.bytes ?? 0;
    return true;
  }

  /** Nothing begins any more. */
  close(): void {
    this.#isClosed = true;
    this.#lines = [];
    this.#waiting = [];
  }

  #work(): void {
    for (;;) {
      const open = this.#open;
      if (!this.#step()) {
        this.#endTurn();
        return;
      }
      // Whether an answer fills the socket is known once it is there: most are at once.
      if (this.#open > open) {
        this.#awaitAnswer();
        return;
      }
      if (performance.now() >= this.#turnEndsAt) {
        this.#letOthers();
        return;
      }
    }
  }

  /** Goes on when a request has been answered, and at the latest when all is done that needs no event of the loop. */
  #awaitAnswer(): void {
    this.#isAwaitingAnswer = true;
    if (this.#isTickComing) return;
    this.#isTickComing = true;
    queueTick(() => {
      this.#isTickComing = false;
      if (this.#isAwaitingAnswer) this.#goOnInTurn();
    });
  }

  #goOnInTurn(): void {
    this.#isAwaitingAnswer = false;
    if (performance.now() < this.#turnEndsAt) this.#work();
    else this.#letOthers();
  }

  #letOthers(): void {
    this.#client.turnEnded();
    this.#pause();
    setImmediate(() => {
      if (this.#client.isGone()) this.close();
      this.#turnEndsAt = performance.now() + TURN_MS;
      this.#work();
    });
  }

  #endTurn(): void {
    this.#isWorking = false;
    this.#client.turnEnded();
    if (this.#isClosed) return;
    if (this.#lines.length > 0 || this.#isFull) this.#pause();
    else if (this.#isPaused) {
      this.#isPaused = false;
      this.#client.resume();
    }
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#client.pause();
  }

  /** @returns whether there was anything to do. */
  #step(): boolean {
    if (this.#isClosed) return false;
    if (!this.#isHeldUp) {
      const next = this.#waiting.shift();
      if (next) {
        if (this.#client.isGone()) this.close();
        if (this.#isClosed) return false;
        this.#waitingBytes -= next.bytes;
        this.#client.begin(next.received, next.bytes);
        return true;
      }
    }
    if (this.#isFull) return false;
    const line = this.#lines.shift();
    if (line === undefined) return false;
    this.#read(line);
    return true;
  }

  #read(line: string): void {
    const received = parseRequest(line);
    const bytes = line.length;
    if (!(received instanceof RequestError) && received.id === undefined) this.#client.notified(received);
    else if (this.#isHeldUp) {
      this.#waiting.push({ received, bytes });
      this.#waitingBytes += bytes;
    } else this.#client.begin(received, bytes);
  }

  get #isHeldUp(): boolean {
    return (
      this.#client.isCongested ||
      this.#open >= MAX_PENDING_REQUESTS ||
      (this.#open > 0 && this.#openBytes >= MAX_PENDING_BYTES)
    );
  }

  get #isFull(): boolean {
    return this.#waiting.length >= MAX_WAITING_REQUESTS || this.#waitingBytes >= MAX_WAITING_BYTES;
  }
}

/** Calls back once everything is done that needs no event of the loop. */
function queueTick(callback: () => void): void {
  // Called from an event, a tick alone would come before what is awaited.
  void Promise.resolve().then(() => process.nextTick(callback));
}
