/** The directory of a launch on another host: made, read and removed by programs that its daemon runs. */
import type { Pilotty } from '@pilotty/sdk';
import { type FileEnd, type Files, Place } from '../place.ts';
import { MAKE, READ, READ_END, REMOVE, WRITE, writesOf } from './scripts.ts';

/** For one of its programs. */
const WITHIN_MS = 60_000;
/** The largest file that is read. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export class HostPlace extends Place {
  readonly path: string;
  readonly isLinux: boolean;
  readonly #pilotty: Pilotty;

  /** @param made what MAKE has printed */
  private constructor(pilotty: Pilotty, made: string) {
    const [directory = '', system = '', ...path] = made.split('\n');
    super(directory);
    this.#pilotty = pilotty;
    this.isLinux = system === 'Linux';
    this.path = path.join('\n');
  }

  /** @throws TypeError for a file that would be outside of it; PilottyError; Error as a program there says it */
  static async make(pilotty: Pilotty, files: Files): Promise<HostPlace> {
    const place = new HostPlace(pilotty, (await run(pilotty, MAKE)).toString());
    try {
      const placed = Object.entries(files).map(([name, content]) => [place.pathOf(name), content] as const);
      for (const words of writesOf(placed)) await run(pilotty, WRITE, ...words);
      return place;
    } catch (error) {
      await place.close();
      throw error;
    }
  }

  async readFile(path: string): Promise<Uint8Array> {
    return await run(this.#pilotty, READ, path);
  }

  async readEnd(path: string, maxBytes: number): Promise<FileEnd> {
    const answer = await run(this.#pilotty, READ_END, path, String(maxBytes));
    const end = answer.indexOf('\n');
    const bytes = answer.subarray(end + 1);
    return { bytes, before: Number(answer.toString('latin1', 0, end)) - bytes.length };
  }

  /** Ends what has left the terminal, too. */
  async close(): Promise<void> {
    await run(this.#pilotty, REMOVE, this.directory);
  }
}

/** What it prints. @throws Error with what it says, where it has failed */
async function run(pilotty: Pilotty, script: string, ...words: string[]): Promise<Buffer> {
  const session = await pilotty.spawn(['sh', '-c', script, 'sh', ...words], {
    pipe: true,
    retain_bytes: MAX_FILE_BYTES,
    ttl_ms: WITHIN_MS,
  });
  const printed: Uint8Array[] = [];
  const said: Uint8Array[] = [];
  let missed = 0;
  for await (const { bytes, stream, missed_bytes = 0 } of session.followBytes({ since: 0 })) {
    (stream === 'stderr' ? said : printed).push(bytes);
    missed += missed_bytes;
  }
  const { exit } = await session.status();
  if (missed > 0)
    throw new Error(`on the other host: the file has more than the ${MAX_FILE_BYTES} bytes that are read`);
  if (exit?.exit_code === 0) return Buffer.concat(printed);
  const reason = Buffer.concat(said).toString().trim();
  throw new Error(`on the other host: ${reason || (exit?.signal ?? `exit code ${exit?.exit_code}`)}`);
}
