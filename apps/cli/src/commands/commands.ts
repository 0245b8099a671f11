import { command, integer, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';
import { commandTable } from '../readable-commands.ts';

export const declaration = command({
  name: 'commands',
  summary: 'list the commands that ran in a shell',
  description: `Every command with its exit code, duration, directory and the place of its output. Available for bash, zsh,
fish and pwsh started with no options other than -i and -l, and for every program that marks its commands (OSC 133).
The last 1000 are kept. On a terminal a table; --json has all of it.`,
  options: { session: sessionOption, tail: value('N', integer, 'only the last N commands') },
  examples: [
    ['pilotty commands --tail 5', 'the last five'],
    ["pilotty commands | jq '.commands[] | select(.exit_code != 0)'", 'those that failed, or have not ended'],
    ['pilotty output --cmd 3', 'what the third one printed'],
  ],
  startsDaemon: true,
  async run({ session, tail, json }, io, client) {
    const params = { session: sessionOf({ session }, io), tail };
    const answer = await client.request('session.commands', params, { signal: io.signal });
    if (io.stdout.isTty && !json) await io.stdout.write(commandTable(answer.commands));
    else await printJson(io.stdout, answer);
    return 0;
  },
});
