/**
 * The gateway's access checks, for every request and every upgrade, before anything else reads it.
 *
 * In this order: rate limit, plain path, allowed host, allowed origin, and the token, given as itself, as a ticket or
 * as a login. The answer of the last is what the client may do.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '@pilotty/client';
// Not hono/cookie, because an upgrade has no context of hono's.
import { parse, serialize } from 'hono/utils/cookie';
import { isDecodable } from '../decodable.ts';
import { LOGIN_MS, REFUSED_REQUESTS, REQUESTS } from '../limits.ts';
import { Grant, isScoped, type Permissions } from './grant.ts';
import { type Allowed, isOurHost, originOf } from './hosts.ts';
import { type Kept, readKeptPasses, writeKeptPasses } from './kept-passes.ts';
import { Passes } from './passes.ts';
import { RateLimit } from './rate.ts';
import { StreamTickets } from './stream-tickets.ts';
import { isSame } from './token.ts';

export interface AccessOptions {
  token: string;
  /** Every token only looks. */
  readOnly: boolean;
  /** Where logins and shared tokens outlive the gateway. */
  keptFile: string;
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
  readonly #options: AccessOptions;
  readonly #owner = new Grant({ readOnly: false });
  readonly #tickets = new Passes();
  readonly #logins = new Passes(() => this.#keep());
  readonly #shares = new Passes(() => this.#keep());
  readonly #streams = new StreamTickets();
  readonly #rate = new RateLimit(REQUESTS);
  readonly #refusals = new RateLimit(REFUSED_REQUESTS);

  constructor(options: AccessOptions) {
    this.#options = options;
    const { logins, shares } = readKeptPasses(options.keptFile, options.token);
    this.#logins.restore(logins);
    this.#shares.restore(shares);
  }

  #keep(): void {
    const kept: Kept = { logins: this.#logins.kept(), shares: this.#shares.kept() };
    try {
      writeKeptPasses(this.#options.keptFile, this.#options.token, kept);
    } catch {
      // The disk is full, or the directory was removed: what was issued is valid until the gateway ends.
    }
  }

  /** What a grant permits here and now. */
  permissionsOf({ permissions }: Grant): Permissions {
    return {
      ...permissions,
      readOnly: permissions.readOnly || isScoped(permissions) || this.#options.readOnly,
    };
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

  /** @throws RequestError UNAUTHORIZED; a ticket is valid once, or as long as the event stream it opens */
  checkToken(request: IncomingMessage, response?: ServerResponse): Grant {
    const grant = this.#requireToken(request, response);
    this.#options.onTrusted(request);
    return grant;
  }

  #requireToken(request: IncomingMessage, response: ServerResponse | undefined): Grant {
    const { headers } = request;
    const [, bearer] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    const ticket = new URL(request.url ?? '', 'http://gateway').searchParams.get('ticket');
    const grant =
      (bearer === undefined ? this.#loginGrant(request) : this.grantOfToken(bearer)) ??
      (ticket === null ? undefined : this.#useTicket(ticket, request, response));
    if (grant !== undefined) return grant;
    throw this.refusal(request, bearer === undefined && ticket === null ? 'Missing token' : 'Wrong token');
  }

  #useTicket(
    ticket: string,
    { method, url = '' }: IncomingMessage,
    response?: ServerResponse,
  ): Grant | undefined {
    const isStream = response !== undefined && method === 'GET' && this.#isEventStream(url);
    const grant = (isStream ? this.#streams.find(ticket, url) : undefined) ?? this.#tickets.take(ticket);
    if (isStream && grant !== undefined) response.once('close', this.#streams.opened(ticket, url, grant));
    return grant;
  }

  #isEventStream(url: string): boolean {
    return new URL(url, 'http://gateway').pathname.replace(/\/$/, '') === `${this.#options.basePath}/events`;
  }

  /** The owner's token, or one that was shared. */
  grantOfToken(given: string): Grant | undefined {
    return isSame(given, this.#options.token) ? this.#owner : this.#shares.find(given);
  }

  /** A ticket opens one request, with what the grant permits; the owner's own where none is given. */
  issueTicket(lastMs: number, grant: Grant = this.#owner): string {
    // The owner's token stays when tickets are revoked.
    const own = grant === this.#owner ? new Grant(grant.permissions) : grant;
    return this.#tickets.issue(own, Date.now() + lastMs);
  }

  /** A token for others, who may only look. */
  share(permissions: Omit<Permissions, 'readOnly'>, lastMs: number): { token: string; expiresAt: number } {
    const expiresAt = Date.now() + lastMs;
    const token = this.#shares.issue(new Grant({ ...permissions, readOnly: true }, expiresAt), expiresAt);
    return { token, expiresAt };
  }

  /** Ends every login and ticket and every shared token, and what is open by them. */
  revoke(): { logins: number; shares: number } {
    this.#tickets.revoke();
    this.#streams.revoke();
    return { logins: this.#logins.revoke(), shares: this.#shares.revoke() };
  }

  /** The error for a request without a valid token; LIMIT_REACHED after many of them. */
  refusal(request: IncomingMessage, message: string): RequestError {
    const waitSeconds = this.#refusals.take(addressOf(request));
    if (waitSeconds > 0) return new TooManyRequestsError(waitSeconds);
    return new RequestError('UNAUTHORIZED', message);
  }

  /**
   * Exchanges a token or a ticket for a login.
   * @returns the Set-Cookie header, which no script and no other site can use; undefined if it is not valid
   */
  logIn({
    token,
    ticket = '',
  }: {
    token?: string | undefined;
    ticket?: string | undefined;
  }): string | undefined {
    const from =
      token === undefined
        ? (this.#tickets.take(ticket) ?? this.#shares.find(ticket))
        : this.grantOfToken(token.trim());
    if (from === undefined) return undefined;
    const expiresAt = Math.min(Date.now() + LOGIN_MS, from.expiresAt ?? Number.POSITIVE_INFINITY);
    const login = this.#logins.issue(new Grant(from.permissions, expiresAt), expiresAt);
    return this.#cookie(login, Math.round((expiresAt - Date.now()) / 1000));
  }

  /** Ends the login of this browser. @returns the Set-Cookie header that deletes its cookie */
  endLogin(request: IncomingMessage): string {
    const login = this.#loginOf(request);
    if (login !== undefined) this.#logins.take(login)?.end();
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
  #loginGrant(request: IncomingMessage): Grant | undefined {
    const site = request.headers['sec-fetch-site'] ?? 'none';
    if (site !== 'same-origin' && site !== 'none') return undefined;
    const origin = this.#originOf(request);
    if (origin !== 'same-origin' && origin !== 'no-origin') return undefined;
    const login = this.#loginOf(request);
    return login === undefined ? undefined : this.#logins.find(login);
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
