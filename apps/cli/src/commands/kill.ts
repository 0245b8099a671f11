import { command, flag, list, sessionOf, sessionOption, text, value } from '../command.ts';
import { printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'kill',
  summary: 'end sessions',
  description:
    'Sends TERM to the whole process group and to everything else that holds the terminal, then KILL to what is left.\nAnswers when they are gone, and names what has survived.',
  options: {
    session: sessionOption,
    signal: value('SIG', text, 'instead of TERM'),
    tag: list('TAG', text, 'every session with this tag'),
    all: flag('every session'),
  },
  examples: [
    ['pilotty kill -s build', 'end one session'],
    ['pilotty kill --tag ci --signal INT', 'interrupt every session tagged ci, and end those that stay'],
    ['pilotty kill --all', 'end every session'],
  ],
  startsDaemon: true,
  async run({ session, signal, tag, all }, io, client) {
    const isMany = all || tag.length > 0;
    if (isMany && session !== undefined) throw new UsageError('-s does not go with --tag or --all');
    if (all && tag.length > 0) throw new UsageError('--all does not go with --tag');
    const which = isMany
      ? { all, tags: tag.length > 0 ? tag : undefined }
      : { session: sessionOf({ session }, io) };
    await printJson(
      io.stdout,
      await client.request('session.kill', { ...which, signal }, { signal: io.signal }),
    );
    return 0;
  },
});
