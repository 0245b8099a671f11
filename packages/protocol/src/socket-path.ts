/**
 * Where the daemon's files are: both sides must come to the same answer, so the rule lives here,
 * as functions of the environment and of what `lstat` said. Nothing here touches a file.
 */

export interface SocketPaths {
  directory: string;
  socket: string;
  lock: string;
  log: string;
  /** Of a daemon that has a policy. */
  audit: string;
  /** Where `serve` reaches the gateway that runs. */
  gateway: string;
  gatewayLock: string;
  gatewayLog: string;
}

export function socketPathsIn(directory: string): SocketPaths {
  return {
    directory,
    socket: `${directory}/pilotty.sock`,
    lock: `${directory}/pilotty.lock`,
    log: `${directory}/pilotty.log`,
    audit: `${directory}/pilotty.audit`,
    gateway: `${directory}/gateway.sock`,
    gatewayLock: `${directory}/gateway.lock`,
    gatewayLog: `${directory}/gateway.log`,
  };
}

export interface DirectoryCandidate {
  directory: string;
  /** Must be there and ours for the candidate to count; undefined where the user named the directory itself. */
  base: string | undefined;
}

/** In order of preference; the first whose base can be used is taken. A named directory is the only candidate. */
export function directoryCandidates(place: {
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  tmp: string;
  /** A directory in `tmp`, which all users share, is named after its user. */
  uid: number;
}): DirectoryCandidate[] {
  const { PILOTTY_SOCKET_DIR: named, XDG_RUNTIME_DIR: xdg } = place.env;
  if (named) return [{ directory: withoutTrailingSlash(named), base: undefined }];
  const candidates: DirectoryCandidate[] = [];
  if (xdg?.startsWith('/')) {
    candidates.push({ directory: `${withoutTrailingSlash(xdg)}/pilotty`, base: xdg });
  }
  if (place.home.startsWith('/')) {
    candidates.push({ directory: `${withoutTrailingSlash(place.home)}/.pilotty`, base: place.home });
  }
  candidates.push({ directory: `${withoutTrailingSlash(place.tmp)}/pilotty-${place.uid}`, base: place.tmp });
  return candidates;
}

/**
 * Where a daemon may run that was started in other surroundings: it is looked for there, and none is started. A HOME that
 * is not the user's own is taken for a wish to be apart.
 */
export function furtherDirectories(place: {
  env: Readonly<Record<string, string | undefined>>;
  /** Of the passwd entry; '' where there is none. */
  ownHome: string;
  /** With a directory for each user who is logged in. */
  runtimes: string;
  tmp: string;
  uid: number;
}): string[] {
  const { PILOTTY_SOCKET_DIR: named, XDG_RUNTIME_DIR: runtime, HOME: home } = place.env;
  if (named) return [];
  const isApart = Boolean(home) && withoutTrailingSlash(home as string) !== place.ownHome;
  const further = [`${place.tmp}/pilotty`];
  // cron and systemd's services have no runtime directory in their environment.
  if (!runtime && !isApart) further.unshift(`${place.runtimes}/${place.uid}/pilotty`);
  return further;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** The part of `fs.Stats` the judgement needs. */
export interface FileFacts {
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isSocket(): boolean;
  uid: number;
  mode: number;
}

/** Says why a directory must not hold the socket, or undefined when it may. Takes `lstat`, not `stat`. */
export function directoryProblem(facts: FileFacts, uid: number): string | undefined {
  if (facts.isSymbolicLink()) return 'is a symbolic link';
  if (!facts.isDirectory()) return 'is not a directory';
  if (facts.uid !== uid) return `belongs to user ${facts.uid}, not to you (${uid})`;
  if (facts.mode & 0o022) return 'can be written by other users';
  return undefined;
}

/** Says why a file must not be taken for the daemon's socket, or undefined when it may. */
export function socketProblem(facts: FileFacts, uid: number): string | undefined {
  if (facts.isSymbolicLink()) return 'is a symbolic link';
  if (!facts.isSocket()) return 'is not a socket';
  if (facts.uid !== uid) return `belongs to user ${facts.uid}, not to you (${uid})`;
  return undefined;
}

/** Bytes of a socket's path, its final NUL included: sun_path in <sys/un.h>. */
export function maxSocketPathBytes(platform: string): number {
  return platform === 'linux' ? 108 : 104;
}
