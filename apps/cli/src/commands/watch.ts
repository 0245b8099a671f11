import { command, flag, nonEmpty, rest } from '../command.ts';
import type { Io } from '../io.ts';
import { manyOf, manyOptions } from '../selector.ts';
import type { UserTerminal } from '../terminal/user-terminal.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'watch',
  summary: 'watch many sessions at once in this terminal',
  description: `A tile for each session: its name, whether it runs, waits for input or has ended, and the last of its screen, as it
changes. Keys move the focus, enlarge, attach, kill, filter and sort; ? shows them all, q quits, and the sessions go on.
Sessions that start later are included if they match a tag or a pattern, or none was given; a name that no session has
fails with 5. Needs a terminal: for programs there are list-sessions and events.`,
  arguments: { name: rest('only these sessions, by name, id or pattern such as build-*', nonEmpty) },
  options: {
    ...manyOptions,
    all: flag('also sessions that have ended before'),
  },
  examples: [
    ['pilotty watch', 'every session, and those to come'],
    ["pilotty watch 'build-*' --tag ci", 'those of a pattern, and those of a tag'],
    ['pilotty watch --all', 'with those that have ended and are still retained'],
  ],
  startsDaemon: true,
  needsProcess: () => true,
  batchUnsupportedReason: () => 'it draws on a terminal until it is quit',
  async run({ name, session, all, json, ...given }, io, client) {
    const terminal = await requireTerminal(json, io);
    const which = manyOf({ ...given, session: [...(name ?? []), ...session] });
    const { watch } = await import('../watch/watching.ts');
    await watch({ which, all, io, client, terminal });
    return 0;
  },
});

/** @throws UsageError */
async function requireTerminal(json: boolean, io: Io): Promise<UserTerminal> {
  const { stdout, stdinIsTty, env } = io;
  const terminal = await io.terminal?.();
  const instead = "For a program there are 'pilotty list-sessions' and 'pilotty events'.";
  if (json) throw new UsageError('watch draws on a terminal, and has no JSON', instead);
  if (!stdout.isTty) throw new UsageError('stdout is not a terminal, and watch draws on one', instead);
  if (!stdinIsTty || terminal === undefined)
    throw new UsageError('stdin is not a terminal, and watch reads keys from one', instead);
  if (env.TERM === 'dumb')
    throw new UsageError(
      'watch cannot draw on a terminal of type dumb (TERM)',
      "Use 'pilotty ls' or 'pilotty events'.",
    );
  return terminal;
}
