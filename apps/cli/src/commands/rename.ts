import { command, required, sessionOf, sessionOption, text } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'rename',
  summary: 'rename a session',
  description: 'Its id stays the same; programs that run in it keep the old name in PILOTTY_SESSION.',
  arguments: { new: required('the new name', text) },
  options: { session: sessionOption },
  examples: [
    ['pilotty rename editor -s default', 'call it editor from now on'],
    ['pilotty rename build-2', 'rename the session used last'],
  ],
  startsDaemon: true,
  async run({ new: name, session }, io, client) {
    const params = { session: sessionOf({ session }, io), name };
    await printJson(io.stdout, await client.request('session.rename', params, { signal: io.signal }));
    return 0;
  },
});
