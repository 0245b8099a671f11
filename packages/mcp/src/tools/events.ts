/** What has happened to sessions, for an agent that was away: in order, each once, by a cursor. */
import { eventTypes } from '@pilotty/protocol';
import { anyCursor, methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { facts, printed } from '../answers/answer.ts';
import { checkedBy } from '../checked-by.ts';
import { describedThere } from '../params.ts';
import { type Call, tool } from '../tool.ts';

const { sessions, tags, types } = methods['events.follow'].params.shape;

/** Of one answer; the next begins behind the last of them. */
const MOST = 200;
/** Many, and each says only that there is more to look at. */
const NOISY: readonly string[] = ['output', 'changed'];
const TELLING = eventTypes.filter((type) => !NOISY.includes(type));

type Asked = Parameters<Call['request']>[1] & { after?: number };
type Happened = { type: string; event_cursor: number };

/** That a host of a fleet does not answer is said each time it is asked, and is no news of its sessions. */
const isNews = ({ type }: { type: string }) => type !== 'host_unreachable';

export const events = tool({
  name: 'events',
  title: 'What has happened',
  description: `What happened to sessions after a cursor, in order: starts, ends, states, titles, bells, questions, rules and others, no more than ${MOST} at once. Pass the event_cursor of the answer as after, and nothing is missed. Without after: the cursor of now.`,
  isDefault: false,
  waits: true,
  params: z
    .strictObject({
      sessions: sessions.describe(''),
      tags: tags.describe(''),
      types: types.describe('default: all but output and changed'),
      after: anyCursor.optional().describe('an event_cursor'),
      timeout_ms: describedThere.timeout_ms
        .default(0)
        .describe('where nothing has happened yet, wait so long for the first'),
    })
    .superRefine(checkedBy(methods['events.follow'].params, ({ after: _, ...asked }) => asked)),
  async run({ timeout_ms, types = TELLING, ...given }, call) {
    // The cursor of a fleet, which is a text, is the fleet's to read.
    const asked = { ...given, types } as Asked;
    let past = await pastOf(asked, call);
    if (!past.events.some(isNews) && timeout_ms > 0) {
      const after = asked.after ?? past.cursor;
      await first({ ...asked, after }, Math.min(timeout_ms, call.answerWithinMs), call);
      past = await pastOf({ ...asked, after }, call);
    }
    const { events, cursor, isCut } = past;
    return [
      ...facts(
        `events: ${events.length}, event_cursor ${cursor}`,
        isCut ? 'there are more: call again with it as after' : undefined,
      ),
      ...printed(events.map((event) => JSON.stringify(event)).join('\n')),
    ];
  },
});

/** Those that there are. */
async function pastOf(
  asked: Asked,
  { request }: Call,
): Promise<{ events: readonly Happened[]; cursor: number; isCut: boolean }> {
  const events: Happened[] = [];
  let isCut = false;
  const { event_cursor: end } = await request('events.follow', { ...asked, follow: false }, (event) => {
    if (events.length < MOST) events.push(event);
    else isCut = true;
  });
  return { events, cursor: (isCut && events.at(-1)?.event_cursor) || end, isCut };
}

/** Until one happens, or the time is over. */
async function first(asked: Asked, withinMs: number, { client, signal }: Call): Promise<void> {
  const happened = new AbortController();
  const following = client.request(
    'events.follow',
    { ...asked, timeout_ms: withinMs },
    {
      signal: AbortSignal.any([signal, happened.signal]),
      onEvent: (event) => {
        if (isNews(event)) happened.abort();
      },
    },
  );
  try {
    await following;
  } catch (error) {
    if (!happened.signal.aborted || signal.aborted) throw error;
  }
}
