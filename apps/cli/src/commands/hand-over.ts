import { answerOptions, printActed, requireAnswerable, snapshotAsked } from '../act-answer.ts';
import { command, flag, nonEmpty, positiveTime, sessionOf, sessionOption, value } from '../command.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'hand-over',
  summary: 'hand the keyboard to a person, and wait for it',
  description: `For what a script must not know or decide: a password, a second factor, an approval. The message reaches people who are
attached, and everyone who follows events (hand_over). The first of them to type has the keyboard alone; it comes back
when they press Ctrl+\\ r, leave, or run 'pilotty release'. Then this answers, with the screen where it was asked for;
exit code 3 if it is not released by --timeout.`,
  options: {
    session: sessionOption,
    message: value('TEXT', nonEmpty, 'what the person is to do'),
    'until-released': flag('wait until the keyboard is released'),
    timeout: value('TIME', positiveTime, 'then the offer is withdrawn (default: 10m)', 't'),
    ...answerOptions,
  },
  examples: [
    [
      "pilotty hand-over -s deploy --until-released --message 'please enter the sudo password'",
      'then go on where the person stopped',
    ],
    ["pilotty hand-over -s deploy --message 'look at this, please'", 'without waiting'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const { message, timeout, 'until-released': until_released } = given;
    if (message === undefined) throw new UsageError('--message is missing', 'Say what the person is to do.');
    requireAnswerable(given, io, false);
    const snapshot = snapshotAsked(given);
    if (snapshot && !until_released)
      throw new UsageError(
        '--snapshot and --format need --until-released',
        'There is nothing new to see before.',
      );
    const params = { session: sessionOf(given, io), message, until_released, timeout_ms: timeout, snapshot };
    const result = await client.request('session.hand_over', params, { signal: io.signal });
    return await printActed(result, given, io);
  },
});
