import { eventTypes } from '@pilotty/client';
import { command, deadline, flag, list, oneOf, value } from '../command.ts';
import { printJsonLine } from '../output.ts';
import { readableEvent } from '../readable-event.ts';
import { cursor, manyOf, manyOptions } from '../selector.ts';

export const declaration = command({
  name: 'events',
  summary: 'follow what happens to sessions',
  description: `One JSON object a line (on a terminal a line of text, unless --json is given), as it happens, until Ctrl-C. Types: ${eventTypes.join(', ')}.
Each has an event_cursor: --after goes on from there. A slow reader gets the number of events that it missed.
Sessions that start later are included if they match a tag or a pattern; a name that no session has fails with 5.`,
  options: {
    ...manyOptions,
    type: list('TYPE', oneOf(...eventTypes), 'only events of this type'),
    after: value(
      'CURSOR',
      cursor,
      'start after this event_cursor; 0: with the oldest retained event (default: from now on)',
    ),
    past: flag('only past events: all of them, or those after --after; then end'),
    timeout: value('TIME', deadline, 'end after TIME', 't'),
  },
  examples: [
    ['pilotty events --tag ci --type idle --type exited', 'sessions that became idle, or ended'],
    ['pilotty events --past', 'what has happened so far; the last line has the event_cursor to go on from'],
    [
      "pilotty events -s 'build-*' --type command_finished | jq 'select((.exit_code // 0) > 0)'",
      'commands that failed',
    ],
  ],
  startsDaemon: true,
  batchUnsupportedReason: ({ past, timeout }) =>
    past || timeout !== undefined ? undefined : 'it never ends',
  async run(given, io, client) {
    const isReadable = io.stdout.isTty && !given.json;
    const print = (event: object) =>
      isReadable ? io.stdout.write(`${readableEvent(event)}\n`) : printJsonLine(io.stdout, event);
    const params = {
      ...manyOf(given),
      ...(given.type.length > 0 && { types: given.type }),
      after: given.after ?? (given.past ? 0 : undefined),
      follow: !given.past,
      timeout_ms: given.timeout,
    };
    await print(await client.request('events.follow', params, { signal: io.signal, onEvent: print }));
    return 0;
  },
});
