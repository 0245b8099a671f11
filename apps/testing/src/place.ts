/** What a test has for itself: a directory with a home, a working directory and one for temporary files. */
import { posix } from 'node:path';

/** By their path: relative to the working directory, or from the home directory with `~/`. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The end of a file, and how many bytes stand before it. */
export interface FileEnd {
  bytes: Uint8Array;
  before: number;
}

export abstract class Place {
  /** Its name ends in six random characters. */
  readonly directory: string;
  readonly home: string;
  /** Inside of the home directory, so that programs show it as `~/work`, the same in every run. */
  readonly cwd: string;
  readonly temporary: string;
  /** Where its programs are looked for. */
  abstract readonly path: string;
  /** Whether the kernel there says what a program waits for. */
  abstract readonly isLinux: boolean;

  constructor(directory: string) {
    this.directory = directory;
    this.home = posix.join(directory, 'home');
    this.cwd = posix.join(this.home, 'work');
    this.temporary = posix.join(directory, 'tmp');
  }

  /** @param path as `pathOf` says it. @throws where it cannot be read */
  abstract readFile(path: string): Promise<Uint8Array>;

  /** @throws where it cannot be read */
  abstract readEnd(path: string, maxBytes: number): Promise<FileEnd>;

  /**
   * Where a file of the test is.
   * @throws TypeError for one that would be outside of the test's directory
   */
  pathOf(name: string): string {
    const path = name.startsWith('~/')
      ? posix.resolve(this.home, name.slice(2))
      : posix.resolve(this.cwd, name);
    if (path.startsWith(`${this.directory}/`)) return path;
    throw new TypeError(`'${name}' is outside of the test's directory ${this.directory}`);
  }

  /** The same text in every run: the part of the directory's name that is random is replaced, length for length. */
  withoutRandomPart(text: string): string {
    return text.replaceAll(this.directory, this.directory.slice(0, -6).padEnd(this.directory.length, 'X'));
  }
}
