/** What is to be done, of what is wanted and what there is: for all projects and all states of their sessions. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planUp, type Summary } from '../../packages/project/src/plan.ts';
import type { Project, ProjectSession } from '../../packages/project/src/project.ts';

const FILE = '/shop/pilotty.json';

type More = Partial<ProjectSession>;

function wanted(key: string, dependsOn: ProjectSession['dependsOn'] = [], more: More = {}): ProjectSession {
  return {
    ...{
      key,
      name: key,
      argv: ['cat'],
      cwd: '/',
      env: {},
      size: undefined,
      isPipe: false,
      tags: [],
      restartPolicy: undefined,
    },
    ...{ isRecorded: false, ready: undefined, dependsOn, config: { command: 'a', environment: 'b' } },
    ...more,
  };
}

const projectOf = (sessions: ProjectSession[]): Project => ({
  name: 'shop',
  file: FILE,
  environmentFiles: [],
  sessions,
});

let ids = 0;

function actual(
  { key, name, config }: ProjectSession,
  state: 'running' | 'completed' | 'failed' | 'killed',
  more: Partial<Summary> = {},
): Summary {
  const exit_code = state === 'failed' ? 1 : 0;
  const exit = {
    ...{ exit_code, signal: null, success: exit_code === 0, killed_by_client: state === 'killed' },
    ...{ lifetime_over: false, output_complete: true },
    ...(state === 'killed' && { ended_because: 'client' as const }),
  };
  ids += 1;
  return {
    ...{ id: `id${ids}`, name, command: 'cat', argv: ['cat'], pid: 1, created_at: '', cwd: '/', tags: [] },
    ...{ size: { cols: 80, rows: 24 }, idle_ms: 0, project: { name: 'shop', file: FILE, key, config } },
    ...(state === 'running' ? { state } : { state: 'exited' as const, exit }),
    ...more,
  };
}

const actionsOf = (project: Project, sessions: Summary[], wishes = {}) =>
  Object.fromEntries(
    planUp(project, sessions, wishes).steps.map(({ session, action }) => [session.key, action]),
  );

test('what is done for each state that a session can be in', () => {
  const a = wanted('a');
  const project = projectOf([a]);
  const changed = { ...a, config: { command: 'other', environment: 'b' } };
  expect(actionsOf(project, [])).toEqual({ a: 'created' });
  expect(actionsOf(project, [actual(a, 'running')])).toEqual({ a: 'up_to_date' });
  expect(actionsOf(project, [actual(a, 'running')], { recreate: true })).toEqual({ a: 'recreated' });
  expect(actionsOf(project, [actual(a, 'completed')])).toEqual({ a: 'completed' });
  for (const state of ['failed', 'killed'] as const)
    expect(actionsOf(project, [actual(a, state)])).toEqual({ a: 'started' });
  expect(actionsOf(project, [actual(changed, 'completed')])).toEqual({ a: 'started' });
  expect(planUp(project, [actual(changed, 'running')], {}).steps).toMatchObject([
    { action: 'recreated', because: ['command'] },
  ]);
  // The one that runs counts, whichever was first; and one of the same name in another file is another.
  expect(actionsOf(project, [actual(a, 'failed'), actual(a, 'running'), actual(a, 'failed')])).toEqual({
    a: 'up_to_date',
  });
  const renamed = actual(a, 'running', { name: 'b' });
  expect(actionsOf(project, [renamed])).toEqual({ a: 'up_to_date' });
});

test('what was needed once, and is forgotten, is run again only for those that need it', () => {
  const migrate = wanted('migrate');
  const api = wanted('api', [{ key: 'migrate', condition: 'completed' }]);
  const project = projectOf([migrate, api]);
  expect(actionsOf(project, [actual(api, 'running')])).toEqual({ migrate: 'completed', api: 'up_to_date' });
  expect(actionsOf(project, [actual(api, 'failed')])).toEqual({ migrate: 'created', api: 'started' });
  expect(actionsOf(project, [actual(api, 'running')], { keys: ['migrate'] })).toEqual({ migrate: 'created' });
  const needsReady = projectOf([migrate, wanted('api', [{ key: 'migrate', condition: 'started' }])]);
  expect(actionsOf(needsReady, [actual(api, 'running')])).toEqual({ migrate: 'created', api: 'up_to_date' });
});

test('a name that another session has is refused, and says whose it is; one that has ended is free', () => {
  const a = wanted('a');
  const project = projectOf([a]);
  const { project: _, ...stranger } = actual(a, 'running');
  expect(() => planUp(project, [stranger], {})).toThrow(/'a' runs already and is not of this project/);
  const other = actual(a, 'running', {
    project: { name: 'shop', file: '/other/pilotty.json', key: 'a', config: {} },
  });
  expect(() => planUp(project, [other], {})).toThrow("is of the project '/other/pilotty.json'");
  expect(actionsOf(project, [{ ...other, state: 'exited' }])).toEqual({ a: 'created' });
  expect(() => planUp(project, [], { keys: ['aa'] })).toThrow("There is no session 'aa'");
});

const condition = fc.constantFrom('started' as const, 'ready' as const, 'completed' as const);
/** Each depends on some of those before it. */
const projects = fc
  .array(fc.array(fc.tuple(fc.nat(), condition), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
  .map((all) =>
    projectOf(
      all.map((dependencies, index) =>
        wanted(
          `s${index}`,
          index === 0 ? [] : dependencies.map(([of, condition]) => ({ key: `s${of % index}`, condition })),
        ),
      ),
    ),
  );
const states = fc.array(fc.constantFrom('none', 'running', 'changed', 'completed', 'failed', 'killed'), {
  minLength: 8,
  maxLength: 8,
});

function actualOf(project: Project, states: readonly string[]): Summary[] {
  return project.sessions.flatMap((session, index) => {
    const state = states[index];
    if (state === 'none') return [];
    if (state === 'changed') return [actual({ ...session, config: { command: 'before' } }, 'running')];
    return [actual(session, state as 'running')];
  });
}

test('each step stands after those of what it depends on, and each session has one', () => {
  fc.assert(
    fc.property(projects, states, fc.nat(), (project, states, of) => {
      const { steps } = planUp(project, actualOf(project, states), {});
      expect(steps.map(({ session }) => session.key)).toEqual(project.sessions.map(({ key }) => key));
      const chosen = project.sessions[of % project.sessions.length]?.key ?? '';
      const some = planUp(project, actualOf(project, states), { keys: [chosen] }).steps.map(
        ({ session }) => session,
      );
      expect(some.at(-1)?.key).toBe(chosen);
      for (const [index, { dependsOn }] of some.entries())
        for (const { key } of dependsOn) expect(some.findIndex((one) => one.key === key)).toBeLessThan(index);
      for (const { key } of some.slice(0, -1))
        expect(some.some(({ dependsOn }) => dependsOn.some((one) => one.key === key))).toBe(true);
    }),
  );
});

test('once it is carried out there is nothing left to do', () => {
  fc.assert(
    fc.property(projects, states, (project, states) => {
      const before = actualOf(project, states);
      const { steps } = planUp(project, before, {});
      const after = steps.flatMap(({ session, action, found }): Summary[] => {
        if (action === 'up_to_date' || action === 'completed') return found === undefined ? [] : [found];
        return [actual(session, 'running')];
      });
      const again = planUp(project, after, {}).steps.map(({ action }) => action);
      expect(again.filter((action) => action !== 'up_to_date' && action !== 'completed')).toEqual([]);
      // What runs and is as it should be was not touched.
      for (const { found, action } of steps)
        if (found?.state === 'running' && found.project?.config.command === 'a')
          expect(action).toBe('up_to_date');
    }),
  );
});
