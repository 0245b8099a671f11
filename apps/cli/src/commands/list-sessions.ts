import { command, flag, list, text } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'list-sessions',
  summary: 'list the sessions, oldest first',
  options: {
    tag: list('TAG', text, 'only sessions with this tag'),
    all: flag('also those that have ended and are still remembered'),
  },
  examples: [
    ['pilotty list-sessions', 'all live sessions'],
    ["pilotty ls --all | jq -r '.sessions[].name'", 'the names, with those that have ended'],
  ],
  startsDaemon: true,
  async run({ tag, all }, io, client) {
    const params = { all, tags: tag.length > 0 ? tag : undefined };
    await printJson(io.stdout, await client.request('session.list', params, { signal: io.signal }));
    return 0;
  },
});
