import { command, flag } from '../command.ts';
import { printJson } from '../output.ts';
import { manyOf, manyOptions } from '../which.ts';

export const declaration = command({
  name: 'list-sessions',
  summary: 'list the sessions, oldest first',
  options: {
    ...manyOptions,
    all: flag('also those that have ended and are still remembered'),
  },
  examples: [
    ['pilotty list-sessions', 'all live sessions'],
    ["pilotty list-sessions -s 'build-*' --tag ci", 'those of a pattern, and those of a tag'],
    ["pilotty ls --all | jq -r '.sessions[].name'", 'the names, with those that have ended'],
  ],
  startsDaemon: true,
  async run({ session, tag, all }, io, client) {
    const params = { ...manyOf({ session, tag }), all };
    await printJson(io.stdout, await client.request('session.list', params, { signal: io.signal }));
    return 0;
  },
});
