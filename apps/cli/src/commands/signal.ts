import { command, nonEmpty, required, sessionOf, sessionOption } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'signal',
  summary: 'send a signal to what runs in the foreground',
  description:
    'The signal goes to the foreground process group of the terminal, where Ctrl+C would send INT.',
  arguments: { signal: required('its name or number: INT, SIGUSR1, 10', nonEmpty) },
  options: { session: sessionOption },
  examples: [
    ['pilotty signal INT -s build', 'interrupt the build, keep its shell'],
    ['pilotty signal USR1', 'a signal that no key sends'],
  ],
  startsDaemon: true,
  async run({ signal, session }, io, client) {
    const params = { session: sessionOf({ session }, io), signal };
    await printJson(io.stdout, await client.request('session.signal', params, { signal: io.signal }));
    return 0;
  },
});
