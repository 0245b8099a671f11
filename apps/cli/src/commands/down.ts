import { command, deadline, nonEmpty, rest, text, value } from '../command.ts';
import { printJson } from '../output.ts';
import { fileOption, onThisHost, openProject, printNotes, sessionsOf } from '../project/open-project.ts';
import { downLines } from '../project/up-lines.ts';

export const declaration = command({
  name: 'down',
  summary: 'end the sessions of a project',
  description: `Each after those that depend on it, as 'kill' does: TERM, and after the grace period KILL. With no names also sessions of the
project that are not in its file any more. What they printed can be looked at for a while, as of any session that has ended.`,
  arguments: { sessions: rest('only these of the project', nonEmpty) },
  options: {
    file: fileOption,
    signal: value('SIG', text, 'instead of TERM'),
    grace: value('TIME', deadline, 'before KILL (default: 10s)'),
  },
  examples: [
    ['pilotty down', 'all sessions of the project'],
    ['pilotty down worker --grace 1m', 'one, which gets a minute to end'],
  ],
  startsDaemon: true,
  answer: {
    only: 'type project file ok sessions{key session session_id ok exit{*} error{*}} left_behind{session session_id project file}',
  },
  hostUnsupportedReason: onThisHost,
  needsProcess: () => true,
  async run({ sessions: keys, file, signal, grace, json }, io, client) {
    const project = await openProject(file, io);
    const { down, leftBehindNotes, STOP_GRACE_MS } = await import('@pilotty/project');
    const wishes = { keys, signalName: signal, graceMs: grace ?? STOP_GRACE_MS };
    const result = await down(client, project, await sessionsOf(client, io), wishes);
    if (io.stdout.isTty && !json) await io.stdout.write(downLines(result));
    else await printJson(io.stdout, result);
    await printNotes(io, leftBehindNotes(result.left_behind));
    return result.ok ? 0 : 1;
  },
});
