/** A program in a container through HTTP, the SDK and MCP: the directory and the variables are those in there. */
import { expect } from 'vitest';
import { connect } from '../../packages/sdk/src/index.ts';
import { withInherited } from '../../packages/sdk/src/inherited.ts';
import { test as base } from '../mcp/agents.ts';
import { containerFixture, isPossible } from './container.ts';

const test = base.extend(containerFixture).runIf(isPossible);

const SHOW = ['sh', '-c', 'echo "$GIVEN $PWD $OF_CONTAINER"; exec sleep 5000'];
const SHOWN = 'given /tmp yes';

test('over HTTP, and by the SDK', async ({ container, gateway }) => {
  const served = await gateway();
  const json = { in: 'docker:web', argv: SHOW, cwd: '/tmp', env: { GIVEN: 'given' }, wait: { text: SHOWN } };
  const created = await served.ask('POST /sessions', { json });
  expect(created.json()).toMatchObject({ in: 'docker:web', cwd: '/tmp', wait: { outcome: 'matched' } });
  const shell = await served.ask('POST /sessions', { json: { in: 'docker:web', wait: { prompt: true } } });
  expect(shell.json()).toMatchObject({ argv: ['sh'], cwd: '/usr', wait: { outcome: 'matched' } });

  await using pilotty = await connect({ url: served.url.href, token: served.token });
  const given = { in: 'docker:web', cwd: '/tmp', env: { GIVEN: 'given' } };
  const session = await pilotty.spawn(SHOW, given);
  await session.waitFor({ text: SHOWN });
  expect(await session.status()).toMatchObject({ in: 'docker:web', current_directory: '/tmp' });
  expect(container.processes.filter((args) => args === 'sleep 5000')).toHaveLength(2);
});

test('for an agent', async ({ container, connect: connectAgent }) => {
  const agent = await connectAgent('2026, stdio');
  const arguments_ = { in: 'podman:web', argv: SHOW, cwd: '/tmp', env: { GIVEN: 'given' } };
  expect(await agent.ask('spawn', { ...arguments_, wait: { text: SHOWN } })).toContain(SHOWN);
  expect(container.processes).toEqual(['sleep 5000']);
});

base('the SDK gives the environment of its process to the runtime alone', () => {
  const own = { env: { HOME: '/home/me', TOKEN: 'of this host' }, cwd: '/work' };
  const given = { argv: ['sh'], in: 'docker:web', cwd: 'app', env: { GIVEN: '1', GONE: undefined } };
  expect(withInherited(given, own)).toEqual({
    argv: ['sh'],
    in: { place: 'docker:web', cwd: 'app', env: { GIVEN: '1' } },
    cwd: '/work',
    env: own.env,
  });
});
