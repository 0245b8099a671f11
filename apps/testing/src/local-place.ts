/** The directory of a launch on this host. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, open as openFile, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileEnd, type Files, Place } from './place.ts';

const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** Those that are there, for a process that ends without `close()`: their programs end with their terminals. */
const open = new Set<string>();

function removeAll(): void {
  for (const directory of open) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

export class LocalPlace extends Place {
  readonly path: string = `${dirname(process.execPath)}:${process.env.PATH ?? USUAL_PATH}`;
  readonly isLinux: boolean = process.platform === 'linux';

  private constructor(directory: string) {
    super(directory);
    if (open.size === 0) process.once('exit', removeAll);
    open.add(directory);
  }

  /** @throws TypeError for a file that would be outside of it */
  static async make(files: Files): Promise<LocalPlace> {
    const place = new LocalPlace(await mkdtemp(join(await realpath(tmpdir()), 'pilotty-test-')));
    try {
      await mkdir(place.cwd, { recursive: true });
      await mkdir(place.temporary);
      for (const [name, content] of Object.entries(files)) {
        const path = place.pathOf(name);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content);
      }
      return place;
    } catch (error) {
      await place.close();
      throw error;
    }
  }

  async readFile(path: string): Promise<Uint8Array> {
    return await readFile(path);
  }

  async readEnd(path: string, maxBytes: number): Promise<FileEnd> {
    const file = await openFile(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.min(size, maxBytes));
      const before = size - bytes.length;
      const { bytesRead } = await file.read(bytes, 0, bytes.length, before);
      return { bytes: bytes.subarray(0, bytesRead), before };
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
    open.delete(this.directory);
    if (open.size === 0) process.removeListener('exit', removeAll);
  }
}
