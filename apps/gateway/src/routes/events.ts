/**
 * What happens to sessions, as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 * The id of each is its cursor, so a browser that lost the connection, or whose daemon was restarted, goes on
 * behind the last one it has seen.
 */
import type { Params } from '@pilotty/protocol';
import { anyCursor, methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { type Route, route } from './route.ts';
import { type StreamForm, streamAnswer } from './stream-answer.ts';

const { shape: follow } = methods['events.follow'].params;

const serverSentEvents: StreamForm<'events.follow'> = {
  contentType: 'text/event-stream',
  opening: 'retry: 1000\n\n',
  part: (event) => `id: ${event.event_cursor}\ndata: ${JSON.stringify(event)}\n\n`,
  result: () => '',
  // Not 'error', which browsers call a lost connection.
  error: (error) => `event: refused\ndata: ${JSON.stringify(error)}\n\n`,
  keepAlive: ':\n\n',
};

export const eventRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/events',
    id: 'followEvents',
    tag: 'events',
    effect: 'reads',
    summary: 'Follow what happens to sessions, as server-sent events',
    params: z.strictObject({
      session: follow.sessions,
      tag: follow.tags,
      type: follow.types,
      after: anyCursor
        .optional()
        .describe('begin after this event_cursor; the header Last-Event-ID says the same'),
    }),
    media: [serverSentEvents.contentType],
    part: methods['events.follow'].stream,
    async run({ session, tag, type, after }, { daemon, http }) {
      const last = http.req.header('last-event-id');
      const seen = last === undefined ? after : (cursorIn(last) ?? after);
      // Known before the answer begins: a client that has its first byte misses nothing from then on.
      const from = seen ?? (await daemon.request('events.follow', { follow: false })).event_cursor;
      const given = { sessions: session, tags: tag, types: type, after: from } as Params<'events.follow'>;
      return streamAnswer(http, daemon, 'events.follow', given, serverSentEvents);
    },
  }),
];

/** A browser may bring one of another server at this address. */
function cursorIn(text: string): number | string | undefined {
  if (/^\d{1,16}$/.test(text)) return Number(text);
  return anyCursor.safeParse(text).success ? text : undefined;
}
