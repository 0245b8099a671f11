import { command, flag } from '../command.ts';
import { printJson, printNotes } from '../output.ts';
import { sessionTable } from '../readable-sessions.ts';
import { manyOf, manyOptions } from '../selector.ts';

export const declaration = command({
  name: 'list-sessions',
  summary: 'list the sessions, oldest first',
  description:
    "JSON, for programs; 'pilotty ls' prints a table where stdout is a terminal and --json is not given, and the same JSON elsewhere.",
  options: {
    ...manyOptions,
    all: flag('also ended sessions that are still retained'),
  },
  examples: [
    ['pilotty list-sessions', 'all running sessions'],
    ["pilotty list-sessions -s 'build-*' --tag ci", 'those of a pattern, and those of a tag'],
    ["pilotty ls --all | jq -r '.sessions[].name'", 'the names, with those that have ended'],
  ],
  startsDaemon: true,
  async run(given, io, client, _runLine, calledAs) {
    const { all, json } = given;
    const params = { ...manyOf(given), all };
    const answer = await client.request('session.list', params, { signal: io.signal });
    if (calledAs === 'ls' && io.stdout.isTty && !json) await io.stdout.write(sessionTable(answer.sessions));
    else await printJson(io.stdout, answer);
    if (answer.lost_sessions !== undefined && calledAs === 'ls' && io.stdout.isTty && !json)
      await printNotes(io.stderr, [
        `${answer.lost_sessions} sessions of an earlier daemon were lost: 'pilotty restore'`,
      ]);
    return 0;
  },
});
