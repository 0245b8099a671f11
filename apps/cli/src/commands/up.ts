import { command, flag, nonEmpty, rest } from '../command.ts';
import { errorBodyOf, printError } from '../output.ts';
import { fileOption, onThisHost, openProject } from '../project/open-project.ts';
import { runUp } from '../project/run-up.ts';
import { onEachChange } from '../project/watch-project.ts';

export const declaration = command({
  name: 'up',
  summary: 'start the sessions of a project, and wait for them',
  description: `Reads pilotty.json (docs/projects.md): named sessions with a command, and where wanted directory, environment, size, tags,
ready, depends_on, restart and record. Starts what does not run, starts anew what has changed, and leaves the rest alone, so it
can be run again and again. A session is started once those that it depends on have come as far as they must. The sessions go on
after up has ended, as with 'docker compose up -d'. Exits with 3 when one was not ready in time, 4 when one ended first, with the
last lines of its screen. A file with a mistake in it, or a name that another session has, is refused with nothing done.`,
  arguments: { sessions: rest('only these of the project, and what they depend on', nonEmpty) },
  options: {
    file: fileOption,
    recreate: flag('also start anew what runs and has not changed'),
    'remove-orphans': flag('end sessions of the project that are not in its file any more'),
    'dry-run': flag('start nothing: print what would be done'),
    watch: flag(
      'then do the same whenever the file, or an env_file, is changed, until Ctrl+C, which ends no session',
    ),
  },
  examples: [
    ['pilotty up', 'all sessions of the pilotty.json here'],
    ['pilotty up api', 'one, and what it depends on'],
    ['pilotty up --dry-run', 'what would be created, started and recreated'],
    ['pilotty up --watch', 'and again after each change of the file'],
  ],
  startsDaemon: true,
  answer: {
    only: `type project file ok orphans{session session_id} removed{session session_id}
      sessions{key session session_id action because state error{*} screen_lines duration_ms}`,
  },
  batchUnsupportedReason: ({ watch }) => (watch ? 'with --watch it never ends' : undefined),
  hostUnsupportedReason: onThisHost,
  needsProcess: () => true,
  async run(given, io, client) {
    const first = await openProject(given.file, io, { asking: client });
    if (!given.watch) return await runUp(first, given, io, client);
    // Where it is gone, none that is in a directory above takes its place.
    const { file } = first;
    return await onEachChange(io, async ({ changed, watch }) => {
      try {
        watch(file);
        const project = await openProject(file, io, { asking: client, onRead: watch });
        await runUp(project, given, io, client, changed);
      } catch (error) {
        io.signal.throwIfAborted();
        // The sessions are left as they are, until the file is right again.
        await printError(io.stderr, errorBodyOf(error), given.json);
      }
    });
  },
});
