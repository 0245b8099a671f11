/**
 * The way to a server as a test wants it: long, losing packets, silent, or cut. TCP hides a lost packet by sending it again
 * later, so to those who speak over it a loss is bytes that come late, and all that is behind them with them.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What waits on the way; a program that sends more is held back, as by a full window. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

interface Way {
  from: Socket;
  to: Socket;
  waiting: { bytes: Buffer; due: number }[];
  waitingBytes: number;
  timer: NodeJS.Timeout | undefined;
}

export class Wire {
  readonly #server: Server;
  readonly #target: () => number;
  readonly #ways = new Set<Way>();
  #delayMs = 0;
  #loss: { every: number; lateMs: number } | undefined;
  #isSilent = false;
  #chunks = 0;

  /** @param target the port that it leads to, on loopback, which may change */
  constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    const { port } = this.#server.address() as { port: number };
    return `nats://127.0.0.1:${port}`;
  }

  /** Each way takes so long; of so many pieces one is lost, and comes so much later. */
  setLine(delayMs: number, loss?: { every: number; lateMs: number }): void {
    this.#delayMs = delayMs;
    this.#loss = loss;
  }

  /** Nothing gets through, and nobody is told: as where a cable is pulled. */
  silence(): void {
    this.#isSilent = true;
  }

  /** What was sent meanwhile arrives, unless the connection was `cut`. */
  heal(): void {
    this.#isSilent = false;
    for (const way of this.#ways) this.#carry(way);
  }

  /** All connections end, and what was on its way is lost. */
  cut(): void {
    for (const { from, to } of this.#ways) {
      from.resetAndDestroy();
      to.resetAndDestroy();
    }
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #join(near: Socket): void {
    const far = connect(this.#target(), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const way: Way = { from, to, waiting: [], waitingBytes: 0, timer: undefined };
      this.#ways.add(way);
      from.on('data', (bytes: Buffer) => this.#take(way, bytes));
      from.on('error', () => {});
      from.once('close', () => {
        clearTimeout(way.timer);
        this.#ways.delete(way);
        to.destroy();
      });
    }
  }

  #take(way: Way, bytes: Buffer): void {
    this.#chunks++;
    const lateMs = this.#loss !== undefined && this.#chunks % this.#loss.every === 0 ? this.#loss.lateMs : 0;
    const due = Math.max(performance.now() + this.#delayMs + lateMs, way.waiting.at(-1)?.due ?? 0);
    way.waiting.push({ bytes, due });
    way.waitingBytes += bytes.length;
    if (way.waitingBytes > MAX_WAITING_BYTES) way.from.pause();
    this.#carry(way);
  }

  #carry(way: Way): void {
    clearTimeout(way.timer);
    if (this.#isSilent) return;
    for (;;) {
      const [next] = way.waiting;
      if (next === undefined) break;
      const inMs = next.due - performance.now();
      if (inMs > 0) {
        way.timer = setTimeout(() => this.#carry(way), inMs);
        return;
      }
      way.waiting.shift();
      way.waitingBytes -= next.bytes.length;
      way.to.write(next.bytes);
    }
    way.from.resume();
  }
}
