import type { Params, Result } from '@pilotty/client';
import { command, flag, integer, integerFrom, value } from '../command.ts';
import { JsonInParts } from '../json-in-parts.ts';
import { stateOf } from '../readable-sessions.ts';
import { manyOf, manyOptions } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'gather',
  summary: 'show the last lines, or the screens, of many sessions',
  description: `A header for each session, as tail has for files, and its last lines; of a full-screen program the end of its
screen. --json also has tags, exits and an event_cursor: --after shows only sessions with output or input since, or that have ended.`,
  options: {
    ...manyOptions,
    all: flag('also ended sessions that are still retained'),
    lines: value('N', integerFrom(0, 1000), 'lines of each session, up to 1000 (default: 10)', 'n'),
    head: value('N', integerFrom(1, 1000), 'the first lines of its screen instead, as of top: up to 1000'),
    screen: flag('all lines of its screen instead'),
    after: value('CURSOR', integer, 'only sessions with something new since this event_cursor'),
  },
  examples: [
    ['pilotty gather --tag ci --all --lines 3', 'how the runs of a build went, ended ones included'],
    ["pilotty gather -s 'top*' --head 12", 'of programs that have the most important on top'],
    ["pilotty gather -s 'test-*' --json", 'for a program'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const params = { ...manyOf(given), all: given.all, ...linesAsked(given), after: given.after };
    const json = new JsonInParts(io.stdout, 'results');
    let count = 0;
    const print = async (part: Result<'sessions.gather'>) => {
      if (given.json) return await json.add(part);
      if (part.results.length === 0) return;
      await io.stdout.write(`${count === 0 ? '' : '\n'}${part.results.map(readable).join('\n')}`);
      count += part.results.length;
    };
    const answer = await client.request('sessions.gather', params, {
      signal: io.signal,
      // What takes an object has it whole.
      ...(!(given.json && io.stdout.writeObject) && { onPart: print }),
    });
    if (given.json) await json.end(answer);
    else if (answer.results.length > 0) await print(answer);
    else if (count === 0 && given.after === undefined)
      await io.stderr.write(
        "no running session; 'pilotty list-sessions --all' shows those that have ended\n",
      );
    return 0;
  },
});

function readable(session: Result<'sessions.gather'>['results'][number]): string {
  return [`==> ${session.session} (${stateOf(session)}${idleOf(session)}) <==`, ...session.lines, ''].join(
    '\n',
  );
}

/** Which lines of each. @throws UsageError where more than one answer is given */
function linesAsked({
  lines,
  head,
  screen,
}: {
  lines: number | undefined;
  head: number | undefined;
  screen: boolean;
}): Pick<Params<'sessions.gather'>, 'lines' | 'part'> {
  const given = [lines !== undefined && '--lines', head !== undefined && '--head', screen && '--screen'];
  const [first, second] = given.filter(Boolean);
  if (second !== undefined) throw new UsageError(`${first} cannot be combined with ${second}`);
  if (screen) return { part: 'screen' };
  return head === undefined ? { lines } : { part: 'head', lines: head };
}

function idleOf({ exit, idle_ms }: Result<'sessions.gather'>['results'][number]): string {
  return exit ? '' : `, idle ${(idle_ms / 1000).toFixed(1)} s`;
}
