import { command } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'info',
  summary: 'show the running daemon',
  description: 'Its process, version, socket, log file, sessions, load and quotas. Does not start a daemon.',
  examples: [
    ['pilotty info', 'all of it'],
    ['pilotty info | jq .quotas', 'usage and limits'],
    ['pilotty info | jq -r .log_file', 'where its log is'],
  ],
  startsDaemon: false,
  async run(_given, io, client) {
    await printJson(io.stdout, await client.request('daemon.info', {}, { signal: io.signal }));
    return 0;
  },
});
