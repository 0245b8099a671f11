import { command, deadline, flag, value } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';
import { formatOption, waitAndPrint } from '../print-wait.ts';
import { cursor, type GivenSelector, type Selector, selectorOf, selectorOptions } from '../selector.ts';
import { UsageError } from '../usage-error.ts';
import { conditionOptions, conditionsOf, isWait } from '../wait-options.ts';

export const declaration = command({
  name: 'wait',
  summary: 'wait until conditions are met, in one session or in many',
  description: `All conditions must be met at the same time, on one screen; with --any one is enough. Exits with 0 when they are, 3
when the deadline passed, 4 when the program ended first. Which text counts: see 'pilotty wait-for --help'.
With several sessions it returns as soon as one is ready (--all: once all are), with every one that is, and an
event_cursor; with --after CURSOR only what happened since counts. Sessions that start or end meanwhile are included.`,
  options: {
    ...selectorOptions,
    ...conditionOptions,
    all: flag('of several sessions: wait until all are ready'),
    after: value(
      'CURSOR',
      cursor,
      'of several sessions: only what happened since the event_cursor of an earlier answer',
    ),
    timeout: value('TIME', deadline, 'time limit (default: 30s)', 't'),
    format: formatOption,
  },
  examples: [
    ['pilotty wait -s build --exit -t 10m', 'until the build ends'],
    ["pilotty wait -s chat --new --text '>' --settle 300ms", 'until it has answered, and waits for more'],
    ['pilotty wait --any --text PASS --text FAIL', 'either of two texts'],
    ['pilotty wait --tag ci --exit', 'until the first of many ends'],
    [
      'pilotty wait --tag ci --exit --after 1790000000000000',
      'the next one, with the event_cursor of the last answer',
    ],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const conditions = { ...conditionsOf(given, ''), change: given.change, new: given.new || undefined };
    if (!isWait({ ...conditions, new: undefined })) {
      throw new UsageError(
        'a condition is missing',
        'Such as --text TEXT, --exit, --prompt or --settle 500ms.',
      );
    }
    const which = selectedIn(given, io);
    const { signal } = io;
    const params = { ...conditions, stream: given.stream, timeout_ms: given.timeout };
    if (which.many === undefined) {
      const [loose] = (['all', 'after'] as const).filter((name) => given[name]);
      if (loose !== undefined) {
        throw new UsageError(
          `--${loose} is for several sessions`,
          'Choose them with --tag, a pattern, or several -s.',
        );
      }
      return await waitAndPrint({ ...params, session: which.session }, given, io, client);
    }
    if (given.format !== undefined) {
      throw new UsageError(
        '--format is for one session',
        "'pilotty gather' shows the screens of several: --screen, --head N, --lines N.",
      );
    }
    const request = { ...params, ...which.many, all: given.all, after: given.after };
    const result = await client.request('sessions.wait', request, { signal });
    await printJson(io.stdout, result);
    if (result.outcome === 'deadline') return 3;
    return result.ready.some(({ holds }) => holds) ? 0 : 4;
  },
});

/** In a fleet there is no session that was used last: without any all are meant. */
function selectedIn(given: GivenSelector, io: Io): Selector {
  const which = selectorOf(given, io);
  const isOfFleet = which.many === undefined && which.session === undefined && io.env.PILOTTY_FLEET;
  return isOfFleet ? { many: {} } : which;
}
