import { exitCodeOf } from '../broadcast.ts';
import { command, flag, text, value } from '../command.ts';
import { printJson } from '../output.ts';
import { manyOf, selectorOf, selectorOptions } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'kill',
  summary: 'end sessions',
  description:
    'Sends TERM to the process group and to every other process that has the terminal open, then KILL to those that remain.\nAnswers when they are gone, and reports survivors. A session that has already ended is not an error.',
  options: {
    ...selectorOptions,
    signal: value('SIG', text, 'instead of TERM'),
    all: flag('every session; in a scope every one of it'),
  },
  examples: [
    ['pilotty kill -s build', 'end one session'],
    ['pilotty kill --tag ci --signal INT', 'interrupt every session tagged ci, and end those that stay'],
    ["pilotty kill -s build -s 'test-*'", 'end several'],
    ['pilotty kill --all', 'end every session'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { session, signal, tag, all } = given;
    if (all && tag.length > 0) throw new UsageError('--all cannot be combined with --tag');
    if (all && session.length > 0) throw new UsageError('--all cannot be combined with -s');
    const { many, ...one } = all ? { many: { ...manyOf(given), all } } : selectorOf(given, io);
    const params = { ...(many ?? one), signal };
    const answer = await client.request('session.kill', params, { signal: io.signal });
    await printJson(io.stdout, answer);
    const failure = answer.results.find(({ ok }) => !ok);
    return failure === undefined ? 0 : exitCodeOf(failure);
  },
});
