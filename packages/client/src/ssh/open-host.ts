/**
 * A connection to the daemon of another host: the system's ssh runs `pilotty connect` there. Nothing is sent before that
 * has greeted: what else might run there gets none of our requests.
 */
import { PROTOCOL, RequestError } from '@pilotty/protocol';
import { ConnectionError } from '../connection-error.ts';
import type { Place } from '../socket-directory.ts';
import type { Transport } from '../transport.ts';
import { destinationWords, type HostAddress } from './address.ts';
import { type Greeting, GreetingReader, type Surroundings, surroundingsIn } from './greeting.ts';
import { remoteCommand } from './remote-command.ts';
import { type Way, wayThatIs, wayTo } from './shared-connection.ts';
import { SshProcess } from './ssh-process.ts';
import { sshTransport } from './ssh-transport.ts';
import { notGreeted, notReached, unreachable } from './unreachable.ts';

/** For a shell to start, and a daemon; a person's answers come on top where there is one to ask. */
const GREETED_WITHIN_MS = 60_000;

export interface OtherHost extends Place {
  address: HostAddress;
  /** Where pilotty is there, unless a shell finds it. */
  remotePath: string | undefined;
  /** Whether a daemon is started there where none runs. */
  startsDaemon: boolean;
  /** Nobody is there to answer a question, and this process is in another directory: only a connection that there is leads there. */
  isUnattended?: boolean;
}

export interface Opened {
  transport: Transport;
  version: string;
  surroundings: Surroundings;
}

/** @throws ConnectionError, RequestError */
export async function openHost(host: OtherHost, signal: AbortSignal): Promise<Opened> {
  const { address, remotePath } = host;
  const way = host.isUnattended
    ? await wayThatIs(address, host)
    : await wayTo(address, host, signal, async (ssh) => notReached(address, await ssh.stderr()));
  // It may be aborted by now, which nothing would say any more.
  signal.throwIfAborted();
  const ssh = start(host, way);
  const stop = () => ssh.end();
  signal.addEventListener('abort', stop, { once: true });
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    stop();
  }, GREETED_WITHIN_MS);
  try {
    const reader = new GreetingReader();
    const greeting = await greetingOf(ssh, reader).catch((cause: Error) => {
      if (cause instanceof ConnectionError) throw cause;
      throw unreachable(`what ${address.text} answers is no 'pilotty connect': ${cause.message}`);
    });
    signal.throwIfAborted();
    if (isLate)
      throw unreachable(
        `${address.text} has not run 'pilotty connect' within ${GREETED_WITHIN_MS / 1000} s`,
        `'ssh ${address.text} pilotty --version' may show what its shell waits for.`,
      );
    if (greeting === undefined) {
      const said = { stdout: reader.before, stderr: await ssh.stderr() };
      throw notGreeted(address, remotePath, await ssh.exited, said);
    }
    const { version, surroundings } = accepted(greeting, address);
    return { transport: sshTransport(ssh, { host: address.text, version }), version, surroundings };
  } catch (error) {
    ssh.end();
    throw error;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

function start(
  { address, remotePath: path, startsDaemon, env, cwd, isUnattended }: OtherHost,
  { words, isShared }: Way,
): SshProcess {
  const command = remoteCommand({ path, startsDaemon });
  return new SshProcess(['-T', ...words, ...destinationWords(address), command], {
    env,
    isApart: isShared,
    cwd: isUnattended ? cwd : undefined,
  });
}

/** undefined where it ended without; what stands behind it is read by others. */
async function greetingOf(ssh: SshProcess, reader: GreetingReader): Promise<Greeting | undefined> {
  const { stdout } = ssh;
  const found = await new Promise<ReturnType<GreetingReader['push']>>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      try {
        const read = reader.push(chunk);
        if (read !== undefined) settle(() => resolve(read));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const ended = () => settle(() => resolve(undefined));
    const settle = (then: () => void) => {
      stdout.off('data', read).off('close', ended).pause();
      then();
    };
    stdout.on('data', read).on('close', ended);
    ssh.exited.catch((error) => settle(() => reject(error)));
  });
  if (found === undefined) {
    await ssh.exited;
    return undefined;
  }
  if (found.rest.length > 0) stdout.unshift(found.rest);
  return found.greeting;
}

/** @throws ConnectionError, RequestError PROTOCOL_MISMATCH */
function accepted(
  greeting: Greeting,
  { text }: HostAddress,
): { version: string; surroundings: Surroundings } {
  if ('error' in greeting) {
    const { code, message, suggestion, details } = greeting.error;
    if (code !== 'DAEMON_UNREACHABLE')
      throw RequestError.fromBody({
        code,
        message: `on ${text}: ${message}`,
        suggestion,
        ...(details && { details }),
      });
    throw new ConnectionError(`on ${text}: ${message}`, { suggestion, isAbsent: greeting.is_absent });
  }
  const { version, protocol, surroundings } = greeting;
  if (protocol === PROTOCOL) return { version, surroundings: surroundingsIn(surroundings) };
  throw new RequestError(
    'PROTOCOL_MISMATCH',
    `pilotty on ${text} is ${version}, with version ${protocol} of the protocol; this one has version ${PROTOCOL}`,
    { suggestion: 'Install the same version of pilotty on both hosts.' },
  );
}
