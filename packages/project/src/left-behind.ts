/** What runs of a project whose file is gone: its directory was moved, and the file that is there now does not have it. */
import { existsSync } from 'node:fs';
import { nameParts } from '@pilotty/client';
import type { Summary } from './plan.ts';
import type { Project } from './project.ts';

export interface LeftBehind {
  /** Its name in the daemon. */
  session: string;
  session_id: string;
  /** Name of its project. */
  project: string;
  /** Where its project file was. */
  file: string;
}

/** Of a project of the same name, or with a name that is wanted here: the default name is that of the directory. */
export function leftBehind(project: Project, sessions: readonly Summary[]): LeftBehind[] {
  const names = new Set(project.sessions.map(({ name }) => name));
  return sessions.flatMap(({ state, name, id, project: its }) => {
    if (state !== 'running' || its === undefined || its.file === project.file) return [];
    const isMeant = its.name === project.name || names.has(nameParts(name).name);
    if (!isMeant || existsSync(its.file)) return [];
    return [{ session: name, session_id: id, project: its.name, file: its.file }];
  });
}

/** What can be done about each. */
export function leftBehindNotes(left: readonly LeftBehind[] = []): string[] {
  return left.map(
    ({ session, project, file }) =>
      `${session}: runs, of the project '${project}' of '${file}', which is gone; end it with 'pilotty kill -s ${session}'`,
  );
}
