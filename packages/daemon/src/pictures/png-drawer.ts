/** Has pictures drawn in a thread of their own, which ends when there has been nothing to draw for a while. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Picture, ThemeName } from '@pilotty/terminal';

export interface PngJob {
  id: number;
  picture: Picture;
  theme: ThemeName;
}

export interface DrawnPng {
  id: number;
  png?: Uint8Array;
  problem?: string;
}

interface Waiting {
  resolve(png: Uint8Array): void;
  reject(error: Error): void;
}

/** The fonts and the rasteriser take some 40 MB while the thread lives. */
const IDLE_MS = 10_000;

export class PngDrawer {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  draw(picture: Picture, theme: ThemeName): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    const id = ++this.#lastId;
    const job: PngJob = { id, picture, theme };
    this.#worker.postMessage(job);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #start(): Worker {
    const worker = new Worker(path.join(import.meta.dirname, 'pilotty-png-worker.cjs'));
    worker.on('message', (drawn: DrawnPng) => this.#drawn(drawn));
    worker.on('error', (error) => this.#failed(error));
    return worker;
  }

  #drawn({ id, png, problem }: DrawnPng): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (png) waiting?.resolve(png);
    else waiting?.reject(new Error(`The picture could not be drawn: ${problem}`));
    if (this.#waiting.size === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS);
  }

  #failed(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
