import { eventTypes, safeJson } from '@pilotty/client';
import { command, deadline, flag, integer, list, oneOf, value } from '../command.ts';
import { manyOf, manyOptions } from '../which.ts';

export const declaration = command({
  name: 'events',
  summary: 'follow what happens to sessions',
  description: `One JSON object a line, as it happens, until Ctrl-C. Types: ${eventTypes.join(', ')}.
Each has a cursor: --after goes on from there. A reader that falls behind is told how many it has missed.
Sessions to come take part where they fit a tag or a pattern; a name that no session has fails with 5.`,
  options: {
    ...manyOptions,
    type: list('TYPE', oneOf(...eventTypes), 'only events of this type'),
    after: value(
      'CURSOR',
      integer,
      'begin after this one; 0 begins with the oldest there is; else with what is to come',
    ),
    past: flag('end with what has already happened: all of it, or what came after --after'),
    timeout: value('TIME', deadline, 'end after so long', 't'),
  },
  examples: [
    ['pilotty events --tag ci --type idle --type exited', 'which of them wants something, or has ended'],
    ['pilotty events --past', 'what has happened so far; the last line has the cursor to go on from'],
    [
      "pilotty events -s 'build-*' --type command_finished | jq 'select(.exit_code != 0)'",
      'commands that failed',
    ],
  ],
  startsDaemon: true,
  aloneBecause: ({ past, timeout }) => (past || timeout !== undefined ? undefined : 'it never ends'),
  async run(given, io, client) {
    const print = (line: object) => io.stdout.write(`${safeJson(line)}\n`);
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
