/**
 * What a route is. The table of them is all there is: routing, validation, /openapi.json, /docs and
 * docs/http.md follow from it.
 */
import type { HttpBindings } from '@hono/node-server';
import type { MethodName, Params, Result, StreamEvent } from '@pilotty/protocol';
import { methods } from '@pilotty/protocol/schemas';
import type { Context as HttpContext } from 'hono';
import type * as z from 'zod';
import type { Access } from '../access/access.ts';

/** A request on its way to the daemon; it ends when the client disconnects. */
export interface DaemonRpc {
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    onEvent?: (event: StreamEvent<M>) => void | Promise<void>,
  ): Promise<Result<M>>;
  signal: AbortSignal;
  /** Ends what is still asked; called by an answer that comes in parts, once it has ended. */
  close(): void;
}

export type Bindings = { Bindings: HttpBindings };

export interface Context {
  daemon: DaemonRpc;
  access: Access;
  /** The gateway's own, which its sessions begin with. */
  env: Readonly<Record<string, string | undefined>>;
  /** The request over HTTP. */
  http: HttpContext<Bindings>;
}

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** ':session' and the like are parameters. */
  path: string;
  summary: string;
  /** All parameters: those of the path, and the rest of the query, or of the JSON body where there is one. */
  params: z.ZodType;
  /** A body that is not JSON is the parameter `bytes`. */
  takesBytes?: true;
  /** What is answered in JSON. */
  result?: z.ZodType | undefined;
  /** What is answered otherwise. */
  media?: readonly string[];
  status?: 201 | 204;
  /** Needs no token. */
  isPublic?: true;
  run(given: unknown, context: Context): Promise<Response | object | undefined>;
}

/** Ties what `run` is given to what the route takes. */
export function route<T extends z.ZodType>(
  declaration: Omit<Route, 'takes' | 'run'> & {
    params: T;
    run(given: z.output<T>, context: Context): Promise<Response | object | undefined>;
  },
): Route {
  // Sound, because `given` is what `takes` has made of the request.
  return declaration as unknown as Route;
}

/** A route that is a method of the protocol. Defaults are left to the daemon. */
export function call<M extends MethodName>(method: Route['method'], path: string, name: M): Route {
  const { params, result, title } = methods[name];
  return {
    method,
    path,
    summary: title,
    params: params,
    result: result,
    run: async (given, { daemon }) => daemon.request(name, given as Params<M>),
  };
}
