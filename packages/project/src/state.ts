/** How the sessions of a project stand: those of its file, and those that run and are in it no more. */
import { type Client, commandLine, RequestError } from '@pilotty/client';
import { type LeftBehind, leftBehind } from './left-behind.ts';
import { foundOf, orphansOf, type Summary } from './plan.ts';
import type { Project, ProjectSession } from './project.ts';

export interface SessionStanding {
  key: string;
  session: string;
  session_id?: string;
  state: 'running' | 'restarting' | 'exited' | 'not_started';
  /** Whether its condition is met now; absent where it has none, or does not run. */
  ready?: boolean;
  /** It runs, and is not in the file any more. */
  orphan?: true;
  exit?: Summary['exit'];
  restarts?: number;
  restart_policy?: Summary['restart_policy'];
  command: string;
  created_at?: string;
}

export interface ProjectState {
  type: 'project_state';
  project: string;
  file: string;
  sessions: SessionStanding[];
  /** They run, of a file that is gone. */
  left_behind?: LeftBehind[];
}

export async function stateOfProject(
  client: Client,
  project: Project,
  summaries: readonly Summary[],
  signal: AbortSignal,
): Promise<ProjectState> {
  const known = project.sessions.map(async (session) => {
    const found = foundOf(project, session, summaries);
    if (found === undefined)
      return {
        key: session.key,
        session: session.name,
        state: 'not_started' as const,
        command: commandLine(session.argv),
      };
    const ready = found.state === 'running' ? await isReady(client, session, found, signal) : undefined;
    return { ...standingOf(session.key, found), ...(ready !== undefined && { ready }) };
  });
  const orphans = orphansOf(project, summaries).map((found) => ({
    ...standingOf(found.project?.key ?? found.name, found),
    orphan: true as const,
  }));
  const sessions = [...(await Promise.all(known)), ...orphans];
  const left = leftBehind(project, summaries);
  return {
    ...{ type: 'project_state', project: project.name, file: project.file, sessions },
    ...(left.length > 0 && { left_behind: left }),
  };
}

function standingOf(key: string, found: Summary): SessionStanding {
  const { name, id, exit, restarts, restart_policy, command, created_at } = found;
  const isWaiting = restart_policy?.next_restart_at !== undefined;
  return {
    ...{ key, session: name, session_id: id, state: isWaiting ? 'restarting' : found.state },
    ...(exit && { exit }),
    ...(restarts !== undefined && { restarts }),
    ...(restart_policy && { restart_policy }),
    ...{ command, created_at },
  };
}

async function isReady(
  client: Client,
  { ready }: ProjectSession,
  { id, restart_policy }: Summary,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (ready === undefined) return undefined;
  if (restart_policy?.next_restart_at !== undefined) return false;
  const params = { session: id, ...ready.conditions, timeout_ms: 0 };
  try {
    return (await client.request('session.wait', params, { signal })).holds;
  } catch (error) {
    // What does not compile is never met; up says what is wrong with it.
    if (error instanceof RequestError && error.code === 'INVALID_INPUT') return false;
    throw error;
  }
}
