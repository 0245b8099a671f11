import { command, oneOf, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'inputs',
  summary: 'make a test or a script of what was typed',
  description: `For a session that was started with 'pilotty spawn --keep-input'. A test (for vitest, Jest or node:test,
with pilotty/testing) or a shell script does the same again, and after each input waits for what the screen showed then. A
file that an argument names and the program has written is part of it, as it was and as it is to be. Passwords are not
recorded; the test reads them from variables.`,
  options: {
    session: sessionOption,
    format: value(
      'FORMAT',
      oneOf('json', 'vitest', 'jest', 'node-test', 'shell'),
      'json (a list), vitest, jest, node-test or shell (default: json)',
      'f',
    ),
  },
  examples: [
    ['pilotty spawn --keep-input --name edit vim notes.txt', 'type into it, by hand or by commands, then'],
    ['pilotty inputs -s edit --format vitest > edit.test.mjs', 'the test of it'],
    ['pilotty inputs -s edit --format shell > edit.sh', 'the script of it'],
  ],
  startsDaemon: true,
  async run({ session, format, json }, io, client) {
    const params = { session: sessionOf({ session }, io), format };
    const answer = await client.request('session.inputs', params, { signal: io.signal });
    if (answer.text !== undefined && !json) await io.stdout.write(answer.text);
    else await printJson(io.stdout, answer);
    return 0;
  },
});
