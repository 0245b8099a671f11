/**
 * What is to be done so that the sessions of a project run as its file says: from what is wanted and what there is. It
 * asks and does nothing.
 */
import { nameParts, nearest, RequestError, type Result } from '@pilotty/client';
import { withDependencies } from './order.ts';
import type { Project, ProjectSession } from './project.ts';

export type Summary = Result<'session.list'>['sessions'][number];

export type Action =
  | 'created'
  /** It had ended. */
  | 'started'
  | 'recreated'
  | 'up_to_date'
  /** It has ended with the code 0, and what depends on that runs. */
  | 'completed';

export interface Step {
  session: ProjectSession;
  action: Action;
  /** With `recreated`: the settings that are others, or `asked`. */
  because?: string[];
  /** The session that there is, where one was found. */
  found: Summary | undefined;
}

export interface Plan {
  /** Each after all that it depends on. */
  steps: Step[];
  /** Sessions of the project that run, and are not in its file. */
  orphans: Summary[];
}

export interface Wishes {
  /** Only these, and what they depend on; all where there are none. */
  keys?: readonly string[] | undefined;
  /** Also what has not changed. */
  recreate?: boolean | undefined;
}

/**
 * @param sessions of one scope, or of none
 * @throws RequestError SESSION_EXISTS, INVALID_INPUT: nothing is to be done then
 */
export function planUp(
  project: Project,
  sessions: readonly Summary[],
  { keys = [], recreate = false }: Wishes,
): Plan {
  requireKnown(project, keys);
  const wanted = keys.length === 0 ? project.sessions : withDependencies(project.sessions, keys);
  const steps = wanted.map((session) =>
    stepOf(project, session, foundOf(project, session, sessions), recreate),
  );
  requireFreeNames(steps, sessions);
  return {
    steps: steps.map((step) => unlessCompleted(step, steps, keys)),
    orphans: orphansOf(project, sessions),
  };
}

/** @throws RequestError INVALID_INPUT */
export function requireKnown({ sessions, file }: Project, keys: readonly string[]): void {
  const known = sessions.map(({ key }) => key);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  throw new RequestError('INVALID_INPUT', `There is no session '${unknown}' in '${file}'`, {
    suggestion: meant === undefined ? `There are: ${known.join(', ')}.` : `Did you mean '${meant}'?`,
    details: { sessions: known },
  });
}

/** The one that runs, else the one that ended last. */
export function foundOf(
  project: Project,
  { key }: ProjectSession,
  sessions: readonly Summary[],
): Summary | undefined {
  const ours = sessions.filter((one) => one.project?.file === project.file && one.project.key === key);
  return ours.find(({ state }) => state === 'running') ?? ours.at(-1);
}

/** Of the session that there is, which may have been renamed, without its scope; else the one that it gets. */
export function nameOf({ session, found }: Pick<Step, 'session' | 'found'>): string {
  return found === undefined ? session.name : nameParts(found.name).name;
}

export function orphansOf(project: Project, sessions: readonly Summary[]): Summary[] {
  const keys = new Set(project.sessions.map(({ key }) => key));
  return sessions.filter(
    ({ state, project: its }) => state === 'running' && its?.file === project.file && !keys.has(its.key),
  );
}

function stepOf(
  project: Project,
  session: ProjectSession,
  found: Summary | undefined,
  recreate: boolean,
): Step {
  if (found === undefined) return { session, action: 'created', found };
  const changed = changedSettings(session.config, found.project?.config ?? {});
  // Its tag has the name of the project, of which there is no hash: those of former versions stay as they are.
  if (found.project?.name !== project.name && !changed.includes('tags')) changed.push('tags');
  if (found.state === 'running') {
    if (recreate) return { session, action: 'recreated', because: ['asked'], found };
    if (changed.length > 0) return { session, action: 'recreated', because: changed, found };
    return { session, action: 'up_to_date', found };
  }
  const isDone = found.exit?.success === true && found.exit.ended_because === undefined;
  if (isDone && changed.length === 0 && !recreate) return { session, action: 'completed', found };
  return { session, action: 'started', found };
}

function changedSettings(now: Record<string, string>, before: Record<string, string>): string[] {
  const names = new Set([...Object.keys(now), ...Object.keys(before)]);
  return [...names].filter((name) => now[name] !== before[name]);
}

/** What was needed once, for sessions that run, is not needed again only because the daemon has forgotten it. */
function unlessCompleted(step: Step, steps: readonly Step[], keys: readonly string[]): Step {
  const { session, found, action } = step;
  if (action !== 'created' || found !== undefined || keys.includes(session.key)) return step;
  const dependents = steps.flatMap(({ session: { dependsOn }, action }) =>
    dependsOn.filter(({ key }) => key === session.key).map(({ condition }) => ({ condition, action })),
  );
  const isOver = dependents.every(
    ({ condition, action }) => condition === 'completed' && action === 'up_to_date',
  );
  return dependents.length > 0 && isOver ? { ...step, action: 'completed' } : step;
}

function requireFreeNames(steps: readonly Step[], sessions: readonly Summary[]): void {
  const running = sessions.filter(({ state }) => state === 'running');
  const taken = steps.flatMap(({ session, found, action }) => {
    if (action === 'up_to_date' || action === 'completed') return [];
    return running.filter(({ name, id }) => nameParts(name).name === session.name && id !== found?.id);
  });
  const [first] = taken;
  if (first === undefined) return;
  const { project } = first;
  const owner = project === undefined ? 'is not of this project' : `is of the project '${project.file}'`;
  throw new RequestError(
    'SESSION_EXISTS',
    `Session '${first.name}' runs already and ${owner}; nothing was started`,
    {
      suggestion: `Rename or end that one, or give this project names of its own: "prefix": "NAME-" in its file.`,
      details: { names: taken.map(({ name }) => name) },
    },
  );
}
