/** The words after `pilotty serve`, understood and checked before anything is opened. */
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { parseArgs } from 'node:util';
import { RequestError } from '@pilotty/client';
import { type Allowed, hostName, isLoopback } from './access/hosts.ts';
import { readRegularFile } from './open-file.ts';

export interface Settings {
  directory: string;
  host: string;
  port: number;
  tokenFile: string;
  /** Logins and shared tokens. */
  keptFile: string;
  readOnly: boolean;
  basePath: string;
  tls: { cert: Buffer; key: Buffer; minVersion: 'TLSv1.2' } | undefined;
  allowed: Allowed;
  pageDirectory: string;
  readyFd: number | undefined;
  /** Its stdin is a pipe of the command that started it in the foreground, and that ends in any way. */
  endsWithStdin: boolean;
}

/** @throws RequestError INVALID_INPUT */
export function readSettings(words: readonly string[], pageDirectory: string): Settings {
  const { values } = parseArgs({
    args: [...words],
    options: {
      'socket-dir': { type: 'string', default: '' },
      'ready-fd': { type: 'string' },
      'ends-with-stdin': { type: 'boolean', default: false },
      bind: { type: 'string', default: '127.0.0.1:8080' },
      'token-file': { type: 'string' },
      'base-path': { type: 'string', default: '' },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      insecure: { type: 'boolean', default: false },
      'read-only': { type: 'boolean', default: false },
      'allow-origin': { type: 'string', multiple: true, default: [] },
      'allow-host': { type: 'string', multiple: true, default: [] },
    },
  });
  const { host, port } = readBind(values.bind);
  const tls = readTls(values['tls-cert'], values['tls-key']);
  if (!isLoopback(host) && !tls && !values.insecure) {
    throw invalid(
      `Refusing --bind ${values.bind} without TLS: other machines could read the token`,
      'Give --tls-cert and --tls-key, bind to 127.0.0.1 and use ssh -L, or pass --insecure.',
    );
  }
  return {
    directory: values['socket-dir'],
    host,
    port,
    tokenFile: values['token-file'] ?? `${values['socket-dir']}/gateway.token`,
    keptFile: `${values['socket-dir']}/gateway.logins`,
    readOnly: values['read-only'],
    basePath: readBasePath(values['base-path']),
    tls,
    allowed: {
      hosts: [...values['allow-host'].map(readHost), ...(isIP(host) === 0 ? [host.toLowerCase()] : [])],
      origins: values['allow-origin'].map(readOrigin),
    },
    pageDirectory,
    readyFd: values['ready-fd'] === undefined ? undefined : Number(values['ready-fd']),
    endsWithStdin: values['ends-with-stdin'],
  };
}

function readBind(bind: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(?:(.*):)?(\d{1,5})$/.exec(bind) ?? [];
  const name = host === '' ? '127.0.0.1' : hostName(host);
  if (name !== undefined && port !== '' && Number(port) <= 65_535) return { host: name, port: Number(port) };
  throw invalid(`Invalid --bind '${bind}'`, 'Use HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080.');
}

function readBasePath(path: string): string {
  if (path === '' || path === '/') return '';
  if (/^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(path)) return path;
  throw invalid(
    `Invalid --base-path '${path}'`,
    'Start it with a slash and do not end it with one: /terminals.',
  );
}

function readTls(cert: string | undefined, key: string | undefined): Settings['tls'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw invalid('--tls-cert and --tls-key must be given together', 'Give both, as PEM files.');
  }
  try {
    const files = { cert: readRegularFile(cert), key: readRegularFile(key) };
    // Throws where they are invalid or do not match.
    createSecureContext(files);
    return { ...files, minVersion: 'TLSv1.2' };
  } catch (error) {
    throw invalid(
      `Cannot use the certificate: ${(error as Error).message}`,
      'Use PEM files that you can read: a certificate and its key.',
    );
  }
}

function readHost(host: string): string {
  const name = hostName(host);
  if (name !== undefined && !host.includes(':')) return name;
  throw invalid(`Invalid --allow-host '${host}'`, 'Use a name without a port: terminals.example.org.');
}

function readOrigin(text: string): string {
  const isOrigin =
    URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
  if (isOrigin) return text;
  throw invalid(
    `Invalid --allow-origin '${text}'`,
    'Use a scheme, a host and optionally a port: https://a.example.org.',
  );
}

function invalid(message: string, suggestion: string): RequestError {
  return new RequestError('INVALID_INPUT', message, { suggestion });
}
