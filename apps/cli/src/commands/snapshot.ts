import { command, duration, flag, integer, oneOf, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';

/** What a script may want to tell apart without reading the answer. */
const STRICT_EXIT_CODES = { immediate: 0, changed: 0, settled: 0, deadline: 3, exited: 4 };

export const declaration = command({
  name: 'snapshot',
  summary: 'show the screen, now or once it has changed',
  description: `Answers with the latest screen also when the deadline passes or the program ends; 'outcome' says which it was.
Rows and columns count from 0. In the text format the cursor's cell is marked [x], or [_] on a blank.`,
  options: {
    session: sessionOption,
    format: value(
      'FORMAT',
      oneOf('full', 'compact', 'text'),
      'full (JSON), compact (JSON without the text) or text; full',
      'f',
    ),
    'await-change': value(
      'HASH',
      integer,
      'wait until the screen differs from this content_hash or revision',
    ),
    settle: value('TIME', duration, 'then wait until it has been still for so long'),
    timeout: value('TIME', duration, 'wait no longer; 30s', 't'),
    strict: flag('exit with 3 when the deadline passed, with 4 when the program has ended'),
  },
  examples: [
    ['pilotty snapshot --format text', 'what a person would see'],
    [
      'HASH=$(pilotty snapshot | jq .content_hash); pilotty key Down; pilotty snapshot --await-change $HASH --settle 50',
      'the screen after the key, once it is drawn',
    ],
    ['pilotty snapshot -s build --settle 2s -t 5m --strict', 'when the build falls silent, or fail'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const params = {
      session: sessionOf(given, io),
      format: given.format,
      await_change: given['await-change'],
      settle_ms: given.settle,
      timeout_ms: given.timeout,
    };
    const screen = await client.request('session.snapshot', params, { signal: io.signal });
    if (given.format === 'text' && !given.json) {
      await io.stdout.write(`${screen.content ?? ''}\n`);
      if (screen.note !== undefined) await io.stderr.write(`note: ${screen.note}\n`);
    } else {
      await printJson(io.stdout, screen);
    }
    return given.strict ? STRICT_EXIT_CODES[screen.outcome] : 0;
  },
});
