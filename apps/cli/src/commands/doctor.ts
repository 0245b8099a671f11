import { accessSync, constants } from 'node:fs';
import { type Client, ConnectionError, PROTOCOL, VERSION } from '@pilotty/client';
import { considerDirectories } from '@pilotty/client/node';
import { command } from '../command.ts';
import type { Io } from '../io.ts';
import { errorBodyOf, printJson } from '../output.ts';
import { findTerminfo } from '../terminfo.ts';

interface Check {
  name: string;
  ok: boolean;
  detail: string;
  suggestion?: string;
}

/** The `engines` of package.json. */
const OLDEST_NODE = [20, 11] as const;
const TERM = 'xterm-256color';

export const declaration = command({
  name: 'doctor',
  summary: 'check what pilotty needs, and say what is wrong',
  description: 'Starts no daemon and changes nothing. Exits with 1 when something is wrong.',
  examples: [
    ['pilotty doctor', 'every check'],
    ["pilotty doctor | jq '.checks[] | select(.ok | not)'", 'only what is wrong'],
  ],
  startsDaemon: false,
  async run(_given, io, client) {
    const checks = [
      checkNode(io),
      await checkDirectory(io),
      await checkDaemon(io, client),
      checkTerminfo(io),
      checkShell(io),
    ];
    const ok = checks.every((check) => check.ok);
    await printJson(io.stdout, { type: 'doctor', ok, version: VERSION, checks });
    return ok ? 0 : 1;
  },
});

function checkNode({ node }: Io): Check {
  const [major = 0, minor = 0] = node.version.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const check = { name: 'node', ok, detail: `${node.version} at ${node.path}` };
  return ok ? check : { ...check, suggestion: `Install Node ${OLDEST_NODE.join('.')} or newer.` };
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
  return ok
    ? check
    : {
        ...check,
        suggestion: 'Set PILOTTY_SOCKET_DIR to a short path of a directory that only you can write.',
      };
}

async function checkDaemon(io: Io, client: Client): Promise<Check> {
  const name = 'daemon';
  try {
    const info = await client.request('daemon.info', {}, { signal: io.signal });
    const detail = `running: pid ${info.pid}, version ${info.version}, protocol ${info.protocol}, ${info.sessions} sessions`;
    if (info.protocol === PROTOCOL && info.version === VERSION) return { name, ok: true, detail };
    return {
      name,
      ok: info.protocol === PROTOCOL,
      detail: `${detail}; this is ${VERSION}, protocol ${PROTOCOL}`,
      suggestion: "'pilotty stop' ends it and its sessions; the next command starts this version.",
    };
  } catch (error) {
    if (error instanceof ConnectionError && error.isAbsent) {
      return { name, ok: true, detail: 'not running; the first command that needs it starts it' };
    }
    const { message, suggestion } = errorBodyOf(error);
    return { name, ok: false, detail: message, suggestion };
  }
}

function checkTerminfo({ env }: Io): Check {
  const name = 'terminfo';
  const found = findTerminfo(TERM, env);
  if (found !== undefined) return { name, ok: true, detail: found };
  return {
    name,
    ok: false,
    detail: `there is no entry for ${TERM}`,
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
