import { command } from '../command.ts';
import { printJson } from '../output.ts';
import { fileOption, onThisHost, openProject, printNotes, sessionsOf } from '../project/open-project.ts';
import { projectTable } from '../project/project-table.ts';

export const declaration = command({
  name: 'ps',
  summary: 'show how the sessions of a project stand',
  description: `Those of its file, and those that run and are in it no more: state, whether they are ready now, restarts, exit. A table where
stdout is a terminal and --json is not given, else JSON. Of all sessions: 'pilotty ls'.`,
  options: { file: fileOption },
  examples: [
    ['pilotty ps', 'the project here'],
    [
      "pilotty ps --json | jq -r '.sessions[] | select(.ready == false).key'",
      'those that run and are not ready',
    ],
  ],
  startsDaemon: true,
  answer: {
    only: `type project file
      sessions{key session session_id state ready orphan exit{*} restarts restart_policy{*} command created_at}
      left_behind{session session_id project file}`,
  },
  hostUnsupportedReason: onThisHost,
  needsProcess: () => true,
  async run({ file, json }, io, client) {
    const project = await openProject(file, io);
    const { leftBehindNotes, stateOfProject } = await import('@pilotty/project');
    const state = await stateOfProject(client, project, await sessionsOf(client, io), io.signal);
    if (io.stdout.isTty && !json) await io.stdout.write(projectTable(state));
    else await printJson(io.stdout, state);
    await printNotes(io, leftBehindNotes(state.left_behind));
    return 0;
  },
});
