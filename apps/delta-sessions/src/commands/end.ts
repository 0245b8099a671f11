import { command, printJson } from '../command.ts';
import { isExited, isGone, type Session } from '../sessions/session.ts';

export const end = command({
  usage: 'ID',
  summary: 'end the program and all it has started on its terminal',
  most: 1,
  examples: [
    ['delta-sessions end ID', 'when you are done'],
    ["delta-sessions list | jq -r '.[].session_id' | xargs -I {} delta-sessions end {}", 'all of them'],
  ],
  async run({ arguments: [id] }, around) {
    const session = around.sessions.get(id);
    const survivors = await endProgram(session);
    await session.update();
    await session.hasEnded(undefined);
    if (around.generation.endRemoves) around.sessions.remove(session.id);
    await printJson(around, {
      status: 'terminated',
      session_id: session.id,
      ...(survivors.length > 0 && { survivors }),
    });
    return 0;
  },
});

/** Answers what has left the terminal on purpose, and still runs. */
async function endProgram(session: Session): Promise<{ pid: number; command: string }[]> {
  if (!session.isRunning) return [];
  try {
    const killed = await session.client.request('session.kill', { session: session.target });
    return killed.results.flatMap(({ survivors = [] }) => survivors);
  } catch (error) {
    // It has ended by itself.
    if (isGone(error) || isExited(error)) return [];
    throw error;
  }
}
