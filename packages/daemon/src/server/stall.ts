/**
 * Notices that this process stood still (it was stopped, or the machine slept), and keeps what came meanwhile
 * from being done for clients that have given up since. Their requests are read before the end of their
 * connection is; so new connections are held for a moment, in which that end shows, and one that was open before is asked
 * whether its client is there (connection.ts).
 */
import type { Socket } from 'node:net';
import { hasHungUp } from './hang-up.ts';

const TICK_MS = 2_000;
/** Clients give a daemon up that has not answered for five seconds. */
const STALL_MS = 4_500;
/** How long after a stall connections are held, and each for how long: the kernel hands over all there is in one turn. */
const AFTER_STALL_MS = 1_000;
const HOLD_MS = 20;
/** A client that goes on sending is there. */
const HELD_BYTES = 1024 * 1024;

export class StallWatch {
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);
  #tickedAtMs = performance.now();
  #stalledAtMs = Number.NEGATIVE_INFINITY;

  constructor() {
    this.#timer.unref();
  }

  #tick(): void {
    const now = performance.now();
    if (now - this.#tickedAtMs > STALL_MS) this.#stalledAtMs = now;
    this.#tickedAtMs = now;
  }

  /** Hands the socket over: at once, or after a stall when its client is still there. */
  pass(socket: Socket, open: (socket: Socket) => void): void {
    if (this.isRecent) hold(socket, open);
    else open(socket);
  }

  /** This process has just stood still: what is read now may be of clients that have left. */
  get isRecent(): boolean {
    const now = performance.now();
    return now - this.#tickedAtMs > STALL_MS || now - this.#stalledAtMs < AFTER_STALL_MS;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function hold(socket: Socket, open: (socket: Socket) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const keep = (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > HELD_BYTES) pass();
  };
  const drop = () => {
    clearTimeout(held);
    socket.destroy();
  };
  const pass = () => {
    clearTimeout(held);
    // On a busy machine the moment is over before anything was read.
    if (hasHungUp(socket)) return drop();
    socket.pause();
    socket.off('data', keep).off('end', drop).off('error', drop);
    if (chunks.length > 0) socket.unshift(Buffer.concat(chunks));
    open(socket);
    socket.resume();
  };
  const held = setTimeout(pass, HOLD_MS);
  socket.on('data', keep).on('end', drop).on('error', drop);
}
