import { command, flag, sessionOf, sessionOption } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'release',
  summary: 'give the keyboard of a session back',
  description: `After 'pilotty take', or when what a hand-over asked for is done. It is no error if no client has it.`,
  options: { session: sessionOption, steal: flag('also where another client has it') },
  examples: [
    ['pilotty release -s build', 'everyone may type again'],
    ['pilotty release -s build --steal', 'though another client has it'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { steal } = given;
    await printJson(
      io.stdout,
      await client.request(
        'session.release',
        { session: sessionOf(given, io), steal },
        { signal: io.signal },
      ),
    );
    return 0;
  },
});
