/** The gateway itself: alive, let in, described; and every method of the protocol by its own name. */
import { type MethodName, type Params, VERSION } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
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
    async run({ token, ticket }, { access, http }) {
      const isRight = token === undefined ? access.tickets.take(ticket ?? '') : access.isToken(token.trim());
      if (!isRight)
        throw access.refusal(http.env.incoming, token === undefined ? 'Expired ticket' : 'Wrong token');
      return new Response(null, { status: 204, headers: { 'set-cookie': access.loginCookie() } });
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
    summary: 'Create a ticket for one request, for clients that cannot send headers: `?ticket=`',
    params: z.strictObject({}),
    result: z.object({ type: z.literal('ticket'), ticket: z.string(), expires_in_ms: z.int() }),
    status: 201,
    async run(_given, { access: { tickets } }) {
      return { type: 'ticket', ticket: tickets.issue(), expires_in_ms: tickets.lastMs };
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
