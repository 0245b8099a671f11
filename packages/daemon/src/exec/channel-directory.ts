/**
 * The directory of a daemon's exec files: made by this daemon, under a random name, and removed by it.
 *
 * The directory above it may be one of the user's, so nothing there is removed by its name alone. A directory of
 * ours has a file in it that names the process that made it and the directory's own inode, which no copy has; and
 * of such a directory only the files that exec makes are removed. Other files in it stay.
 */
import fs from 'node:fs';
import path from 'node:path';
import { findProcess, isAlive } from '../processes/process-table.ts';
import { randomHex } from '../random-hex.ts';

const NAME = /^pilotty\.exec-[0-9a-f]{8}$/;
const OWNER_FILE = 'owner.json';

interface Owner {
  pid: number;
  startedAt: string;
  inode: number;
}

export class ChannelDirectory {
  readonly #parent: string;
  #made: { path: string; inode: number } | undefined;

  constructor(parent: string) {
    this.#parent = parent;
  }

  /** Its path. It is made when first asked for, and anew, under another name, where it has been lost. */
  get path(): string {
    if (!this.#made || inodeOf(this.#made.path) !== this.#made.inode) this.#made = this.#make();
    return this.#made.path;
  }

  /** Removes what daemons left that were killed. What cannot be read or removed stays. */
  removeDead(): void {
    for (const name of namesIn(this.#parent)) {
      if (!NAME.test(name)) continue;
      const directory = path.join(this.#parent, name);
      const owner = readOwner(directory);
      if (owner && owner.inode === inodeOf(directory) && !isAlive(owner)) removeOurs(directory);
    }
  }

  close(): void {
    if (this.#made && inodeOf(this.#made.path) === this.#made.inode) removeOurs(this.#made.path);
    this.#made = undefined;
  }

  #make(): { path: string; inode: number } {
    const directory = path.join(this.#parent, `pilotty.exec-${randomHex(4)}`);
    fs.mkdirSync(this.#parent, { recursive: true, mode: 0o700 });
    fs.mkdirSync(directory, { mode: 0o700 });
    const inode = fs.lstatSync(directory).ino;
    const startedAt = findProcess(process.pid)?.startedAt ?? '';
    const owner: Owner = { pid: process.pid, startedAt, inode };
    try {
      fs.writeFileSync(path.join(directory, OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
    } catch (error) {
      // A full disk leaves an empty file.
      removeOurs(directory);
      throw error;
    }
    return { path: directory, inode };
  }
}

/** Files of one command, see channels.ts. */
const FILE_NAMES = ['run', 'ask', 'status', 'code', 'text', 'last', 'out', 'err', 'say'] as const;

/** Removes the directory of one command's files, unless it has other files in it. */
export function removeSet(directory: string): void {
  for (const name of FILE_NAMES) attempt(() => fs.unlinkSync(path.join(directory, name)));
  attempt(() => fs.rmdirSync(directory));
}

function removeOurs(directory: string): void {
  for (const name of namesIn(directory)) {
    if (/^\d+$/.test(name)) removeSet(path.join(directory, name));
  }
  // Without its owner file, a directory that has other files in it is never examined again.
  attempt(() => fs.unlinkSync(path.join(directory, OWNER_FILE)));
  attempt(() => fs.rmdirSync(directory));
}

function readOwner(directory: string): Owner | undefined {
  try {
    const { pid, startedAt, inode } = JSON.parse(fs.readFileSync(path.join(directory, OWNER_FILE), 'utf8'));
    const isOwner = typeof pid === 'number' && typeof startedAt === 'string' && typeof inode === 'number';
    return isOwner ? { pid, startedAt, inode } : undefined;
  } catch {
    // There is none, or it is not one of ours.
    return undefined;
  }
}

/** Undefined where there is no directory. */
function inodeOf(directory: string): number | undefined {
  const facts = fs.lstatSync(directory, { throwIfNoEntry: false });
  return facts?.isDirectory() ? facts.ino : undefined;
}

function namesIn(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    // It is not there, or may not be read: then nothing in it is ours to remove.
    return [];
  }
}

/** Removing is done as far as it goes: what is already gone, or belongs to others, stays as it is. */
function attempt(remove: () => void): void {
  try {
    remove();
  } catch {
    // See above.
  }
}
