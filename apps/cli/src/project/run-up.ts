/** `up`, once: reads the file, plans, carries it out, and prints what became of it. */
import type { Client } from '@pilotty/client';
import type { Project } from '@pilotty/project';
import { exitCodeOf } from '../broadcast.ts';
import { inheritedOf } from '../inherited.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';
import { sessionsOf } from './open-project.ts';
import { orphanLines, planLines, upLine } from './up-lines.ts';

export interface UpGiven {
  sessions: string[];
  recreate: boolean;
  'remove-orphans': boolean;
  'dry-run': boolean;
  json: boolean;
}

/**
 * @param changed aborts where the file is another by now
 * @returns the exit code
 */
export async function runUp(
  project: Project,
  given: UpGiven,
  io: Io,
  client: Client,
  changed?: AbortSignal,
): Promise<number> {
  const { endOrphans, nameOf, planUp, up } = await import('@pilotty/project');
  const isReadable = io.stdout.isTty && !given.json;
  const { sessions: keys, recreate } = given;
  const plan = planUp(project, await sessionsOf(client, io), { keys, recreate });
  if (given['dry-run']) {
    if (isReadable) await io.stdout.write(planLines(plan));
    else await printJson(io.stdout, planned(project, plan, nameOf));
    return 0;
  }
  const result = await up(client, {
    project,
    plan,
    surroundings: await inheritedOf(io),
    signal: io.signal,
    ...(changed && { changed }),
    ...(isReadable && { progress: (outcome) => io.stdout.write(upLine(outcome)) }),
  });
  // Which of them are in the file is seen the next time.
  const left = given['remove-orphans'] && !changed?.aborted ? await endOrphans(client, result) : result;
  if (isReadable) await io.stdout.write(orphanLines(left));
  else await printJson(io.stdout, left);
  const failed = left.sessions.find(({ state }) => state === 'failed');
  return failed === undefined ? 0 : exitCodeOf(failed);
}

function planned(
  project: Project,
  { steps, orphans }: ReturnType<typeof import('@pilotty/project')['planUp']>,
  nameOf: typeof import('@pilotty/project')['nameOf'],
): object {
  return {
    type: 'project_plan',
    project: project.name,
    file: project.file,
    sessions: steps.map((step) => ({
      ...{ key: step.session.key, session: nameOf(step) },
      ...(step.found && { session_id: step.found.id }),
      action: step.action,
      ...(step.because && { because: step.because }),
    })),
    orphans: orphans.map(({ name, id }) => ({ session: name, session_id: id })),
  };
}
