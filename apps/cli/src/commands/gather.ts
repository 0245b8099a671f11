import type { Result } from '@pilotty/client';
import { command, flag, integer, integerFrom, value } from '../command.ts';
import { printJson } from '../output.ts';
import { manyOf, manyOptions } from '../which.ts';

export const declaration = command({
  name: 'gather',
  summary: 'show the last lines of many sessions',
  description: `A header for each session, as tail has for files, and its last lines; of a full-screen program the end of its
screen. --json also has tags, exits and a cursor: --after shows only sessions with output or input since, or that have ended.`,
  options: {
    ...manyOptions,
    all: flag('also those that have ended and are still remembered'),
    lines: value('N', integerFrom(0, 1000), 'of each, up to 1000; 10', 'n'),
    after: value('CURSOR', integer, 'only sessions with something new since'),
  },
  examples: [
    ['pilotty gather --tag ci --all --lines 3', 'how the runs of a build went, ended ones included'],
    ["pilotty gather -s 'test-*' --json", 'for a program'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const params = { ...manyOf(given), all: given.all, lines: given.lines, after: given.after };
    const answer = await client.request('sessions.gather', params, { signal: io.signal });
    if (given.json) await printJson(io.stdout, answer);
    else if (answer.sessions.length === 0 && given.after === undefined)
      await io.stderr.write("no session; 'pilotty list-sessions --all' shows those that have ended\n");
    else await io.stdout.write(answer.sessions.map(readable).join('\n'));
    return 0;
  },
});

function readable(session: Result<'sessions.gather'>['sessions'][number]): string {
  return [`==> ${session.session} (${stateOf(session)}) <==`, ...session.lines, ''].join('\n');
}

function stateOf({ exit, idle_ms }: Result<'sessions.gather'>['sessions'][number]): string {
  if (exit) return exit.signal ? `ended by ${exit.signal}` : `ended, exit code ${exit.exit_code}`;
  return `running, idle ${(idle_ms / 1000).toFixed(1)} s`;
}
