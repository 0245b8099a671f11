/** Ends the sessions of a project: each after those that depend on it, all others at the same time. */
import type { Client, Exit, Result } from '@pilotty/client';
import { type LeftBehind, leftBehind } from './left-behind.ts';
import { foundOf, orphansOf, requireKnown, type Summary } from './plan.ts';
import type { Project } from './project.ts';

type Killed = Result<'session.kill'>['results'][number];

export interface DownResult {
  type: 'project_down';
  project: string;
  file: string;
  ok: boolean;
  /** Those that ran. */
  sessions: {
    key: string;
    session: string;
    session_id: string;
    ok: boolean;
    exit?: Exit;
    error?: Killed['error'];
  }[];
  /** They run, of a file that is gone, and were not ended. */
  left_behind?: LeftBehind[];
}

export interface DownWishes {
  /** Only these; all, and those that are not in the file any more, where there are none. */
  keys: readonly string[];
  signalName?: string | undefined;
  graceMs: number;
  signal?: AbortSignal | undefined;
}

/** @throws RequestError INVALID_INPUT */
export async function down(
  client: Client,
  project: Project,
  sessions: readonly Summary[],
  { keys, signalName, graceMs, signal }: DownWishes,
): Promise<DownResult> {
  requireKnown(project, keys);
  const isWanted = (key: string) => keys.length === 0 || keys.includes(key);
  const ended = new Map<string, Promise<DownResult['sessions'][number]>>();
  const end = async (key: string, { id, name }: Summary, dependents: readonly string[]) => {
    await Promise.all(dependents.map((dependent) => ended.get(dependent)));
    const asked = { session: id, signal: signalName, grace_ms: graceMs };
    const { results } = await client.request('session.kill', asked, signal && { signal });
    const { ok = false, exit, error } = results[0] ?? {};
    return { key, session: name, session_id: id, ok, ...(exit && { exit }), ...(error && { error }) };
  };
  const orphans = keys.length === 0 ? orphansOf(project, sessions) : [];
  for (const orphan of orphans) ended.set(orphan.id, end(orphan.project?.key ?? orphan.name, orphan, []));
  // Each stands after what it depends on.
  for (const session of [...project.sessions].reverse()) {
    const found = foundOf(project, session, sessions);
    if (found?.state !== 'running' || !isWanted(session.key)) continue;
    const dependents = project.sessions.filter(({ dependsOn }) =>
      dependsOn.some(({ key }) => key === session.key),
    );
    ended.set(
      session.key,
      end(
        session.key,
        found,
        dependents.map(({ key }) => key),
      ),
    );
  }
  const results = await Promise.all(ended.values());
  const ok = results.every((result) => result.ok);
  const left = leftBehind(project, sessions);
  return {
    ...{ type: 'project_down', project: project.name, file: project.file, ok, sessions: results },
    ...(left.length > 0 && { left_behind: left }),
  };
}
