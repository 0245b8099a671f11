/**
 * A client of the daemon that does what a grant permits and nothing else. Every request of every kind passes here: HTTP,
 * WebSockets, event streams, MCP. What is not known to be harmless is refused, so a new method is, until it stands here.
 */
import {
  type Client,
  type MethodName,
  type Params,
  RequestError,
  type RequestOptions,
  type Result,
} from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import { isScoped, type Permissions } from './grant.ts';

/** Read one session, by their parameter `session`. */
const OF_ONE_SESSION: readonly MethodName[] = [
  'session.status',
  'session.snapshot',
  'session.output',
  'session.commands',
  'session.view',
  'session.attach',
  'session.wait',
];
/** Read the sessions that `sessions` and `tags` select. */
const OF_MANY_SESSIONS: readonly MethodName[] = [
  'session.list',
  'sessions.gather',
  'sessions.grep',
  'sessions.wait',
  'sessions.idle',
  'events.follow',
];

interface Selection {
  session?: string | undefined;
  sessions?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
  inside?: object | undefined;
  resume?: number | undefined;
}

/** @returns the client itself where everything is permitted */
export function guarded(client: Client, permissions: Permissions): Client {
  return permissions.readOnly || isScoped(permissions) ? new GuardedClient(client, permissions) : client;
}

class GuardedClient implements Client {
  readonly #client: Client;
  readonly #permissions: Permissions;

  constructor(client: Client, permissions: Permissions) {
    this.#client = client;
    this.#permissions = permissions;
  }

  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options?: RequestOptions<M>,
  ): Promise<Result<M>> {
    // One that we do not know may be one of a newer daemon.
    if (!Object.hasOwn(methods, method) || !isHarmless(method, params))
      throw readOnly(`the method ${method}`);
    if (!isScoped(this.#permissions)) return await this.#client.request(method, params, options);
    const narrowed = await this.#narrowed(method, params as Selection);
    try {
      return await this.#client.request(method, narrowed as Params<M>, options);
    } catch (error) {
      // It names the sessions that there are.
      throw error instanceof RequestError && error.code === 'SESSION_NOT_FOUND' ? notFound() : error;
    }
  }

  disconnected(): Promise<void> {
    return this.#client.disconnected();
  }

  close(): void {
    this.#client.close();
  }

  async #narrowed(method: MethodName, params: Selection): Promise<Selection> {
    if (OF_ONE_SESSION.includes(method)) {
      const session = await this.#idOf(params.session);
      // Where it runs would be answered with the name of another session.
      return method === 'session.attach' ? { ...params, session, inside: {} } : { ...params, session };
    }
    if (!OF_MANY_SESSIONS.includes(method))
      throw new RequestError('FORBIDDEN', `This token is for some sessions only, and ${method} is about all`);
    if (params.resume !== undefined)
      throw new RequestError('FORBIDDEN', 'This token cannot resume a wait on many sessions');
    return { ...params, ...(await this.#selected(params)) };
  }

  /** What is selected must be its own; where nothing is, all that is its own. */
  async #selected({ sessions, tags }: Selection): Promise<Selection> {
    const own = this.#permissions;
    if (sessions === undefined && tags === undefined) {
      return { ...(own.sessions && { sessions: own.sessions }), ...(own.tags && { tags: own.tags }) };
    }
    const foreign = tags?.find((tag) => !own.tags?.includes(tag));
    if (foreign !== undefined)
      throw new RequestError('FORBIDDEN', `This token is not for the tag '${foreign}'`);
    const ids = sessions && (await Promise.all(sessions.map((session) => this.#idOf(session))));
    return { ...(ids && { sessions: ids }), ...(tags && { tags }) };
  }

  /** By its id, so that it is still the one that was checked. @throws RequestError as if others did not exist */
  async #idOf(name: string | undefined): Promise<string> {
    const { sessions = [], tags = [] } = this.#permissions;
    const wanted = name ?? (tags.length === 0 && sessions.length === 1 ? sessions[0] : undefined);
    if (wanted === undefined)
      throw new RequestError('INVALID_INPUT', 'This token is for some sessions only: name one of them');
    const status = await this.#client
      .request('session.status', { session: wanted })
      .catch((error: unknown) => {
        throw error instanceof RequestError && error.code === 'SESSION_NOT_FOUND' ? notFound() : error;
      });
    if (sessions.includes(status.id) || status.tags.some((tag) => tags.includes(tag))) return status.id;
    throw notFound();
  }
}

/** Who is attached to look only is listed, and changes nothing. */
function isHarmless(method: MethodName, params: object): boolean {
  if (method === 'session.attach') return 'read_only' in params && params.read_only === true;
  return methods[method].readOnly;
}

export function readOnly(what: string): RequestError {
  return new RequestError('FORBIDDEN', `Read-only access: ${what} is not permitted`, {
    suggestion: "Use the token of 'pilotty serve --show-token', of a gateway started without --read-only.",
  });
}

function notFound(): RequestError {
  return new RequestError('SESSION_NOT_FOUND', 'No session of this token has this name or id', {
    suggestion: "'GET /sessions' lists those that the token is for.",
  });
}
