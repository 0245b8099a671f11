import { command, printJson } from '../command.ts';

export const status = command({
  usage: 'ID',
  summary: 'print all that is known of a session',
  most: 1,
  examples: [
    ['delta-sessions status ID', 'whether it runs, since when, and where'],
    ['delta-sessions status ID | jq .exit_code', 'how its program has ended'],
  ],
  async run({ arguments: [id] }, around) {
    const { generation, sessions } = around;
    const session = sessions.get(id);
    await session.update();
    if (session.isRunning) await session.learnDirectory();
    const { metadata, state, isRunning } = session;
    const { created_at, last_accessed_at, last_executed_at, ended_at, exit_code, signal } = metadata;
    await printJson(around, {
      session_id: session.id,
      status: isRunning ? generation.words.running : generation.words.ended,
      pid: metadata.pid,
      holder_pid: isRunning ? state.daemon.pid : null,
      alive: isRunning,
      uptime_seconds: Math.floor(
        ((ended_at ? Date.parse(ended_at) : Date.now()) - Date.parse(created_at)) / 1000,
      ),
      command: generation.showCommand(metadata.argv),
      work_dir: state.work_dir,
      created_at,
      last_accessed_at,
      last_executed_at,
      execution_count: metadata.execution_count,
      ended_at,
      exit_code,
      signal,
    });
    return 0;
  },
});
