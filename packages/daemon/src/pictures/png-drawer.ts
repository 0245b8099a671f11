/**
 * Has pictures drawn in a thread of their own, one after the other, in the order in which they were asked for. The
 * thread ends when there has been nothing to draw for a while.
 *
 * What waits is bounded in count and in size, and dropped when its client leaves: a picture takes a second to draw and
 * some megabytes to keep, and is asked for in a line.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { RequestError } from '@pilotty/protocol';
import type { Picture, ThemeName } from '@pilotty/terminal';
import type { Until } from '../call.ts';
import { MAX_PICTURE_CELLS, MAX_PICTURES } from '../limits.ts';

export interface PngJob {
  picture: Picture;
  theme: ThemeName;
}

export interface DrawnPng {
  png?: Uint8Array;
  problem?: string;
}

/** The thread, as far as it matters here. */
interface Drawing {
  postMessage(job: PngJob): void;
  terminate(): Promise<unknown>;
  on(event: 'message', listener: (drawn: DrawnPng) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

interface Waiting {
  job: PngJob;
  cells: number;
  resolve(png: Uint8Array): void;
  reject(error: Error): void;
}

/** The fonts and the rasteriser take some 40 MB while the thread lives. */
const IDLE_MS = 10_000;

export class PngDrawer {
  readonly #startThread: () => Drawing;
  /** Those asked for and not drawn, the oldest first: that one is being drawn. */
  readonly #waiting: Waiting[] = [];
  #cells = 0;
  #thread: Drawing | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(startThread: () => Drawing = startWorker) {
    this.#startThread = startThread;
  }

  /** How many are being drawn or wait for that. */
  get count(): number {
    return this.#waiting.length;
  }

  /**
   * @param until drops the picture where it has not been begun
   * @throws RequestError LIMIT_REACHED when too many wait
   */
  draw(picture: Picture, theme: ThemeName, until: Pick<Until, 'whenOver'>): Promise<Uint8Array> {
    const cells = picture.cols * picture.rows.length;
    const isRoom = this.#waiting.length < MAX_PICTURES && this.#cells + cells <= MAX_PICTURE_CELLS;
    // The largest there is can always be drawn when it is the only one.
    if (!isRoom && this.#waiting.length > 0) throw tooMany(this.#waiting.length);
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { job: { picture, theme }, cells, resolve, reject };
      this.#waiting.push(waiting);
      this.#cells += cells;
      const stopWatching = until.whenOver(() => {
        if (this.#waiting[0] !== waiting) this.#take(waiting)?.reject(new Error('The client has left'));
      });
      waiting.resolve = (png) => {
        stopWatching();
        resolve(png);
      };
      if (this.#waiting.length === 1) this.#drawNext();
    });
  }

  #drawNext(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#idle = setTimeout(() => void this.close(), IDLE_MS);
      return;
    }
    this.#thread ??= this.#start();
    this.#thread.postMessage(next.job);
  }

  #start(): Drawing {
    const thread = this.#startThread();
    thread.on('message', (drawn) => this.#drawn(drawn));
    thread.on('error', (error) => this.#failed(error));
    return thread;
  }

  #drawn({ png, problem }: DrawnPng): void {
    const drawn = this.#take(this.#waiting[0]);
    if (png) drawn?.resolve(png);
    else drawn?.reject(new Error(`The picture could not be drawn: ${problem}`));
    this.#drawNext();
  }

  #take(waiting: Waiting | undefined): Waiting | undefined {
    const index = waiting === undefined ? -1 : this.#waiting.indexOf(waiting);
    if (index === -1) return undefined;
    const [taken] = this.#waiting.splice(index, 1);
    this.#cells -= taken?.cells ?? 0;
    return taken;
  }

  #failed(error: Error): void {
    this.#thread = undefined;
    this.#cells = 0;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}

function startWorker(): Drawing {
  return new Worker(path.join(import.meta.dirname, 'pilotty-png-worker.cjs'));
}

function tooMany(count: number): RequestError {
  return new RequestError('LIMIT_REACHED', `${count} pictures wait to be drawn already: no more fit`, {
    suggestion:
      'Ask again when some are drawn, each takes about a second; --format text, html and svg are answered at once.',
  });
}
