/** The sessions of a project file, as `pilotty up`, `down` and `ps` have them: on the host of the server only, where the file is. */
import { callerEnvironment, RequestError, timeoutSignal } from '@pilotty/client';
import type { Project, SessionStanding, Summary, UpOutcome } from '@pilotty/project';
import * as z from 'zod';
import { exitText, facts, type Part, printed, took } from '../answers/answer.ts';
import { type Call, type Tool, tool } from '../tool.ts';

const file = z
  .string()
  .min(1)
  .optional()
  .describe('default: pilotty.json in our directory, or the nearest above');
const sessions = z.array(z.string().min(1)).min(1).optional();

const projectUp = tool({
  name: 'project_up',
  title: 'Start the sessions of a project',
  description:
    'Start the sessions of pilotty.json that do not run, and anew those that have changed, each after what it depends on; wait until all are ready. After still_waiting call it again: it goes on with what is left.',
  readOnly: false,
  idempotent: true,
  isDefault: false,
  startsDaemon: true,
  waits: true,
  params: z.strictObject({
    file,
    sessions: sessions.describe('only these, and what they depend on'),
    recreate: z.boolean().default(false).describe('also what runs and has not changed'),
  }),
  async run({ file, sessions: keys, recreate }, call) {
    const { planUp, stateOfProject, up } = await import('@pilotty/project');
    const project = await openProject(file, call, true);
    const plan = planUp(project, await summaries(call), { keys, recreate });
    const { cwd: _, env, ...inheritance } = await call.surroundings();
    const inTime = timeoutSignal(call.answerWithinMs);
    const signal = AbortSignal.any([call.signal, inTime]);
    const surroundings = { env: callerEnvironment(env), ...inheritance };
    try {
      const {
        ok,
        sessions: outcomes,
        orphans,
      } = await up(call.client, { project, plan, surroundings, signal });
      return [
        ...facts(`project ${project.name}: ${ok ? 'up' : 'not all is up'}`),
        ...outcomes.flatMap(outcomeParts),
        ...facts(...orphans.map(({ session }) => `${session}: runs, and is not in the file any more`)),
      ];
    } catch (error) {
      if (call.signal.aborted || !inTime.aborted) throw error;
      const state = await stateOfProject(call.client, project, await summaries(call), call.signal);
      return facts(`project ${project.name}: still_waiting`, ...state.sessions.map(standing));
    }
  },
});

const projectPs = tool({
  name: 'project_ps',
  title: 'Show how the sessions of a project stand',
  description:
    'Sessions of pilotty.json, and those that run and are in it no more: state, whether ready now, restarts, exit.',
  isDefault: false,
  openWorld: false,
  params: z.strictObject({ file }),
  async run({ file }, call) {
    const { leftBehindNotes, stateOfProject } = await import('@pilotty/project');
    const project = await openProject(file, call);
    const state = await stateOfProject(call.client, project, await summaries(call), call.signal);
    const left = leftBehindNotes(state.left_behind);
    return facts(`project ${project.name}`, ...state.sessions.map(standing), ...left);
  },
});

const projectDown = tool({
  name: 'project_down',
  title: 'End the sessions of a project',
  description: 'Each after those that depend on it: TERM, and KILL after ten seconds.',
  readOnly: false,
  idempotent: true,
  isDefault: false,
  openWorld: false,
  params: z.strictObject({ file, sessions: sessions.describe('only these') }),
  async run({ file, sessions: keys = [] }, call) {
    const { down, leftBehindNotes, STOP_GRACE_MS } = await import('@pilotty/project');
    const project = await openProject(file, call);
    const wishes = { keys, graceMs: STOP_GRACE_MS };
    const { sessions: ended, left_behind } = await down(call.client, project, await summaries(call), wishes);
    const left = leftBehindNotes(left_behind);
    if (ended.length === 0) return facts(`project ${project.name}: nothing of it runs`, ...left);
    const line = ({ key, ok, exit, error }: (typeof ended)[number]) =>
      ok ? `${key}: ${exit ? exitText(exit) : 'ended'}` : `${key}: not ended: ${error?.message}`;
    return facts(`project ${project.name}`, ...ended.map(line), ...left);
  },
});

/** @throws RequestError INVALID_INPUT; UNAVAILABLE where files of the user are not those of the server */
async function openProject(file: string | undefined, call: Call, isUp = false): Promise<Project> {
  if (!call.host.readsProjects)
    throw new RequestError(
      'UNAVAILABLE',
      'Projects are started where their file is: by a server of pilotty mcp on the host of the sessions',
      { suggestion: 'Start sessions one by one with spawn.' },
    );
  const { askingForRegexes, findProjectFile, readProject, readProjectFile } = await import(
    '@pilotty/project'
  );
  const { cwd } = await call.surroundings();
  const asking = isUp ? askingForRegexes(call.client, call.signal) : undefined;
  return await readProject(findProjectFile(cwd, file), readProjectFile, asking);
}

/** Those of the server's scope, or of none, as what it starts is; also those that have ended. */
async function summaries({ request, host }: Call): Promise<Summary[]> {
  const { sessions } = await request('session.list', { all: true });
  return sessions.filter(({ scope }) => scope === (host.env.PILOTTY_SCOPE || undefined));
}

function outcomeParts({ key, session, action, because, state, error, ...more }: UpOutcome): Part[] {
  const why = because === undefined ? '' : ` (${because.join(', ')})`;
  const name = session === key ? '' : `, session ${session}`;
  const line = `${key}: ${action}${why}, ${state}${took(more.duration_ms)}${name}`;
  return [
    ...facts(error === undefined ? line : `${line}: ${error.code}: ${error.message}`),
    ...printed(more.screen_lines?.join('\n') ?? ''),
  ];
}

function standing({ key, session, state, ready, orphan, exit, restarts = 0 }: SessionStanding): string {
  const words = [
    state,
    ready !== undefined && (ready ? 'ready' : 'not ready'),
    exit && exitText(exit),
    restarts > 0 && `restarted ${restarts} times`,
    orphan && 'not in the file any more',
    session !== key && `session ${session}`,
  ];
  return `${key}: ${words.filter(Boolean).join(', ')}`;
}

export const projectTools: readonly Tool[] = [projectUp, projectPs, projectDown];
