/** Another host as a user names it, `ssh://user@host:port`, and as words for ssh. What could be an option, or a word of a shell, is no name. */

export interface HostAddress {
  /** As it was given, for messages. */
  text: string;
  host: string;
  user: string | undefined;
  port: number | undefined;
}

/** A name of ssh's own configuration, a domain or an address. Configurations hand it to shells, as %h. */
const HOST = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const IPV6 = /^\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?\]$/;
/** With the @ that names of a directory service have; handed to shells as %r. */
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.+@-]*\$?$/;
const MAX_PORT = 65_535;

/** @returns what is wrong with it, to stand after "is 'TEXT', ": 'and must be …' */
export function parseHostAddress(text: string): HostAddress | { problem: string } {
  const rest = /^ssh:\/\/([^/]*)\/?$/.exec(text)?.[1];
  if (rest === undefined) return { problem: 'and must be ssh://[USER@]HOST[:PORT]' };
  const at = rest.lastIndexOf('@');
  const user = at === -1 ? undefined : rest.slice(0, at);
  const [, host = '', portText] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(rest.slice(at + 1)) ?? [];
  if (user !== undefined && !USER.test(user))
    return { problem: 'and its user must be letters, digits and _ . + @ -, not beginning with -' };
  const isAddress = IPV6.test(host);
  if (!isAddress && !HOST.test(host))
    return { problem: 'and its host must be a name, or an address such as 10.0.0.1 or [fe80::1]' };
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && !(/^\d{1,5}$/.test(portText ?? '') && port >= 1 && port <= MAX_PORT))
    return { problem: `and its port must be from 1 to ${MAX_PORT}` };
  return { text, host: isAddress ? host.slice(1, -1) : host, user, port };
}

/** Where ssh is to go: the last of its words before the command. */
export function destinationWords({ host, user, port }: HostAddress): string[] {
  return [
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    '--',
    host,
  ];
}
