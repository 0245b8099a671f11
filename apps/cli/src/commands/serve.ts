import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { ConnectionError, callerEnvironment, RequestError } from '@pilotty/client';
import {
  chooseSocketPaths,
  Interruption,
  loadDaemonProcess,
  makeDirectory,
  READY_FD,
  readReadyLine,
  requireDecoded,
  signalExitCode,
  startDetached,
} from '@pilotty/client/node';
import { askGateway } from '../ask-gateway.ts';
import { command, flag, type Given, list, nonEmpty, value } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';

const options = {
  bind: value('HOST:PORT', nonEmpty, 'listen address (default: 127.0.0.1:8080)'),
  'token-file': value('FILE', nonEmpty, 'file with the token; created if it does not exist'),
  'base-path': value('PATH', nonEmpty, 'prefix of every path, as behind a proxy'),
  'tls-cert': value('FILE', nonEmpty, 'TLS certificate chain, PEM'),
  'tls-key': value('FILE', nonEmpty, 'private key of the certificate, PEM'),
  insecure: flag(
    'listen on other than loopback addresses without TLS: traffic and token can be read on the network',
  ),
  'allow-host': list(
    'HOST',
    nonEmpty,
    'accept requests for this host name as well as for localhost and IP addresses',
  ),
  'allow-origin': list(
    'ORIGIN',
    nonEmpty,
    'allow web pages of this origin (CORS); they still need the token',
  ),
  detach: flag('run in the background'),
  stop: flag('stop the running gateway; sessions continue'),
  'show-token': flag('print the token and a one-time login URL'),
};

type ServeGiven = Given<Record<never, never>, typeof options>;

interface Ready {
  pid: number;
  url: string;
  token_file: string;
}

export const declaration = command({
  name: 'serve',
  summary: 'answer over HTTP and WebSocket, and serve the web page',
  description: `Runs in the foreground until it is interrupted, as a process of its own. Every request needs a token, which is created
at the first start in the socket directory, readable by you alone.`,
  options,
  examples: [
    ['pilotty serve', 'for this machine, at http://127.0.0.1:8080/'],
    ['pilotty serve --detach --bind 127.0.0.1:9000', 'in the background, on another port'],
    ['pilotty serve --show-token', 'what to open in a browser'],
    ['pilotty serve --bind 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem', 'for other machines'],
    ['pilotty serve --stop', 'stop it'],
  ],
  startsDaemon: false,
  needsProcess: () => true,
  answer: { only: 'type pid url token_file token expires_in_ms' },
  async run(given, io) {
    if (Number(given.detach) + Number(given.stop) + Number(given['show-token']) > 1) {
      throw new UsageError('--detach, --stop and --show-token cannot be combined');
    }
    if (given.stop) return await stop(io);
    if (given['show-token']) return await showToken(io);
    return given.detach ? await start(given, io) : await runInForeground(given, io);
  },
});

async function stop(io: Io): Promise<number> {
  const { gateway, gatewayLock } = await chooseSocketPaths(io);
  let stopped: { pid: number } | undefined;
  try {
    stopped = await askGateway<{ pid: number }>(gateway, 'stop', true);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
  }
  if (stopped === undefined) {
    // It does not answer, or its socket was removed: its process is ended. Sessions are the daemon's, and stay.
    const { endProcess, findLockHolder } = await loadDaemonProcess();
    const holder = await findLockHolder(gatewayLock);
    if (holder !== undefined) await endProcess(holder);
    stopped = holder;
  }
  await printJson(io.stdout, { type: 'gateway_stopped', ...(stopped && { pid: stopped.pid }) });
  return 0;
}

async function showToken(io: Io): Promise<number> {
  const { gateway } = await chooseSocketPaths(io);
  const access = await askGateway<{ token: string; url: string; expiresInMs: number }>(gateway, 'access');
  if (access === undefined) {
    throw new ConnectionError(`no gateway is running (nothing listens at ${gateway})`, {
      suggestion: "'pilotty serve --detach' starts one.",
      isAbsent: true,
    });
  }
  const { token, url, expiresInMs } = access;
  await printJson(io.stdout, { type: 'gateway_access', token, url, expires_in_ms: expiresInMs });
  return 0;
}

async function start(given: ServeGiven, io: Io): Promise<number> {
  const words = await gatewayArguments(given, io);
  const pipe = await startDetached(words, 'the gateway', io);
  await printReady(await readReadyLine<Ready>(pipe, endedEarly(), io.signal), io);
  return 0;
}

/** The gateway gets this process' signals, and its exit code is ours. */
async function runInForeground(given: ServeGiven, io: Io): Promise<number> {
  const words = await gatewayArguments(given, io);
  const { spawn } = await import('node:child_process');
  const stdio = ['ignore', 'ignore', 'inherit', 'pipe'] as const;
  const child = spawn(io.node.path, words, { env: io.env, stdio: [...stdio] });
  io.signal.addEventListener('abort', () => {
    const { reason } = io.signal;
    child.kill(reason instanceof Interruption ? reason.signal : 'SIGTERM');
  });
  const ended = new Promise<number>((settle, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => settle(signal === null ? (code ?? 0) : signalExitCode(signal)));
  });
  const pipe = child.stdio[READY_FD] as Readable;
  // Why it is not ready, the gateway itself has said on stderr.
  const ready = await readReadyLine<Ready>(pipe, endedEarly(), io.signal).catch(() => undefined);
  if (ready !== undefined) await printReady(ready, io);
  return await ended;
}

async function printReady({ pid, url, token_file }: Ready, io: Io): Promise<void> {
  await printJson(io.stdout, { type: 'gateway_started', pid, url, token_file });
}

async function gatewayArguments(given: ServeGiven, io: Io): Promise<string[]> {
  const files = [given['token-file'], given['tls-cert'], given['tls-key']];
  await requireDecoded(io, {
    // Sessions that are started over HTTP inherit it.
    variables: Object.keys(callerEnvironment(io.env)),
    directory: files.some((name) => name && !name.startsWith('/')) ? io.cwd : undefined,
  });
  const { directory } = await chooseSocketPaths(io);
  makeDirectory(directory);
  const file = (name: string | undefined) => (name === undefined ? [] : [resolve(io.cwd, name)]);
  const worded: [string, readonly string[]][] = [
    ['--bind', given.bind === undefined ? [] : [given.bind]],
    ['--token-file', file(given['token-file'])],
    ['--base-path', given['base-path'] === undefined ? [] : [given['base-path']]],
    ['--tls-cert', file(given['tls-cert'])],
    ['--tls-key', file(given['tls-key'])],
    ['--allow-host', given['allow-host']],
    ['--allow-origin', given['allow-origin']],
  ];
  return [
    io.gatewayProgram,
    ...['--socket-dir', directory, '--ready-fd', String(READY_FD)],
    ...worded.flatMap(([name, values]) => values.map((each) => `${name}=${each}`)),
    ...(given.insecure ? ['--insecure'] : []),
  ];
}

function endedEarly(): RequestError {
  return new RequestError('INTERNAL_ERROR', 'the gateway ended before it was ready', {
    suggestion: "'pilotty serve' in the foreground shows why.",
  });
}
