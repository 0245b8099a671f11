/** A fleet, or a host of one, as a user names it: `nats://server:4222/FLEET/HOST`. */
import { isName, NAME_RULE } from './names.ts';

export interface ServerAddress {
  /** For the library: a host name or an address, with its port. */
  server: string;
  /** `tls://`: a server that does not encrypt is refused. */
  isEncrypted: boolean;
}

export interface FleetAddress extends ServerAddress {
  /** As it was given, for messages. */
  text: string;
  fleet: string;
}

export interface FleetHostAddress extends FleetAddress {
  host: string;
}

type Problem = { problem: string };

export function isFleetAddress(text: string): boolean {
  return /^(?:nats|tls):\/\//.test(text);
}

/** @returns what is wrong with it, to stand after "is 'TEXT', ": 'and must be …' */
export function parseServer(text: string): ServerAddress | Problem {
  const parsed = parse(text);
  if ('problem' in parsed) return parsed;
  if (parsed.path.length > 0) return { problem: 'and must be nats://SERVER[:PORT], without a path' };
  return serverOf(parsed);
}

export function parseFleet(text: string): FleetAddress | Problem {
  const parsed = parse(text);
  if ('problem' in parsed) return parsed;
  const [fleet, ...more] = parsed.path;
  if (fleet === undefined || more.length > 0) return { problem: 'and must be nats://SERVER[:PORT]/FLEET' };
  return named({ ...serverOf(parsed), text, fleet }, { fleet });
}

export function parseFleetHost(text: string): FleetHostAddress | Problem {
  const parsed = parse(text);
  if ('problem' in parsed) return parsed;
  const [fleet, host, ...more] = parsed.path;
  if (fleet === undefined || host === undefined || more.length > 0)
    return { problem: 'and must be nats://SERVER[:PORT]/FLEET/HOST' };
  return named({ ...serverOf(parsed), text, fleet, host }, { fleet, host });
}

interface Parsed {
  scheme: string;
  server: string;
  path: string[];
}

const SERVER = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/;
const MAX_PORT = 65_535;

function parse(text: string): Parsed | Problem {
  const [, scheme, authority = '', path = ''] = /^(nats|tls):\/\/([^/]*)(.*)$/s.exec(text) ?? [];
  if (scheme === undefined) return { problem: 'and must begin with nats:// or tls://' };
  if (authority.includes('@'))
    return {
      problem: 'and must have no user or password in it, which others would see: name a file of credentials',
    };
  const server = SERVER.exec(authority);
  const port = Number(server?.[1] ?? 1);
  if (server === null || port < 1 || port > MAX_PORT)
    return { problem: 'and its server must be a name or an address, with a port from 1 to 65535' };
  return { scheme, server: authority, path: path.split('/').filter((part) => part !== '') };
}

function serverOf({ scheme, server }: Parsed): ServerAddress {
  return { server, isEncrypted: scheme === 'tls' };
}

function named<T>(address: T, names: Record<string, string>): T | Problem {
  for (const [what, name] of Object.entries(names))
    if (!isName(name)) return { problem: `and its ${what} must be ${NAME_RULE}` };
  return address;
}
