import { ALL_SCOPES } from '@pilotty/client';
import { exitCodeOf } from '../broadcast.ts';
import { command, flag, nonEmpty, rest } from '../command.ts';
import { inheritedOf } from '../inherited.ts';
import { printJson } from '../output.ts';
import { lostTable } from '../readable-sessions.ts';
import { allScopes } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'restore',
  summary: 'start sessions of a killed daemon again',
  description: `Without a name it lists what can be started again: sessions of a daemon that was killed, or ended by a signal, as at a
reboot. With names, or --all, it starts each in the directory it was started in, wherever its shell had gone, with its name,
tags, size and arguments; what they had printed is above in the scrollback. The environment is yours: theirs was not kept.
One whose program still runs is refused.
'pilotty stop' and 'kill' leave nothing to restore. PILOTTY_RESTORE=off, or 'spawn --ephemeral', keeps nothing on disk.`,
  arguments: { names: rest('the sessions, by name or id', nonEmpty) },
  options: {
    all: flag('every session that was lost'),
    'all-scopes': allScopes,
    show: flag('start nothing: print the last lines that they had printed'),
    forget: flag('start nothing: remove what is kept of them on disk'),
  },
  examples: [
    ['pilotty restore', 'what was lost, and which of their programs still run'],
    ['pilotty restore build server', 'two of them'],
    ['pilotty restore --all', 'all of them'],
    ['pilotty restore --show build', 'how far it had come'],
  ],
  startsDaemon: true,
  async run({ names, all, show, forget, json, 'all-scopes': ofAll }, io, client) {
    if (all && names.length > 0) throw new UsageError('--all cannot be combined with names');
    if (show && forget) throw new UsageError('--show cannot be combined with --forget');
    if (forget && !all && names.length === 0) throw new UsageError('--forget needs names, or --all');
    const which = {
      ...(names.length > 0 && { sessions: names }),
      ...(ofAll && { scope: ALL_SCOPES }),
    };
    if (show || (names.length === 0 && !all)) {
      const lost = await client.request('sessions.lost', { ...which, output: show }, { signal: io.signal });
      if (json || (!show && !io.stdout.isTty)) await printJson(io.stdout, lost);
      else if (show) for (const { output = '' } of lost.sessions) await io.stdout.write(`${output}\n`);
      else await io.stdout.write(lostTable(lost.sessions));
      return 0;
    }
    const params = { ...which, all, forget, ...(await inheritedOf(io)) };
    const answer = await client.request('sessions.restore', params, { signal: io.signal });
    await printJson(io.stdout, answer);
    return answer.results.map(exitCodeOf).find((code) => code !== 0) ?? 0;
  },
});
