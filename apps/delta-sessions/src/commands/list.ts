import { type Around, command, printJson } from '../command.ts';
import type { Session } from '../sessions/session.ts';

export const list = command({
  usage: '',
  summary: 'show the sessions of this directory',
  most: 0,
  examples: [
    ["delta-sessions list | jq -r '.[].session_id'", 'their ids'],
    ['delta-sessions list --sessions-dir ~/agent/.sessions', 'those of another directory'],
  ],
  async run(_given, around) {
    const found = await around.sessions.allUpdated();
    await printJson(
      around,
      found.map((session) => summaryOf(session, around)),
    );
    return 0;
  },
});

function summaryOf({ id, metadata, state, isRunning }: Session, { generation }: Around): object {
  const { argv, pid, created_at, last_accessed_at, last_executed_at, execution_count } = metadata;
  return {
    session_id: id,
    command: argv.join(' '),
    status: isRunning ? generation.words.running : generation.words.ended,
    pid,
    holder_pid: isRunning ? state.daemon.pid : null,
    work_dir: state.work_dir,
    created_at,
    last_accessed_at,
    ...(last_executed_at !== undefined && { last_executed_at }),
    execution_count,
  };
}
