/** The gateway itself: alive, let in, described; and every method of the protocol by its own name. */
import { type MethodName, type Params, RequestError, VERSION } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { TICKET_MS } from '../limits.ts';
import { call, type Route, route } from './route.ts';
import { jsonLines, streamAnswer } from './stream-answer.ts';

export const systemRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/health',
    id: 'checkHealth',
    tag: 'gateway',
    effect: 'reads',
    summary: 'Health check',
    params: z.strictObject({}),
    result: z.object({ status: z.literal('ok'), version: z.string() }),
    isPublic: true,
    run: async () => ({ status: 'ok', version: VERSION }),
  }),
  route({
    method: 'POST',
    path: '/login',
    id: 'logIn',
    tag: 'gateway',
    effect: 'reads',
    summary: 'Exchange the token, or a ticket, for an HttpOnly cookie',
    params: z
      .strictObject({ token: z.string().max(4096).optional(), ticket: z.string().max(4096).optional() })
      .refine(({ token, ticket }) => (token === undefined) !== (ticket === undefined), {
        message: 'give either token or ticket',
      }),
    status: 204,
    isPublic: true,
    async run(given, { access, http }) {
      const cookie = access.logIn(given);
      if (cookie === undefined) {
        const message = given.token === undefined ? 'Expired ticket' : 'Wrong token';
        throw access.refusal(http.env.incoming, message);
      }
      return new Response(null, { status: 204, headers: { 'set-cookie': cookie } });
    },
  }),
  route({
    method: 'POST',
    path: '/logout',
    id: 'logOut',
    tag: 'gateway',
    effect: 'reads',
    summary: 'End the login of this browser',
    params: z.strictObject({}),
    status: 204,
    isPublic: true,
    async run(_given, { access, http }) {
      return new Response(null, {
        status: 204,
        headers: { 'set-cookie': access.endLogin(http.env.incoming) },
      });
    },
  }),
  route({
    method: 'POST',
    path: '/tickets',
    id: 'createTicket',
    tag: 'gateway',
    effect: 'reads',
    summary:
      'Create a ticket for one request, or for one event stream and its reconnections, for clients that cannot send headers: `?ticket=`',
    params: z.strictObject({}),
    result: z.object({ type: z.literal('ticket'), ticket: z.string(), expires_in_ms: z.int() }),
    status: 201,
    async run(_given, { access, grant }) {
      return { type: 'ticket', ticket: access.issueTicket(TICKET_MS, grant), expires_in_ms: TICKET_MS };
    },
  }),
  route({
    method: 'GET',
    path: '/access',
    id: 'getAccess',
    tag: 'gateway',
    effect: 'reads',
    summary: 'Show what the token of this request permits',
    params: z.strictObject({}),
    result: z.object({
      type: z.literal('access'),
      read_only: z.boolean().describe('what changes something is refused: FORBIDDEN'),
      sessions: z
        .array(z.string())
        .optional()
        .describe('ids; with `tags`, the only sessions that are visible'),
      tags: z.array(z.string()).optional(),
      expires_at: z.string().optional().describe('RFC 3339, UTC; absent if it does not expire'),
    }),
    async run(_given, { access, grant }) {
      if (grant === undefined) throw new RequestError('UNAUTHORIZED', 'Missing token');
      const { readOnly, sessions, tags } = access.permissionsOf(grant);
      const { expiresAt } = grant;
      return {
        type: 'access',
        read_only: readOnly,
        ...(sessions && { sessions }),
        ...(tags && { tags }),
        ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }),
      };
    },
  }),
];

/** What a new method is called by before it has a route of its own. */
export const methodRoutes: readonly Route[] = (Object.keys(methods) as MethodName[]).map((name) => {
  const { stream } = methods[name] as { stream?: z.ZodType };
  const id = `rpc.${name}`.replaceAll(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const plain = call('POST', `/rpc/${name}`, name, { id, tag: 'rpc' });
  if (stream === undefined) return plain;
  return {
    ...plain,
    summary: `${plain.summary}; a line of JSON for each part, then one with the result`,
    media: [jsonLines.contentType],
    part: z.object({ event: stream }).describe('a line; the last one has `result` or `error` instead'),
    run: async (given, { daemon, http }) =>
      streamAnswer(http, daemon, name, given as Params<MethodName>, jsonLines),
  };
});
