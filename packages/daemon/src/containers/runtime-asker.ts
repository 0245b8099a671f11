/** Runs a script in a container, through the runtime's own command, and reads what it prints; with a bound on the time and size. */
import { spawn } from 'node:child_process';
import type { Place } from './place.ts';
import { plainCommand } from './runtime-command.ts';

/** A runtime that does not answer by then is taken for one that cannot be asked; a cluster takes a second. */
const ANSWER_WITHIN_MS = 8_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

export class RuntimeAsker {
  readonly #place: Exclude<Place, { runtime: 'nsenter' }>;
  readonly #env: Readonly<Record<string, string>> | undefined;
  readonly #cwd: string;

  constructor(
    place: Exclude<Place, { runtime: 'nsenter' }>,
    env: Readonly<Record<string, string>> | undefined,
    cwd: string,
  ) {
    this.#place = place;
    this.#env = env;
    this.#cwd = cwd;
  }

  /** @throws Error with what the runtime said, where the script did not run to its end */
  ask(script: string, words: readonly string[], withinMs = ANSWER_WITHIN_MS): Promise<string> {
    const [file, ...args] = plainCommand(this.#place, ['sh', '-c', script, 'sh', ...words]);
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        cwd: this.#cwd,
        env: this.#env,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: withinMs,
        killSignal: 'SIGKILL',
      });
      const printed = collect(child.stdout);
      const said = collect(child.stderr);
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (code === 0) return resolve(printed());
        const why = said().trim() || (signal === null ? `exit code ${code}` : `no answer in ${withinMs} ms`);
        reject(new Error(`${file}: ${why}`));
      });
    });
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const pieces: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= MAX_ANSWER_BYTES) pieces.push(piece);
  });
  return () => Buffer.concat(pieces).toString();
}
