/** Which directory holds the socket: the protocol's rule, applied to the files there are. Makes nothing but `makeDirectory`. */
import { accessSync, constants, existsSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type DirectoryCandidate,
  directoryCandidates,
  directoryProblem,
  furtherDirectories,
  maxSocketPathBytes,
  type SocketPaths,
  socketPathsIn,
  socketProblem,
} from '@pilotty/protocol';
import { ConnectionError } from './connection-error.ts';
import { openConnection } from './open-connection.ts';

/** The contract names it; TMPDIR may be one of many on a system, and would part those who should meet. */
const TMP = '/tmp';
/** systemd's, with the runtime directory of each user who is logged in. */
const RUNTIMES = '/run/user';

export interface Place {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Of the system; those of a test are its own. */
  system?: { tmp: string; runtimes: string; ownHome: string };
}

export interface ConsideredDirectory {
  directory: string;
  /** `skipped`: the next one is looked at; `refused`: it would be this one, and it must not be used. */
  verdict: 'chosen' | 'skipped' | 'refused';
  reason?: string;
}

/**
 * The candidates in order, up to the one that is chosen or refused. Where no daemon runs in that one, a later one
 * in which one runs is chosen: a home or a runtime directory may have appeared since it was started, or, as under cron,
 * be missing here.
 */
export async function considerDirectories(place: Place): Promise<ConsideredDirectory[]> {
  const considered: ConsideredDirectory[] = [];
  const tmp = place.system?.tmp ?? TMP;
  const candidates = directoryCandidates({ env: place.env, home: await homeOf(place), tmp, uid: uid() });
  for (const candidate of candidates) {
    const directory = considerDirectory(candidate, place);
    considered.push(directory);
    if (directory.verdict !== 'skipped') break;
  }
  const first = considered.at(-1);
  if (first?.verdict !== 'chosen' || existsSync(socketPathsIn(first.directory).socket)) return considered;
  for (const candidate of [...candidates.slice(considered.length), ...(await furtherCandidates(place))]) {
    const directory = considerDirectory(candidate, place);
    if (directory.verdict !== 'chosen' || !(await hasDaemon(directory.directory))) continue;
    const skipped = { ...first, verdict: 'skipped' as const, reason: 'no daemon runs there' };
    return [...considered.slice(0, -1), skipped, directory];
  }
  return considered;
}

/** Where daemons are looked for and never started. */
async function furtherCandidates({ env, system }: Place): Promise<DirectoryCandidate[]> {
  const places = system ?? { tmp: TMP, runtimes: RUNTIMES, ownHome: await ownHome() };
  return furtherDirectories({ env, uid: uid(), ...places }).map((directory) => ({
    directory,
    base: undefined,
  }));
}

/** '' where there is none: a user that no passwd entry names, as in a container. */
async function homeOf({ env, system }: Place): Promise<string> {
  return env.HOME || (system?.ownHome ?? (await ownHome()));
}

async function ownHome(): Promise<string> {
  try {
    return (await import('node:os')).userInfo().homedir;
  } catch {
    return '';
  }
}

function considerDirectory(candidate: DirectoryCandidate, { cwd }: Place): ConsideredDirectory {
  const directory = resolve(cwd, candidate.directory);
  // Before any look at it: a path can be too long even for that.
  const tooLong = pathProblem(directory);
  const found = look(() => lstatSync(directory, { throwIfNoEntry: false }));
  const unusable = candidate.base === undefined ? undefined : baseProblem(candidate, found.facts);
  if (unusable !== undefined) return { directory, verdict: 'skipped', reason: unusable };
  const problem =
    tooLong ??
    found.problem ??
    (found.facts && (directoryProblem(found.facts, uid()) ?? openProblem(candidate, found.facts)));
  return problem === undefined
    ? { directory, verdict: 'chosen' }
    : { directory, verdict: 'refused', reason: problem };
}

/** Where all users make directories, one that others can enter was not made by us. */
function openProblem({ base }: DirectoryCandidate, facts: Stats): string | undefined {
  return base === TMP && facts.mode & 0o077 ? 'can be entered by other users' : undefined;
}

/** Whether a process of ours listens in that directory. */
async function hasDaemon(directory: string): Promise<boolean> {
  const { socket } = socketPathsIn(directory);
  const { facts } = look(() => lstatSync(socket, { throwIfNoEntry: false }));
  if (facts === undefined || socketProblem(facts, uid()) !== undefined) return false;
  try {
    const connection = await openConnection(socket, { withinMs: 0 });
    connection?.on('error', () => {}).destroy();
    return connection !== undefined;
  } catch (error) {
    return (error as ConnectionError).isQueueFull;
  }
}

/** @throws ConnectionError when the directory must not be used. */
export async function chooseSocketPaths(place: Place): Promise<SocketPaths> {
  const considered = await considerDirectories(place);
  const last = considered.at(-1);
  if (last?.verdict === 'chosen') return socketPathsIn(last.directory);
  throw new ConnectionError(
    `no directory for the socket: ${considered.map(({ directory, reason }) => `${directory} ${reason}`).join('; ')}`,
    { suggestion: 'Set PILOTTY_SOCKET_DIR to a short path of a directory that only you can write.' },
  );
}

/** Makes the directory, readable by its owner only, unless it is there. */
export function makeDirectory(directory: string): void {
  try {
    makeWithParents(directory);
  } catch (cause) {
    throw new ConnectionError(`cannot make the socket directory: ${(cause as Error).message}`, {
      suggestion: 'Set PILOTTY_SOCKET_DIR to a directory that you can make or write.',
      cause,
    });
  }
  // Another process may have made it since the first look.
  const problem = directoryProblem(lstatSync(directory), uid());
  if (problem !== undefined) throw new ConnectionError(`the socket directory ${directory} ${problem}`);
}

/**
 * Makes what is missing of a path, for its owner only.
 *
 * Not by `recursive`: under a parent that is there and answers ENOENT, as /proc does, Node 20 tries for ever.
 */
export function makeWithParents(directory: string): void {
  const missing: string[] = [];
  for (let path = directory; !existsSync(path); path = dirname(path)) missing.unshift(path);
  for (const path of missing) {
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** What there is at a path; neither where nothing is. A path can also lead through a file, a loop, or what is not ours to see. */
export function look(stat: () => Stats | undefined): { facts?: Stats | undefined; problem?: string } {
  try {
    return { facts: stat() };
  } catch (error) {
    return { problem: `cannot be used: ${(error as Error).message}` };
  }
}

export function uid(): number {
  return process.getuid?.() ?? -1;
}

function baseProblem({ base }: DirectoryCandidate, directory: Stats | undefined): string | undefined {
  if (base === undefined) return undefined;
  const { facts } = look(() => statSync(base, { throwIfNoEntry: false }));
  if (!facts?.isDirectory()) return `cannot be used: ${base} is not a directory`;
  if (base !== TMP && facts.uid !== uid()) {
    return `cannot be used: ${base} belongs to user ${facts.uid}, not to you (${uid()})`;
  }
  if (directory !== undefined) return undefined;
  try {
    accessSync(base, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return `cannot be used: ${base} cannot be written`;
  }
}

function pathProblem(directory: string): string | undefined {
  const { socket } = socketPathsIn(directory);
  const bytes = Buffer.byteLength(socket) + 1;
  const limit = maxSocketPathBytes(process.platform);
  return bytes <= limit
    ? undefined
    : `is too long: the path of a socket in it has ${bytes} bytes, and ${limit} is the limit`;
}
