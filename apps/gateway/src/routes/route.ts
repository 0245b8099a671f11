/**
 * What a route is. Routing, validation, /openapi.json, /docs and docs/http.md are all derived from the table of routes.
 */
import type { HttpBindings } from '@hono/node-server';
import type { Inherited } from '@pilotty/client';
import type { MethodName, Params, Result, StreamEvent } from '@pilotty/protocol';
import { methods, withAnyCursor } from '@pilotty/protocol/schemas';
import type { Context as HttpContext } from 'hono';
import type * as z from 'zod';
import type { Access } from '../access/access.ts';
import type { Grant } from '../access/grant.ts';

/** A request on its way to the daemon; it ends when the client disconnects. */
export interface DaemonRpc {
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    onEvent?: (event: StreamEvent<M>) => void | Promise<void>,
  ): Promise<Result<M>>;
  /** What a new session of that name inherits, where it is started. */
  surroundings(name?: string): Promise<Inherited>;
  signal: AbortSignal;
  /** Cancels open requests; a stream calls it at its end. */
  close(): void;
}

/** `grant`: of the token of the request; a public route has none. */
export type Bindings = { Bindings: HttpBindings; Variables: { grant?: Grant } };

export interface Context {
  daemon: DaemonRpc;
  access: Access;
  grant: Grant | undefined;
  /** The request over HTTP. */
  http: HttpContext<Bindings>;
}

/** In the order of the docs. */
export const routeTags = {
  sessions: 'Start, list, change and end sessions.',
  input: 'Type, press keys, paste.',
  looking: 'Screens, scrollback and output.',
  waiting: 'Wait instead of polling.',
  exec: 'Run a command in the shell of a session.',
  events: 'Follow what happens.',
  gateway: 'The gateway itself, and logins.',
  rpc: 'Every method of the protocol, under its own name.',
} as const;

export type RouteTag = keyof typeof routeTags;

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** ':session' and the like are parameters. */
  path: string;
  /** What a generated client calls it. */
  id: string;
  /** The group it stands in. */
  tag: RouteTag;
  /** Whether another client could see that it was asked: what a read-only token may ask for only reads. */
  effect: 'reads' | 'changes';
  summary: string;
  /** What else there is to know; plain text, with code in backticks. */
  description?: string;
  /** All parameters: those of the path, and the rest of the query, or of the JSON body where there is one. */
  params: z.ZodType;
  /** A body of another type than JSON becomes the parameter `bytes`. */
  takesBytes?: true;
  /** The schema of a JSON answer. */
  result?: z.ZodType | undefined;
  /** Content types of other answers; of one in parts, with the schema of each. */
  media?: readonly string[];
  part?: z.ZodType | undefined;
  status?: 201 | 204;
  /** Needs no token. */
  isPublic?: true;
  run(given: unknown, context: Context): Promise<Response | object | undefined>;
}

/** Types what `run` is given by the `params` of the route. */
export function route<T extends z.ZodType>(
  declaration: Omit<Route, 'params' | 'run'> & {
    params: T;
    run(given: z.output<T>, context: Context): Promise<Response | object | undefined>;
  },
): Route {
  // Sound, because `given` is what `params` has parsed from the request.
  return declaration as unknown as Route;
}

/** A route that is a method of the protocol. Defaults are left to the daemon. */
export function call<M extends MethodName>(
  method: Route['method'],
  path: string,
  name: M,
  { id, tag }: Pick<Route, 'id' | 'tag'>,
): Route {
  const { params, result, title, description, readOnly } = methods[name];
  return {
    method,
    path,
    id,
    tag,
    effect: readOnly ? 'reads' : 'changes',
    summary: title,
    description,
    params: withAnyCursor(params),
    result: result,
    run: async (given, { daemon }) => daemon.request(name, given as Params<M>),
  };
}
