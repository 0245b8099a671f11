import { ConnectionError } from '@pilotty/client';
import { command } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'stop',
  summary: 'end every session and the daemon',
  description:
    'Answers when all of them are gone. Without a daemon there is nothing to do, and that is no error.',
  examples: [
    ['pilotty stop', 'end everything'],
    ["pilotty stop | jq '.survivors'", 'what has outlived its session'],
  ],
  startsDaemon: false,
  async run(_given, io, client) {
    try {
      const stopped = await client.request('daemon.stop', {}, { signal: io.signal });
      // The daemon closes its connections last: from then on its socket is free.
      await client.disconnected();
      await printJson(io.stdout, stopped);
    } catch (error) {
      if (!(error instanceof ConnectionError && error.isAbsent)) throw error;
      await printJson(io.stdout, { type: 'daemon_stopped', pid: null, sessions_ended: 0, survivors: [] });
    }
    return 0;
  },
});
