/** The sessions of a project, as a table for people. */
import type { ProjectState } from '@pilotty/project';
import { alignedRows, duration, shortened, stateOf } from '../readable-sessions.ts';

type Standing = ProjectState['sessions'][number];

export function projectTable({ sessions }: ProjectState): string {
  const rows = sessions.map((session) => [
    session.key,
    session.state === 'not_started' ? 'not started' : stateOf(session),
    session.orphan ? 'not in the file' : readyWord(session),
    String(session.restarts ?? 0),
    session.created_at === undefined ? '' : duration(Date.now() - Date.parse(session.created_at)),
    shortened(session.command),
  ]);
  return alignedRows([['SESSION', 'STATE', 'READY', 'RESTARTS', 'CREATED', 'COMMAND'], ...rows]);
}

function readyWord({ ready }: Standing): string {
  return ready === undefined ? '-' : ready ? 'yes' : 'no';
}
