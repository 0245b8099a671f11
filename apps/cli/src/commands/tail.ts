import { command, flag, integer, nonEmpty, rest, value } from '../command.ts';
import { fileOption, onThisHost, openProject } from '../project/open-project.ts';
import { printTails } from '../project/print-tails.ts';

export const declaration = command({
  name: 'tail',
  summary: 'print what the sessions of a project print',
  description: `Each line after the name of its session; with --json one object a line, of type line. Bytes that were dropped before they
could be read are counted on stderr, with --json in an object of type missed; the lines that this has cut are left out. With --follow as it is printed, until none of them runs
any more; sessions that are started or restarted meanwhile are included. Of one session: 'pilotty output'. The log of the daemon: 'pilotty logs'.`,
  arguments: { sessions: rest('only these of the project', nonEmpty) },
  options: {
    file: fileOption,
    lines: value('N', integer, 'only the last N lines of each', 'n'),
    follow: flag('keep printing', 'f'),
  },
  examples: [
    ['pilotty tail -f', 'all sessions of the project, as they print'],
    ['pilotty tail -n 50 api worker', 'the last lines of two'],
  ],
  startsDaemon: true,
  answer: { only: 'type key session session_id stream text missed_bytes' },
  batchUnsupportedReason: ({ follow }) => (follow ? 'with --follow it may never end' : undefined),
  hostUnsupportedReason: onThisHost,
  needsProcess: () => true,
  async run(given, io, client) {
    const project = await openProject(given.file, io);
    const { requireKnown } = await import('@pilotty/project');
    requireKnown(project, given.sessions);
    await printTails(project, given, io, client);
    return 0;
  },
});
