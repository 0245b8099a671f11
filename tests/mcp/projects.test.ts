/** Projects for agents: what a file names is started, shown and ended by one call each. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startingClient } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { builtProgram, type Pilotty } from '../harness/pilotty.ts';
import { test } from './agents.ts';

const API = {
  command: 'echo "serving for $DATABASE"; exec cat',
  depends_on: ['database'],
  environment: { DATABASE: 'main' },
  ready: 'serving for main',
};
const DATABASE = { command: 'echo "ready to accept connections"; exec cat', ready: 'ready to accept' };

function write(pilotty: Pilotty, sessions: object, more: object = {}): void {
  writeFileSync(join(pilotty.home, 'pilotty.json'), JSON.stringify({ name: 'shop', ...more, sessions }));
}

test('a project is started, again after a change, shown and ended', async ({ near, pilotty }) => {
  write(pilotty, { api: API, database: DATABASE }, { prefix: 'shop-' });
  const agent = await near({ tools: 'all' });
  expect(await agent.ask('project_ps')).toBe(
    'project shop\ndatabase: not_started, session shop-database\napi: not_started, session shop-api',
  );
  const first = await agent.ask('project_up');
  expect(first).toMatch(
    /^project shop: up\ndatabase: created, ready.*, session shop-database\napi: created, ready.*, session shop-api$/,
  );
  write(pilotty, { api: { ...API, tags: ['changed'] }, database: DATABASE }, { prefix: 'shop-' });
  expect(await agent.ask('project_up', { sessions: ['api'] })).toMatch(
    /^project shop: up\ndatabase: up_to_date, ready.*\napi: recreated \(tags\), ready/,
  );
  expect(await agent.ask('project_ps')).toMatch(
    /^project shop\ndatabase: running, ready, .*\napi: running, ready, /,
  );
  expect(await agent.ask('project_down', { sessions: ['api'] })).toBe('project shop\napi: ended by SIGTERM');
  expect(await agent.ask('project_down')).toBe('project shop\ndatabase: ended by SIGTERM');
  expect(await agent.ask('project_down')).toBe('project shop: nothing of it runs');
});

test('what runs of a file that is gone is named, with what ends it', async ({ near, pilotty }) => {
  const agent = await near({ tools: 'all' });
  const old = join(pilotty.home, 'old.json');
  write(pilotty, { database: DATABASE });
  renameSync(join(pilotty.home, 'pilotty.json'), old);
  await agent.ask('project_up', { file: old });
  renameSync(old, join(pilotty.home, 'pilotty.json'));
  const note = `database: runs, of the project 'shop' of '${old}', which is gone; end it with 'pilotty kill -s database'`;
  expect(await agent.ask('project_ps')).toBe(`project shop\ndatabase: not_started\n${note}`);
  expect(await agent.ask('project_down')).toBe(`project shop: nothing of it runs\n${note}`);
});

test('what fails is told with its screen, and a mistake in the file is refused with nothing done', async ({
  near,
  pilotty,
}) => {
  const agent = await near({ tools: 'all' });
  write(pilotty, { database: { command: 'echo "no disk"; exit 3', ready: 'never' }, api: API });
  const answer = await agent.ask('project_up');
  expect(answer).toMatch(/^project shop: not all is up\n/);
  expect(answer).toMatch(/^database: created, failed.*: SESSION_EXITED: .*\nno disk$/m);
  expect(answer).toMatch(/^api: none, skipped.*'database', which it depends on, is not ready$/m);
  write(pilotty, { other: { comand: 'cat' } });
  const refused = await agent.call('project_up');
  expect(refused.isError).toBe(true);
  expect(refused.text).toMatch(/^INVALID_INPUT\n.*comand/s);
  const { sessions } = await pilotty.client.request('session.list', { all: true });
  expect(sessions.map(({ name }) => name)).toEqual(['database']);
});

test('what is not ready in time for the answer is waited for by the next call', async ({ near, pilotty }) => {
  write(pilotty, { slow: { command: 'read -r line; echo "got $line"; exec cat', ready: 'got it' } });
  const agent = await near({ tools: 'all', answerWithinMs: 500 });
  await expect
    .poll(() => agent.ask('project_up'), { timeout: 20_000 })
    .toBe('project shop: still_waiting\nslow: running, not ready');
  await pilotty.client.request('session.type', { session: 'slow', text: 'it', enter: true });
  const patient = await near({ tools: 'all' });
  expect(await patient.ask('project_up')).toMatch(/^project shop: up\nslow: up_to_date, ready/);
});

test('where the files of the user are elsewhere it is refused', async ({ near, pilotty }) => {
  const { env, home: cwd } = pilotty;
  const host = {
    env,
    connect: () =>
      startingClient(
        createLocalClient({ env, cwd, daemonProgram: builtProgram('pilotty-daemon.cjs') }),
        async () => ({ env, cwd }),
      ),
  };
  write(pilotty, { database: DATABASE });
  const agent = await near({ tools: 'all', host });
  for (const tool of ['project_up', 'project_ps', 'project_down']) {
    const { text, isError } = await agent.call(tool);
    expect([isError, text]).toEqual([true, expect.stringMatching(/^UNAVAILABLE\n/)]);
  }
});
