import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Client, ConnectionError, RequestError, VERSION } from '@pilotty/client';
import {
  chooseSocketPaths,
  considerDirectories,
  glibcVersion,
  loadDaemonProcess,
  MUSL_SUGGESTION,
  muslProblem,
  settingsFrom,
} from '@pilotty/client/node';
import { command } from '../command.ts';
import { type Check, checkNodeVersion, checkRunningDaemon } from '../daemon-check.ts';
import { checkThere } from '../doctor-there.ts';
import type { Io } from '../io.ts';
import { errorBodyOf, printJson } from '../output.ts';
import { findTerminfo } from '../terminfo.ts';

const TERM = 'xterm-256color';
/** A daemon whose socket was removed listens again within two seconds; one that is being started, or is ending, takes less. */
const DEAF_WITHIN_MS = 4_000;
const LOOK_EVERY_MS = 100;

export const declaration = command({
  name: 'doctor',
  summary: 'check the installation, and report problems',
  description: `Starts no daemon and changes nothing. Exits with 1 when something is wrong. Of another host (-H) it checks what a connection
shows, and names what it does not: not_checked.`,
  examples: [
    ['pilotty doctor', 'every check'],
    ["pilotty doctor | jq '.checks[] | select(.ok | not)'", 'only the problems'],
  ],
  startsDaemon: false,
  needsProcess: () => true,
  answer: { only: 'type ok version host checks{name ok detail suggestion} not_checked' },
  async run(_given, io, client) {
    const there = io.surroundings && (await checkThere(io, client));
    const checks = there?.checks ?? [
      checkNodeVersion(io.node.version, `at ${io.node.path}`),
      checkClient(io),
      checkCodeCache(io),
      await checkDirectory(io),
      await checkSettings(io),
      await checkDaemon(io, client),
      checkCLibrary(io),
      checkTerminals(),
      checkTerminfo(io),
      checkShell(io),
    ];
    const ok = checks.every((check) => check.ok);
    await printJson(io.stdout, { type: 'doctor', ok, version: VERSION, ...there, checks });
    return ok ? 0 : 1;
  },
});

/** The same commands, in a few milliseconds instead of a Node's start; nothing is wrong without it. */
function checkClient({ daemonProgram }: Io): Check {
  const name = 'client';
  const system = `${process.platform}-${process.arch}`;
  const native = join(dirname(daemonProgram), 'native', system, 'pilotty');
  try {
    accessSync(native, constants.X_OK);
    return { name, ok: true, detail: `native: ${native}` };
  } catch {
    return {
      name,
      ok: true,
      detail: `Node: there is no native client for ${system} at ${native}`,
      suggestion: 'For faster commands, install a C compiler (cc) and build pilotty again: npm run build.',
    };
  }
}

/** What V8 has compiled of the programs, kept by the launcher (apps/cli/launcher.cjs); nothing is wrong without it. */
function checkCodeCache({ daemonProgram, node, env }: Io): Check {
  const name = 'code_cache';
  const programs = dirname(daemonProgram);
  const file = `main-v${node.version}-${process.arch}.cache`;
  const [beside, own] = [join(programs, 'pilotty-daemon'), ownCaches(env)];
  const places = [join(beside, file), ...(own ? [join(own, `pilotty-daemon-${file}`)] : [])];
  const found = places.find((path) => existsSync(path));
  if (found !== undefined) return { name, ok: true, detail: `kept in ${dirname(found)}` };
  const writable = [beside, ...(own ? [own, dirname(own), dirname(dirname(own))] : [])].find(isWritable);
  if (writable !== undefined)
    return { name, ok: true, detail: `none yet: a daemon keeps one some seconds after its first start` };
  return {
    name,
    ok: true,
    detail: `none: neither ${beside} nor ${own ?? 'a cache of yours'} can be written, so each start compiles the program`,
    suggestion:
      'For faster starts, set HOME or XDG_CACHE_HOME to a directory of yours; or run a daemon once as the owner of the installation.',
  };
}

/** As the launcher finds it. */
function ownCaches({ XDG_CACHE_HOME: named, HOME: home }: Io['env']): string | undefined {
  if (named?.startsWith('/')) return join(named, 'pilotty');
  return home?.startsWith('/') ? join(home, '.cache/pilotty') : undefined;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function checkDirectory(io: Io): Promise<Check> {
  const considered = await considerDirectories(io);
  const ok = considered.at(-1)?.verdict === 'chosen';
  const detail = considered
    .map(
      ({ directory, verdict, reason }) =>
        `${verdict}: ${directory}${reason === undefined ? '' : ` ${reason}`}`,
    )
    .join('; ');
  const check = { name: 'socket_directory', ok, detail };
  const named = io.env.PILOTTY_SOCKET_DIR;
  if (!ok) {
    return {
      ...check,
      suggestion: 'Set PILOTTY_SOCKET_DIR to a short path of a directory that only you can write.',
    };
  }
  if (!named || named.startsWith('/')) return check;
  return {
    ...check,
    detail: `${detail} (PILOTTY_SOCKET_DIR is '${named}', a relative path)`,
    suggestion:
      'Set PILOTTY_SOCKET_DIR to an absolute path: a relative one means another daemon in every working directory.',
  };
}

async function checkSettings(io: Io): Promise<Check> {
  const { env } = io;
  const name = 'settings';
  try {
    settingsFrom(env);
    if (env.PILOTTY_REDACT || env.PILOTTY_POLICY) await askDaemonProgram(io);
  } catch (error) {
    const { message, suggestion } = errorBodyOf(error);
    return { name, ok: false, detail: message, suggestion };
  }
  const given = Object.keys(env).filter((variable) => variable.startsWith('PILOTTY_'));
  return {
    name,
    ok: true,
    detail: given.length === 0 ? 'no PILOTTY_ variable is set' : given.sort().join(', '),
  };
}

/** Only the daemon has the engine of its regular expressions, and reads policies. @throws RequestError where it would not start */
async function askDaemonProgram({ node, daemonProgram, env }: Io): Promise<void> {
  const { spawnSync } = await import('node:child_process');
  const { status, stderr } = spawnSync(node.path, [daemonProgram, '--check-settings'], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw RequestError.fromBody(JSON.parse(stderr));
}

/** What opens terminals is compiled for one. */
function checkCLibrary({ daemonProgram }: Io): Check {
  const name = 'c_library';
  const { platform, arch } = process;
  try {
    const nodePty = dirname(createRequire(daemonProgram).resolve('node-pty/package.json'));
    const problem = muslProblem({ platform, arch, exists: existsSync, glibcVersion }, () => nodePty);
    return problem === undefined
      ? { name, ok: true, detail: `node-pty in ${nodePty} fits this system` }
      : { name, ok: false, detail: problem, suggestion: MUSL_SUGGESTION };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: `node-pty cannot be found: ${(error as Error).message}`,
      suggestion: 'Install pilotty again.',
    };
  }
}

/** Every session needs a terminal of its own. */
function checkTerminals(): Check {
  const name = 'terminals';
  const device = '/dev/ptmx';
  try {
    closeSync(openSync(device, constants.O_RDWR | constants.O_NOCTTY));
    return { name, ok: true, detail: `${device} can be opened` };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: `${device} cannot be opened, so no session can start: ${(error as Error).message}`,
      suggestion:
        'Look at its permissions, whether devpts is mounted at /dev/pts, and at /proc/sys/kernel/pty/max.',
    };
  }
}

async function checkDaemon(
  io: Io,
  client: Client,
  until: number = performance.now() + DEAF_WITHIN_MS,
): Promise<Check> {
  const name = 'daemon';
  try {
    return checkRunningDaemon(await client.request('daemon.info', {}, { signal: io.signal }));
  } catch (error) {
    if (error instanceof ConnectionError && error.isAbsent) return await checkAbsent(io, client, until);
    const { message, suggestion } = errorBodyOf(error);
    return { name, ok: false, detail: message, suggestion };
  }
}

/** No process listens on the socket: checks whether a daemon holds the lock nevertheless. */
async function checkAbsent(io: Io, client: Client, until: number): Promise<Check> {
  const name = 'daemon';
  const { deafDaemon, findLockHolder } = await loadDaemonProcess();
  const paths = await chooseSocketPaths(io);
  for (;;) {
    const holder = await findLockHolder(paths.lock);
    if (holder === undefined) {
      return { name, ok: true, detail: 'not running; the first command that needs it starts it' };
    }
    if (performance.now() > until) {
      const { message, suggestion } = deafDaemon(holder, paths);
      return { name, ok: false, detail: message, suggestion };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (existsSync(paths.socket)) return await checkDaemon(io, client, until);
  }
}

function checkTerminfo({ env }: Io): Check {
  const name = 'terminfo';
  const found = findTerminfo(TERM, env);
  if (found !== undefined) return { name, ok: true, detail: found };
  return {
    name,
    ok: false,
    detail: `no terminfo entry for ${TERM}`,
    suggestion: 'Install the terminfo entries (ncurses-base, ncurses-term), or spawn with another --term.',
  };
}

function checkShell({ env }: Io): Check {
  const name = 'shell';
  const shell = env.SHELL || '/bin/sh';
  const detail = env.SHELL ? shell : `${shell}, because SHELL is not set`;
  try {
    accessSync(shell, constants.X_OK);
    return { name, ok: true, detail };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: `${detail}: ${(error as Error).message}`,
      suggestion: 'Set SHELL to the path of your shell, or always name a program to spawn.',
    };
  }
}
