import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { ConnectionError, callerEnvironment, type ErrorBody, RequestError } from '@pilotty/client';
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
import { command, durationUpTo, flag, type Given, list, nonEmpty, value } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson, writeDrawn } from '../output.ts';
import { programPath } from '../programs.ts';
import { UsageError } from '../usage-error.ts';

const DAY_MS = 24 * 3600 * 1000;
const MAX_VALID_MS = 366 * DAY_MS;

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
  'read-only': flag('refuse everything that changes anything, whatever the token'),
  share: flag('print a token and a link with which others can look, and change nothing'),
  session: list('NAME', nonEmpty, 'with --share: only this session, until it is gone; repeatable', 's'),
  tag: list('TAG', nonEmpty, 'with --share: only sessions with one of these tags; repeatable'),
  expires: value('TIME', validity, 'with --share: how long it is valid (default: 24h)'),
  revoke: flag('end every login, link and shared token; the token itself stays'),
};

/** @returns milliseconds */
function validity(given: string): number {
  const ms = durationUpTo(MAX_VALID_MS)(given);
  if (ms > 0) return ms;
  throw new UsageError(`is '${given}', and would be over at once`);
}

type ServeGiven = Given<Record<never, never>, typeof options>;

interface Ready {
  pid: number;
  url: string;
  token_file: string;
  /** What it serves, where that is not the daemon of this host. */
  host?: string;
  fleet?: string;
  /** Logs a browser in, once. */
  link: Link;
}

interface Link {
  url: string;
  expiresInMs: number;
}

export const declaration = command({
  name: 'serve',
  summary: 'answer over HTTP and WebSocket, and serve the web page',
  description: `Runs in the foreground until it is interrupted, as a process of its own. Every request needs a token, which is created
at the first start in the socket directory, readable by you alone. With -H it serves the daemon of that host, with --fleet
all hosts of a fleet, whose sessions are called HOST/NAME.`,
  options,
  examples: [
    ['pilotty serve', 'for this machine, at http://127.0.0.1:8080/'],
    ['pilotty serve --detach --bind 127.0.0.1:9000', 'in the background, on another port'],
    ['pilotty serve --show-token', 'what to open in a browser'],
    ['pilotty serve --share --tag demo --expires 2h', 'for others: to look at the sessions of a tag'],
    ['pilotty serve --revoke', 'log everybody out'],
    ['pilotty serve --bind 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem', 'for other machines'],
    ['pilotty serve --fleet nats://nats.example/ci', 'all sessions of a fleet in one page'],
    ['pilotty serve --stop', 'stop it'],
  ],
  startsDaemon: false,
  needsProcess: () => true,
  answer: { only: 'type pid url token_file host fleet token expires_in_ms expires_at logins shares' },
  async run(given, io) {
    const acts = [given.detach, given.stop, given['show-token'], given.share, given.revoke];
    if (acts.filter(Boolean).length > 1) {
      throw new UsageError('--detach, --stop, --show-token, --share and --revoke cannot be combined');
    }
    const isNarrowed = given.session.length > 0 || given.tag.length > 0 || given.expires !== undefined;
    if (isNarrowed && !given.share) throw new UsageError('--session, --tag and --expires need --share');
    if (given.share) return await share(given, io);
    if (given.revoke) return await revoke(io);
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
  const { token, url, expiresInMs } = await askRunning<{ token: string } & Link>('access', io);
  await printJson(io.stdout, { type: 'gateway_access', token, url, expires_in_ms: expiresInMs });
  await showLink({ url, expiresInMs }, io);
  return 0;
}

async function share(given: ServeGiven, io: Io): Promise<number> {
  const { session: sessions, tag: tags, expires = DAY_MS } = given;
  const asked = {
    ...(sessions.length > 0 && { sessions }),
    ...(tags.length > 0 && { tags }),
    last_ms: expires,
  };
  const answer = await askRunning<{ token: string; url: string; expiresAt: number } | { error: ErrorBody }>(
    `share ${JSON.stringify(asked)}`,
    io,
  );
  if ('error' in answer) throw RequestError.fromBody(answer.error);
  const { token, url, expiresAt } = answer;
  const expires_at = new Date(expiresAt).toISOString();
  await printJson(io.stdout, { type: 'gateway_share', token, url, expires_at });
  await showLink({ url, expiresInMs: expires }, io);
  return 0;
}

/** Without a gateway, what one left for the next. */
async function revoke(io: Io): Promise<number> {
  const { gateway, directory } = await chooseSocketPaths(io);
  const revoked = await askGateway<{ logins: number; shares: number }>(gateway, 'revoke');
  if (revoked === undefined) {
    const { rm } = await import('node:fs/promises');
    await rm(join(directory, 'gateway.logins'), { force: true });
  }
  const { logins, shares } = revoked ?? {};
  await printJson(io.stdout, { type: 'gateway_revoked', ...(revoked && { logins, shares }) });
  return 0;
}

async function askRunning<T>(question: string, io: Io): Promise<T> {
  const { gateway } = await chooseSocketPaths(io);
  const answer = await askGateway<T>(gateway, question);
  if (answer !== undefined) return answer;
  throw new ConnectionError(`no gateway is running (nothing listens at ${gateway})`, {
    suggestion: "'pilotty serve --detach' starts one.",
    isAbsent: true,
  });
}

async function start(given: ServeGiven, io: Io): Promise<number> {
  const words = await gatewayArguments(given, io);
  const pipe = await startDetached(words, 'the gateway', io);
  await printReady(await readReadyLine<Ready>(pipe, endedEarly(), io.signal), io);
  return 0;
}

/** The gateway gets this process' signals, and its exit code is ours. It also ends where this process is killed. */
async function runInForeground(given: ServeGiven, io: Io): Promise<number> {
  const words = [...(await gatewayArguments(given, io)), '--ends-with-stdin'];
  const { spawn } = await import('node:child_process');
  const stdio = ['pipe', 'ignore', 'inherit', 'pipe'] as const;
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

async function printReady({ pid, url, token_file, host, fleet, link }: Ready, io: Io): Promise<void> {
  await printJson(io.stdout, { type: 'gateway_started', pid, url, token_file, host, fleet });
  await showLink(link, io);
}

/** For a person; where the result goes to a program, so does no link. */
async function showLink({ url, expiresInMs }: Link, io: Io): Promise<void> {
  if (!io.stdout.isTty || !io.stderr.isTty) return;
  const { linkFor } = await import('../login-link.ts');
  await writeDrawn(io.stderr, linkFor(url, expiresInMs));
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
    programPath(io, 'pilotty-gateway.cjs'),
    ...['--socket-dir', directory, '--ready-fd', String(READY_FD)],
    ...worded.flatMap(([name, values]) => values.map((each) => `${name}=${each}`)),
    ...(given.insecure ? ['--insecure'] : []),
    ...(given['read-only'] ? ['--read-only'] : []),
  ];
}

function endedEarly(): RequestError {
  return new RequestError('INTERNAL_ERROR', 'the gateway ended before it was ready', {
    suggestion: "'pilotty serve' in the foreground shows why.",
  });
}
