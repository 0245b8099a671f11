/**
 * The gateway's access checks, for every request and every upgrade, before anything else reads it.
 *
 * In this order: rate limit, plain path, allowed host, allowed origin, and the token, given as itself, as a ticket or
 * as a login.
 */
import type { IncomingMessage } from 'node:http';
import { RequestError } from '@pilotty/client';
// Not hono/cookie, because an upgrade has no context of hono's.
import { parse, serialize } from 'hono/utils/cookie';
import { isDecodable } from '../decodable.ts';
import { LOGIN_MS, REFUSED_REQUESTS, REQUESTS, TICKET_MS } from '../limits.ts';
import { type Allowed, isOurHost, originOf } from './hosts.ts';
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
  /** Called for a request with a valid token. */
  onTrusted: (request: IncomingMessage) => void;
}

/** The rate limit is exceeded. */
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

  /** The checks that need no token. @throws RequestError */
  checkFrom(request: IncomingMessage): void {
    const waitSeconds = this.#rate.take(addressOf(request));
    if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
    checkPath(request.url ?? '');
    const { allowed } = this.#options;
    const { host } = request.headers;
    if (!isOurHost(host, allowed)) {
      throw new RequestError('FORBIDDEN', `Host '${host ?? ''}' is not allowed`);
    }
    if (this.#originOf(request) === 'cross-origin') {
      throw new RequestError('FORBIDDEN', `Origin '${request.headers.origin}' is not allowed`);
    }
  }

  /** The origin of another site that may read the answer. */
  corsOrigin(request: IncomingMessage): string | undefined {
    return this.#originOf(request) === 'allowed-origin' ? request.headers.origin : undefined;
  }

  /** @throws RequestError UNAUTHORIZED; a ticket is valid once */
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

  /** The error for a request without a valid token; LIMIT_REACHED after many of them. */
  refusal(request: IncomingMessage, message: string): RequestError {
    const waitSeconds = this.#refusals.take(addressOf(request));
    if (waitSeconds > 0) return new TooManyRequestsError(waitSeconds);
    return new RequestError('UNAUTHORIZED', message);
  }

  /** The Set-Cookie header of a login, which no script and no other site can use. */
  loginCookie(): string {
    return this.#cookie(this.logins.issue(), LOGIN_MS / 1000);
  }

  /** Ends the login of this browser. @returns the Set-Cookie header that deletes its cookie */
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

  /** Browsers share cookies among all ports of a host. */
  get #cookieName(): string {
    return `pilotty-${this.#options.port()}`;
  }

  #loginOf({ headers }: IncomingMessage): string | undefined {
    return parse(headers.cookie ?? '', this.#cookieName)[this.#cookieName];
  }

  /** A browser also sends the cookie with requests of a page on another port of this host: those are refused. */
  #hasLogin(request: IncomingMessage): boolean {
    const site = request.headers['sec-fetch-site'] ?? 'none';
    if (site !== 'same-origin' && site !== 'none') return false;
    const origin = this.#originOf(request);
    if (origin !== 'same-origin' && origin !== 'no-origin') return false;
    const login = this.#loginOf(request);
    return login !== undefined && this.logins.isValid(login);
  }

  #originOf({ headers }: IncomingMessage): ReturnType<typeof originOf> {
    const { isSecure, allowed } = this.#options;
    return originOf(headers.origin, headers.host, isSecure, allowed);
  }
}

function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}

/** A path that a proxy or a file system might interpret differently is refused. */
function checkPath(url: string): void {
  const [path = ''] = url.split('?');
  const isPlain = /^\/(?!\/)[\x21-\x7e]*$/.test(path) && !/\/\/|\\|%(?:00|2f|5c|2e)/i.test(path);
  const segments = path.split('/');
  if (isPlain && isDecodable(path) && !segments.includes('..') && !segments.includes('.')) return;
  throw new RequestError('INVALID_INPUT', 'Invalid path', {
    suggestion: 'Use the name or id of a session unescaped: no slashes, dot segments or percent escapes.',
  });
}
