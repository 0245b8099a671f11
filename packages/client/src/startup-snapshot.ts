/**
 * Where a daemon leaves a startup snapshot for the next one (docs/decisions/0043-startup-snapshot.md): in the directory of
 * its files, else where the launcher keeps code caches (apps/cli/launcher.cjs).
 *
 * Its name says of which Node it is: apps/native-client/src/startup-snapshot.c looks for the same.
 */
import { lstatSync, rmSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { uid } from './socket-directory.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Of a program, `…/pilotty-daemon.cjs`: the file among its own, and the user's own one. */
export interface SnapshotFiles {
  beside: string;
  own: string | undefined;
}

/** @param node the Node that is to take it; two builds differ in size, or in when they were written */
export function snapshotFiles(program: string, env: Environment, node: string): SnapshotFiles {
  const { size, mtimeMs } = statSync(node);
  const name = `startup-${size}-${Math.floor(mtimeMs / 1000)}.blob`;
  const stem = basename(program, '.cjs');
  const own = ownCaches(env);
  return { beside: join(dirname(program), stem, name), own: own && join(own, `${stem}-${name}`) };
}

/** As the launcher has it: a path that is not absolute is ignored. */
function ownCaches({ XDG_CACHE_HOME: named, HOME: home }: Environment): string | undefined {
  if (named?.startsWith('/')) return `${named}/pilotty`;
  return home?.startsWith('/') ? `${home}/.cache/pilotty` : undefined;
}

/**
 * Starts a daemon with a snapshot where there is one, and without where Node does not take it.
 * @param ended what `start` throws when the daemon has ended, and said nothing
 */
export async function withSnapshot<T>(
  { program, env, signal }: { program: string; env: Environment; signal: AbortSignal },
  ended: Error,
  start: (options: readonly string[]) => Promise<T>,
): Promise<T> {
  const snapshot = findSnapshot(program, env);
  if (snapshot === undefined) return await start([]);
  try {
    return await start([`--snapshot-blob=${snapshot}`]);
  } catch (error) {
    if (error !== ended || signal.aborted) throw error;
    // A Node that does not take it ends at once, with nothing done.
    removeSnapshot(snapshot);
    return await start([]);
  }
}

/** Of this program and this Node; with other options Node would not take it. */
function findSnapshot(program: string, env: Environment): string | undefined {
  if (env.NODE_OPTIONS) return undefined;
  try {
    const { beside, own } = snapshotFiles(program, env, process.execPath);
    if (lookAt(beside)?.isFile()) return beside;
    return own !== undefined && isOwnDirectory(dirname(own)) && lookAt(own)?.isFile() ? own : undefined;
  } catch {
    // Nothing is known of it, and a daemon starts without.
    return undefined;
  }
}

/** One that Node has not taken. */
function removeSnapshot(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Another user's installation: each start tries it, and then does without.
  }
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** What is read from there is run: it must be a directory that only this user can have written. */
export function isOwnDirectory(path: string): boolean {
  const facts = lookAt(path);
  return facts?.isDirectory() === true && facts.uid === uid() && (facts.mode & 0o022) === 0;
}
