import { command, deadline, flag, value } from '../command.ts';
import { printJson } from '../output.ts';
import { manyOf, manyOptions } from '../selector.ts';

export const declaration = command({
  name: 'gc',
  summary: 'remove ended sessions, end idle ones',
  description: `Removes ended sessions, which otherwise can be inspected for a while, and files that killed daemons left beside the
socket. With --idle it also ends running sessions that had no output and no input for that long; those can still be
inspected, until the next gc. Prints what it did, and how many bytes that freed.`,
  options: {
    ...manyOptions,
    idle: value('TIME', deadline, 'also end running sessions that were idle for TIME'),
    'dry-run': flag('change nothing, only say what would be done', 'n'),
  },
  examples: [
    ['pilotty gc', 'remove the ended sessions'],
    ['pilotty gc --idle 1h --dry-run', 'what has not been used for an hour'],
    ['pilotty gc --idle 30m --tag ci', 'end sessions tagged ci that were idle for half an hour'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const params = { ...manyOf(given), idle_ms: given.idle, dry_run: given['dry-run'] };
    await printJson(io.stdout, await client.request('daemon.gc', params, { signal: io.signal }));
    return 0;
  },
});
