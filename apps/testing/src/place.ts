/** What a test has for itself: a directory with a home, a working directory and one for temporary files. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

/** By their path: relative to the working directory, or from the home directory with `~/`. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Those that are there, for a process that ends without `close()`: their programs end with their terminals. */
const open = new Set<string>();

function removeAll(): void {
  for (const directory of open) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

export class Place {
  readonly directory: string;
  readonly home: string;
  /** Inside of the home directory, so that programs show it as `~/work`, the same in every run. */
  readonly cwd: string;
  readonly temporary: string;

  private constructor(directory: string) {
    this.directory = directory;
    if (open.size === 0) process.once('exit', removeAll);
    open.add(directory);
    this.home = join(directory, 'home');
    this.cwd = join(this.home, 'work');
    this.temporary = join(directory, 'tmp');
  }

  static async make(files: Files): Promise<Place> {
    const place = new Place(await mkdtemp(join(await realpath(tmpdir()), 'pilotty-test-')));
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

  /**
   * Where a file of the test is.
   * @throws TypeError for one that would be outside of the test's directory
   */
  pathOf(name: string): string {
    const path = name.startsWith('~/') ? resolve(this.home, name.slice(2)) : resolve(this.cwd, name);
    if (path.startsWith(this.directory + sep)) return path;
    throw new TypeError(`'${name}' is outside of the test's directory ${this.directory}`);
  }

  /** The same text in every run: the part of the directory's name that is random is replaced, length for length. */
  withoutRandomPart(text: string): string {
    return text.replaceAll(this.directory, this.directory.slice(0, -6).padEnd(this.directory.length, 'X'));
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
    open.delete(this.directory);
    if (open.size === 0) process.removeListener('exit', removeAll);
  }
}
