/** Who may read kept output, and what a host does that may not keep any: with docs/examples/fleet-nats.conf, and less of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectNats } from '../../apps/fleet/src/nats/connect.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { TestFleet } from './test-fleet.ts';

const CONFIGURATION = fileURLToPath(new URL('../../docs/examples/fleet-nats.conf', import.meta.url));
const PASSWORDS = { OBSERVER_PASSWORD: 'looks-1', OPERATOR_PASSWORD: 'acts-1', HOST_PASSWORD: 'serves-1' };
const KEEP = ['--keep-output', '8M'];

type User = 'observer' | 'operator' | 'host';

let fleet: TestFleet | undefined;

beforeEach(() => needs('nats-server'));

afterEach(async () => {
  await fleet?.close();
  fleet = undefined;
});

/** @param texts its configuration lacks the lines with one of these */
async function start(...texts: string[]): Promise<TestFleet> {
  const words = ['-c', ''];
  const started = new TestFleet(words, PASSWORDS);
  fleet = started;
  const lines = readFileSync(CONFIGURATION, 'utf8').split('\n');
  const left = lines.filter((line) => !texts.some((text) => line.includes(text)));
  words[1] = join(started.pilotty.directory, 'nats.conf');
  writeFileSync(words[1], left.join('\n'));
  await started.nats.start();
  return started;
}

function as(user: User): Record<string, string> {
  const directory = (fleet as TestFleet).pilotty.directory;
  const file = join(directory, `${user}.creds`);
  writeFileSync(file, `${user}:${PASSWORDS[`${user.toUpperCase()}_PASSWORD` as keyof typeof PASSWORDS]}\n`, {
    mode: 0o600,
  });
  return { PILOTTY_NATS_CREDS: file, PILOTTY_NATS_INBOX: `_INBOX.${user}` };
}

test('an observer reads it by a host that is left, an operator also without one, and nobody but they', async () => {
  const ours = await start();
  await ours.join('a', KEEP, as('host'));
  await ours.join('b', [], as('host'));
  await ours.spawnOn('a', 'build', 'echo kept words; sleep 1000');
  const read = (user: User) => ours.all('output', '-s', 'a/build', { env: as(user) });
  const gone = async (name: string) => {
    const { joining } = ours.host(name);
    joining?.child.kill('SIGKILL');
    await joining?.answer;
  };
  await until('it to be kept', async () => {
    const nats = await connectNats(
      { server: `127.0.0.1:${ours.nats.port}`, isEncrypted: false },
      { credentials: as('observer').PILOTTY_NATS_CREDS, inboxPrefix: '_INBOX.observer', name: 'test' },
    );
    const question = JSON.stringify({ ask: 'find', host: 'a', session: 'build' });
    const answer = await nats.connection.request('pilotty.ci.read.output', question);
    await nats.close();
    return answer.json<{ last?: object }>().last !== undefined;
  });
  await gone('a');
  const byHost = await until('the host to be gone', async () => {
    const answer = await read('observer');
    return answer.stderr.startsWith('stream:') ? answer : undefined;
  });
  expect(byHost).toMatchObject({ code: 0, stdout: 'kept words\n' });
  await gone('b');
  const refused = await read('observer');
  expect(refused).toMatchObject({ code: 6, stdout: '' });
  expect(await read('operator')).toMatchObject({ code: 0, stdout: 'kept words\n' });
});

test('a host answers questions about the stream to inboxes, and none that is not one', async () => {
  const ours = await start();
  await ours.join('a', KEEP, as('host'));
  const nats = await connectNats(
    { server: `127.0.0.1:${ours.nats.port}`, isEncrypted: false },
    { credentials: as('observer').PILOTTY_NATS_CREDS, inboxPrefix: '_INBOX.observer', name: 'thief' },
  );
  try {
    const wrong = [
      '',
      '[]',
      '{"ask":"find"}',
      '{"ask":"find","host":"a.>","session":"x"}',
      '{"ask":"page","host":"a","id":"*","seq":1}',
      '{"ask":"page","host":"a","id":"0123456789ab","seq":"1"}',
      '{"ask":"delete","host":"a"}',
    ];
    for (const question of wrong)
      expect((await nats.connection.request('pilotty.ci.read.output', question)).json(), question).toEqual({
        problem: expect.any(String),
      });
    const page = '{"ask":"page","host":"a","id":"0123456789ab","seq":-5}';
    expect((await nats.connection.request('pilotty.ci.read.output', page)).json()).toEqual({
      outputs: [],
      more: false,
    });
  } finally {
    await nats.close();
  }
});

test.each([
  ['may not make the stream', ['pilotty_ci_output', 'pilotty.ci.output'], 'no output is kept: '],
  ['may not publish into it', ['pilotty.ci.output'], 'output is kept no longer: '],
])('a host that %s says so, and is in the fleet without', async (_, lines, said) => {
  const ours = await start(...lines);
  await ours.join('a', KEEP, as('host'));
  await ours.spawnOn('a', 'build', 'echo words; sleep 1000');
  const shown = await ours.all('wait', '-s', 'a/build', '--text', 'words', { env: as('observer') });
  expect(shown.code, shown.stderr).toBe(0);
  expect((await ours.all('output', '-s', 'a/build', { env: as('observer') })).stdout).toBe('words\n');
  expect((await ours.all('output', '-s', 'a/none', { env: as('observer') })).code).toBe(5);
  const { joining } = ours.host('a');
  // What was printed is published a moment later.
  await until('it to be said', () => joining?.stderr().includes(said) ?? false);
  expect(joining?.child.exitCode).toBe(null);
  joining?.child.kill('SIGTERM');
  const { stderr } = (await joining?.answer) ?? { stderr: '' };
  expect(stderr.split(said)).toHaveLength(2);
  expect(stderr).toMatch(/pilotty[_.]ci[_.]output|permission/i);
});
