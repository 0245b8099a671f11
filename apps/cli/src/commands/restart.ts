import { printActed, printAllActed, requireAnswerable } from '../act-answer.ts';
import { lookOptions, lookParams } from '../act-options.ts';
import { broadcast } from '../broadcast.ts';
import { command, deadline, text, value } from '../command.ts';
import { selectorOf, selectorOptions } from '../selector.ts';

export const declaration = command({
  name: 'restart',
  summary: 'run the program of a session again',
  description: `Ends the program as kill does, if it runs, and starts it again in the same session: same name, tags, arguments, directory
and environment as at its spawn, same size as now. Who watches or waits goes on; so do recordings, and the output with its offsets.
What stood on the screen is in the scrollback afterwards. An ended session can be restarted as long as it is listed by
'list-sessions --all'. If the program or its directory is gone, nothing is done.`,
  options: {
    ...selectorOptions,
    signal: value('SIG', text, 'instead of TERM'),
    grace: value('TIME', deadline, 'before KILL (default: 2s)'),
    ...lookOptions,
  },
  examples: [
    ['pilotty restart -s server', 'after a change of its code'],
    ["pilotty restart -s server --wait-text 'listening on' --wait-timeout 30s", 'and wait until it is ready'],
    ['pilotty restart --tag ci --signal INT --grace 10s', 'several, which get ten seconds to end'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { many, ...one } = selectorOf(given, io);
    requireAnswerable(given, io, many !== undefined);
    const { signal, grace: grace_ms } = given;
    const params = { signal, grace_ms, ...lookParams(given) };
    if (many)
      return broadcast('session.restart', many, params, io, client, (answer) =>
        printAllActed(answer, given, io),
      );
    const request = { ...one, ...params };
    return printActed(await client.request('session.restart', request, { signal: io.signal }), given, io);
  },
});
