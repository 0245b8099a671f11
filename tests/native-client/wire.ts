/** The native client's side of its conversation with the daemon, said byte by byte. */
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { encodeFrame, type Frame, FrameReader, frames } from '../../apps/daemon/src/commands/frames.ts';
import { buildId } from '../../apps/native-client/build.mjs';
import { VERSION } from '../../packages/protocol/src/index.ts';
import type { Pilotty } from '../harness/pilotty.ts';

export { frames };

export interface Hello {
  cwd?: string;
  build?: string;
  words: (string | Buffer)[];
  env?: Record<string, string>;
}

/** The build that the daemon's program says it is. */
export const BUILD: string = `${VERSION} ${buildId()}`;

export class Wire {
  readonly socket: Socket;
  readonly received: Frame[] = [];
  readonly closed: Promise<void>;
  #arrived: () => void = () => {};

  constructor(pilotty: Pilotty) {
    const reader = new FrameReader();
    this.socket = createConnection(join(pilotty.socketDir, 'pilotty.sock'));
    this.socket.on('error', () => {});
    this.socket.on('data', (bytes) => {
      this.received.push(...reader.push(bytes));
      this.#arrived();
    });
    this.closed = new Promise((resolve) =>
      this.socket.once('close', () => {
        resolve();
        this.#arrived();
      }),
    );
  }

  hello(pilotty: Pilotty, { build: id = BUILD, words, env = pilotty.env, cwd = pilotty.home }: Hello): void {
    const fixed = Buffer.alloc(12);
    fixed.writeUInt16LE(0o022, 2);
    fixed.writeUInt32LE(words.length, 4);
    fixed.writeUInt32LE(process.pid, 8);
    const environment = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const strings = [id, cwd, '', ...words, ...environment];
    const payload = [fixed, ...strings.flatMap((text) => [Buffer.from(text as string), Buffer.of(0)])];
    this.socket.write(encodeFrame(0, Buffer.concat(payload)));
  }

  send(kind: number, payload?: Uint8Array): void {
    this.socket.write(encodeFrame(kind, payload));
  }

  /** The next frame of one of the kinds; undefined when the connection ended before. */
  async next(...kinds: number[]): Promise<Frame | undefined> {
    for (;;) {
      const at = this.received.findIndex((frame) => kinds.includes(frame.kind));
      if (at !== -1) return this.received.splice(at, 1)[0];
      if (this.socket.closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}
