/**
 * The gateway's door: every request and every upgrade passes here before anything reads it.
 *
 * In this order: not too often, a path that means what it says, a host that is ours, a page that may ask,
 * and the token, as itself, as a ticket or as a login.
 */
import type { IncomingMessage } from 'node:http';
import { RequestError } from '@pilotty/client';
// Not hono/cookie, because an upgrade has no context of hono's.
import { parse, serialize } from 'hono/utils/cookie';
import { LOGIN_MS, REFUSED_REQUESTS, REQUESTS, TICKET_MS } from '../limits.ts';
import { type Allowed, askerOf, isOurHost } from './hosts.ts';
import { Passes } from './passes.ts';
import { RateLimit } from './rate.ts';
import { isSame } from './token.ts';

export interface AccessOptions {
  token: string;
  allowed: Allowed;
  isSecure: boolean;
  /** '' or a path such as '/terminals'. */
  basePath: string;
  port: () => number;
  /** The peer of this request has shown that it may ask. */
  onTrusted: (request: IncomingMessage) => void;
}

/** A request that is refused because there were too many. */
export class TooManyRequestsError extends RequestError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('LIMIT_REACHED', 'Too many requests from your address', {
      suggestion: `Wait ${retryAfterSeconds} s, and send fewer requests: use the waits instead of polling.`,
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class Access {
  readonly tickets = new Passes(TICKET_MS);
  readonly logins = new Passes(LOGIN_MS);
  readonly #options: AccessOptions;
  readonly #rate = new RateLimit(REQUESTS);
  readonly #refusals = new RateLimit(REFUSED_REQUESTS);

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /** @throws RequestError when it must not be looked at any further */
  checkFrom(request: IncomingMessage): void {
    const waitSeconds = this.#rate.take(addressOf(request));
    if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
    checkPath(request.url ?? '');
    const { allowed } = this.#options;
    const { host } = request.headers;
    if (!isOurHost(host, allowed)) {
      throw new RequestError('FORBIDDEN', `Host '${host ?? ''}' is not allowed`);
    }
    if (this.#askerOf(request) === 'cross-origin') {
      throw new RequestError('FORBIDDEN', `Origin '${request.headers.origin}' is not allowed`);
    }
  }

  /** The page that may read the answer although it is not ours. */
  corsOrigin(request: IncomingMessage): string | undefined {
    return this.#askerOf(request) === 'allowed-origin' ? request.headers.origin : undefined;
  }

  /** @throws RequestError UNAUTHORIZED; a ticket is used up by this */
  checkToken(request: IncomingMessage): void {
    this.#requireToken(request);
    this.#options.onTrusted(request);
  }

  #requireToken(request: IncomingMessage): void {
    const { headers } = request;
    const [, bearer] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    if (bearer !== undefined && this.isToken(bearer)) return;
    if (bearer === undefined && this.#hasLogin(request)) return;
    const ticket = new URL(request.url ?? '', 'http://gateway').searchParams.get('ticket');
    if (ticket !== null && this.tickets.take(ticket)) return;
    throw this.refusal(request, bearer === undefined && ticket === null ? 'Missing token' : 'Wrong token');
  }

  isToken(given: string): boolean {
    return isSame(given, this.#options.token);
  }

  /** The error for a request without the token; after many of them, to wait. */
  refusal(request: IncomingMessage, message: string): RequestError {
    const waitSeconds = this.#refusals.take(addressOf(request));
    if (waitSeconds > 0) return new TooManyRequestsError(waitSeconds);
    return new RequestError('UNAUTHORIZED', message);
  }

  /** The header that gives a browser a login which no script and no other site can use. */
  loginCookie(): string {
    return this.#cookie(this.logins.issue(), LOGIN_MS / 1000);
  }

  /** Ends the login of this browser; the header that makes it forget. */
  endLogin(request: IncomingMessage): string {
    const login = this.#loginOf(request);
    if (login !== undefined) this.logins.take(login);
    return this.#cookie('', 0);
  }

  #cookie(value: string, maxAge: number): string {
    const { basePath, isSecure } = this.#options;
    const path = basePath || '/';
    return serialize(this.#cookieName, value, {
      httpOnly: true,
      sameSite: 'Strict',
      path,
      maxAge,
      secure: isSecure,
    });
  }

  /** Browsers keep one jar for all ports of a host. */
  get #cookieName(): string {
    return `pilotty-${this.#options.port()}`;
  }

  #loginOf({ headers }: IncomingMessage): string | undefined {
    return parse(headers.cookie ?? '', this.#cookieName)[this.#cookieName];
  }

  /** The cookie also goes along when a page on another port of this host makes the browser ask. */
  #hasLogin(request: IncomingMessage): boolean {
    const site = request.headers['sec-fetch-site'] ?? 'none';
    if (site !== 'same-origin' && site !== 'none') return false;
    const asker = this.#askerOf(request);
    if (asker !== 'same-origin' && asker !== 'no-origin') return false;
    const login = this.#loginOf(request);
    return login !== undefined && this.logins.isValid(login);
  }

  #askerOf({ headers }: IncomingMessage): ReturnType<typeof askerOf> {
    const { isSecure, allowed } = this.#options;
    return askerOf(headers.origin, headers.host, isSecure, allowed);
  }
}

function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}

/** A path that a proxy or a file system might read in another way than we do is not read at all. */
function checkPath(url: string): void {
  const [path = ''] = url.split('?');
  const isPlain = /^\/(?!\/)[\x21-\x7e]*$/.test(path) && !/\/\/|\\|%(?:00|2f|5c|2e)/i.test(path);
  const segments = path.split('/');
  if (isPlain && isDecodable(path) && !segments.includes('..') && !segments.includes('.')) return;
  throw new RequestError('INVALID_INPUT', 'Invalid path', {
    suggestion: 'Use the name or id of a session unescaped: no slashes, dot segments or percent escapes.',
  });
}

function isDecodable(path: string): boolean {
  try {
    // Its value is used, because a bundler takes a call without one for no use at all.
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}
