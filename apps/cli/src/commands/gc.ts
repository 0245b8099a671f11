import { command, duration, flag, value } from '../command.ts';
import { printJson } from '../output.ts';
import { manyOf, manyOptions } from '../selector.ts';

export const declaration = command({
  name: 'gc',
  summary: 'clear up: forget ended sessions, end idle ones',
  description: `Forgets the ended sessions, which otherwise can be looked at for a while, and removes files that killed daemons
left beside the socket. With --idle it also ends running sessions without output and input for that long; those can
still be looked at, until the next time. Answers what it did, and how many bytes that freed.`,
  options: {
    ...manyOptions,
    idle: value('TIME', duration, 'also end running sessions that were idle for TIME'),
    'dry-run': flag('change nothing, only say what would be done', 'n'),
  },
  examples: [
    ['pilotty gc', 'forget the ended sessions'],
    ['pilotty gc --idle 1h --dry-run', 'what has not been used for an hour'],
    ['pilotty gc --idle 30m --tag ci', 'end sessions tagged ci that were idle for half an hour'],
  ],
  startsDaemon: true,
  async run({ session, tag, idle, 'dry-run': dryRun }, io, client) {
    const params = { ...manyOf({ session, tag }), idle_ms: idle, dry_run: dryRun };
    await printJson(io.stdout, await client.request('daemon.gc', params, { signal: io.signal }));
    return 0;
  },
});
