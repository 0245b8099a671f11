/**
 * Which names the gateway answers to, and which web pages may ask.
 *
 * A page can make a browser ask a server on its own machine, and with a name that it resolves anew (DNS
 * rebinding) even read the answer. It cannot choose the Host and Origin headers: Host must be a name of
 * ours, and an Origin, where there is one, our own page or one that was named. An address is no name that
 * anybody else can give, so every address will do.
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
 * Who asks, by the Origin header; programs other than browsers send none. A gateway without TLS cannot tell
 * whether a proxy in front of it has it, so a page of ours may have come either way.
 */
export function askerOf(
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

/** Only this machine can reach it. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
