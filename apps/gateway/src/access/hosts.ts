/**
 * Which host names the gateway accepts, and which origins.
 *
 * A page can make a browser send requests to a server on the browser's machine, and with DNS rebinding even read the
 * answers. It cannot choose the Host and Origin headers: Host must be a name of the gateway, and an Origin, where there
 * is one, the gateway's own page or an allowed one. DNS cannot rebind an IP address, so every address is accepted.
 */
import { isIP } from 'node:net';

export interface Allowed {
  hosts: readonly string[];
  origins: readonly string[];
}

/** The name in a Host header, without its port; undefined when it is not one name. */
export function hostName(header: string | undefined): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return name?.toLowerCase().replace(/^\[|\]$/g, '');
}

export function isOurHost(header: string | undefined, { hosts }: Allowed): boolean {
  const name = hostName(header);
  if (name === undefined) return false;
  return name === 'localhost' || isIP(name) !== 0 || hosts.includes(name);
}

export type RequestOrigin = 'no-origin' | 'same-origin' | 'allowed-origin' | 'cross-origin';

/**
 * Whose page sent the request, by the Origin header; programs other than browsers send none. A gateway without TLS may
 * be behind a proxy with TLS, so its own page may have either scheme.
 */
export function originOf(
  origin: string | undefined,
  host: string | undefined,
  isSecure: boolean,
  { origins }: Allowed,
): RequestOrigin {
  if (origin === undefined) return 'no-origin';
  const ours = (isSecure ? ['https'] : ['http', 'https']).map((scheme) => `${scheme}://${host ?? ''}`);
  if (ours.some((own) => own.toLowerCase() === origin.toLowerCase())) return 'same-origin';
  return origins.includes(origin) ? 'allowed-origin' : 'cross-origin';
}

/** Reachable from this machine only. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
