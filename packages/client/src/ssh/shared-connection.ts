/**
 * One ssh connection for many commands: OpenSSH's own ControlMaster, at a socket in our private directory, for as long as
 * it is used and some minutes more. Where the user's configuration says anything of that itself, it is left to it.
 *
 * The connection is made by an ssh that has the terminal, because it may have to ask; what runs over it needs none.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { maxSocketPathBytes, socketProblem } from '@pilotty/protocol';
import { openConnection } from '../open-connection.ts';
import { chooseSocketPaths, look, makeDirectory, type Place, uid } from '../socket-directory.ts';
import { destinationWords, type HostAddress } from './address.ts';
import { type SshProcess, withSsh } from './ssh-process.ts';

/** As long as an idle daemon stays. */
const PERSIST_SECONDS = 300;
/** A host that is gone is noticed within 45 s; ssh by itself would never. */
const ALIVE = ['ServerAliveInterval=15', 'ServerAliveCountMax=3'];
/** The kernel's own patience is two minutes. */
const CONNECT_SECONDS = 15;
/** What ssh puts behind the path of a socket that it has not finished. */
const UNFINISHED_BYTES = '.0123456789abcdef'.length;

export interface Way {
  /** Words for ssh, before the destination. */
  words: string[];
  /** A connection is there: nothing has to be asked. */
  isShared: boolean;
}

/** @throws ConnectionError where the host cannot be reached */
export async function wayTo(
  address: HostAddress,
  place: Place,
  signal: AbortSignal,
  failed: (ssh: SshProcess) => Promise<Error>,
): Promise<Way> {
  const path = await controlPath(address, place);
  if (path !== undefined && (await isListening(path))) return over(path);
  const configured = await configurationOf(address, place, signal);
  const words = [
    ...(configured.serveraliveinterval === '0' ? ALIVE : []),
    ...(configured.connecttimeout === 'none' ? [`ConnectTimeout=${CONNECT_SECONDS}`] : []),
  ].flatMap((option) => ['-o', option]);
  if (path === undefined || !leavesSharingToUs(configured)) return { words, isShared: false };
  const master = ['ControlMaster=auto', `ControlPath=${path}`, `ControlPersist=${PERSIST_SECONDS}`];
  await withSsh(
    ['-T', ...master.flatMap((option) => ['-o', option]), ...words, ...destinationWords(address), 'exit'],
    { env: place.env, isApart: false },
    signal,
    async (ssh) => {
      ssh.stdin.end();
      ssh.stdout.resume();
      const { code } = await ssh.exited;
      // Any other code is that of the command.
      if (code === SSH_FAILED || code === null) throw await failed(ssh);
    },
  );
  return (await isListening(path)) ? over(path) : { words, isShared: false };
}

/**
 * Whether a connection is there that a command can be run over without a question: ours, or one that the user's
 * configuration shares. Makes none.
 */
export async function isConnected(address: HostAddress, place: Place, signal: AbortSignal): Promise<boolean> {
  const path = await controlPath(address, place);
  if (path !== undefined && (await isListening(path))) return true;
  const { env, cwd } = place;
  const options = { env, cwd, isApart: true };
  return await withSsh(['-O', 'check', ...destinationWords(address)], options, signal, async (ssh) => {
    ssh.stdin.end();
    ssh.stdout.resume();
    return (await ssh.exited).code === 0;
  });
}

/** Over the connection that isConnected() has seen. Should it be gone, ssh may log in by itself, but asks nothing. */
export async function wayThatIs(address: HostAddress, place: Place): Promise<Way> {
  const path = await controlPath(address, place);
  const ours = path !== undefined && (await isListening(path)) ? over(path).words : [];
  return { words: ['-o', 'BatchMode=yes', ...ours], isShared: true };
}

/** ssh(1): "ssh exits with the exit status of the remote command or with 255 if an error occurred." */
export const SSH_FAILED = 255;

function over(path: string): Way {
  return { words: ['-o', `ControlPath=${path}`, '-o', 'ControlMaster=no'], isShared: true };
}

/** undefined where there is no place for it: ssh reads some characters, and the kernel has a limit. */
async function controlPath(address: HostAddress, place: Place): Promise<string | undefined> {
  const { directory } = await chooseSocketPaths(place);
  const path = join(directory, `ssh-${fingerprint(address)}`);
  const bytes = Buffer.byteLength(path) + UNFINISHED_BYTES + 1;
  if (!/^[\w./@+=:,-]+$/.test(path) || bytes > maxSocketPathBytes(process.platform)) return undefined;
  makeDirectory(directory);
  return path;
}

/** Of the destination and of the configuration: where that has changed, the host may be another. */
function fingerprint({ host, user, port }: HostAddress): string {
  const files = [join(userInfo().homedir, '.ssh/config'), '/etc/ssh/ssh_config'];
  const facts = files.map((file) => {
    const { facts } = look(() => statSync(file, { throwIfNoEntry: false }));
    return [facts?.mtimeMs, facts?.size];
  });
  const text = JSON.stringify([host, user, port, facts]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Whether a connection is there. A socket that was left behind refuses; ssh itself replaces it. */
async function isListening(path: string): Promise<boolean> {
  const { facts } = look(() => lstatSync(path, { throwIfNoEntry: false }));
  if (facts === undefined || socketProblem(facts, uid()) !== undefined) return false;
  const connection = await openConnection(path, { withinMs: 0 }).catch(() => undefined);
  connection?.on('error', () => {}).destroy();
  return connection !== undefined;
}

type Configuration = Readonly<Record<string, string>>;

/** What ssh would do, as `ssh -G` prints it. Where it cannot say, the connection itself says why. */
async function configurationOf(
  address: HostAddress,
  place: Place,
  signal: AbortSignal,
): Promise<Configuration> {
  const options = { env: place.env, isApart: false };
  return await withSsh(['-G', ...destinationWords(address)], options, signal, async (ssh) => {
    ssh.stdin.end();
    let text = '';
    ssh.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const [{ code }] = await Promise.all([ssh.exited, once(ssh.stdout, 'close')]);
    return code === 0 ? parseConfiguration(text) : {};
  });
}

export function parseConfiguration(text: string): Configuration {
  const lines = text.split('\n').map((line) => /^(\S+) (.*)$/.exec(line));
  return Object.fromEntries(lines.filter((match) => match !== null).map(([, name, value]) => [name, value]));
}

/** `ControlPath none` is the user's word too. An ssh that says nothing, as one that cannot read its files, gets nothing of ours. */
export function leavesSharingToUs({
  hostname,
  controlpath,
  controlmaster = 'false',
  ...more
}: Configuration): boolean {
  const isOff = (value: string) => value === 'false' || value === 'no';
  return (
    hostname !== undefined &&
    controlpath === undefined &&
    isOff(controlmaster) &&
    isOff(more.controlpersist ?? 'no')
  );
}
