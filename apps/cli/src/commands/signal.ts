import { act, actOptions } from '../act-options.ts';
import { command, nonEmpty, required, sessionOf, sessionOption } from '../command.ts';

export const declaration = command({
  name: 'signal',
  summary: 'send a signal to what runs in the foreground',
  description:
    'The signal goes to the foreground process group of the terminal, where Ctrl+C would send INT.',
  arguments: { signal: required('its name or number: INT, SIGUSR1, 10', nonEmpty) },
  options: { session: sessionOption, ...actOptions },
  examples: [
    ['pilotty signal INT -s build', 'interrupt the build, keep its shell'],
    ['pilotty signal USR1', 'a signal that no key sends'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { signal, session } = given;
    const params = { session: sessionOf({ session }, io), signal };
    return act('session.signal', params, given, io, client);
  },
});
