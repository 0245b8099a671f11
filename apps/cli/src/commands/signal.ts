import { actOnEach, actOptions } from '../act-options.ts';
import { command, nonEmpty, required } from '../command.ts';
import { selectorOptions } from '../selector.ts';

export const declaration = command({
  name: 'signal',
  summary: 'send a signal to the foreground process',
  description:
    'The signal goes to the foreground process group of the terminal, where Ctrl+C would send INT.',
  arguments: { signal: required('its name or number: INT, SIGUSR1, 10', nonEmpty) },
  options: { ...selectorOptions, ...actOptions },
  examples: [
    ['pilotty signal INT -s build', 'interrupt the build, keep its shell'],
    ['pilotty signal USR1', 'a signal that no key sends'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { signal } = given;
    const params = { signal };
    return actOnEach('session.signal', params, given, io, client);
  },
});
