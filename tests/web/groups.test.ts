import { expect, test } from 'vitest';
import { groupsOf, matching } from '../../apps/web/src/sessions/groups.ts';

const sessions = [
  session('api', 'node server.js', ['web', 'deploy']),
  session('worker', 'node worker.js', ['deploy']),
  session('notes', 'vim', []),
  session('build 10', 'make', ['b10']),
  session('build 2', 'make', ['b2']),
];

test('sessions stand under their first tag, in the order a person counts, those without one last', () => {
  const groups = groupsOf(sessions).map(({ tag, sessions: members }) => [
    tag,
    ...members.map(({ name }) => name),
  ]);
  expect(groups).toEqual([
    ['b2', 'build 2'],
    ['b10', 'build 10'],
    ['deploy', 'worker'],
    ['web', 'api'],
    [undefined, 'notes'],
  ]);
});

test.each([
  ['', ['api', 'worker', 'notes', 'build 10', 'build 2']],
  ['node WORK', ['worker']],
  ['deploy', ['api', 'worker']],
  ['#dep', ['api', 'worker']],
  ['#node', []],
])('the filter %j leaves %j', (filter, names) => {
  expect(matching(sessions, filter).map(({ name }) => name)).toEqual(names);
});

function session(name: string, command: string, tags: string[]) {
  return { name, command, tags };
}
