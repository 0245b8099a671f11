import { command, sessionOf, sessionOption } from '../command.ts';
import { printJson } from '../output.ts';
import { statusLines } from '../readable-sessions.ts';

export const declaration = command({
  name: 'status',
  summary: 'show the state of one session',
  description:
    'Its state, process, command, size, title, modes, idle time, retained output, and how it ended; the foreground process and\nwhether it asks for a password; stopped jobs. On a terminal the main\nfacts as lines; --json has all of them.',
  options: { session: sessionOption },
  examples: [
    ['pilotty status -s build', 'everything about it'],
    ['pilotty status | jq .terminal.password_prompt', 'whether the program asks for a password'],
    ["pilotty status -s build | jq '.exit.exit_code'", 'how it ended; null while it runs'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const params = { session: sessionOf(given, io) };
    const status = await client.request('session.status', params, { signal: io.signal });
    if (io.stdout.isTty && !given.json) await io.stdout.write(statusLines(status));
    else await printJson(io.stdout, status);
    return 0;
  },
});
