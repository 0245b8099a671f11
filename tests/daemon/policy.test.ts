/** A daemon with a policy: asked before anything is done, and nothing is done that is not allowed. */
import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { actsOf } from '../../packages/daemon/src/policy/acts.ts';
import { readPolicy } from '../../packages/daemon/src/policy/policy-file.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';
import { test as base, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const EXAMPLE =
  /```json\n(\{\n {2}"default".*?)```/s.exec(readFileSync('docs/security.md', 'utf8'))?.[1] ?? '';

const fileOf = ({ directory }: Pilotty) => join(directory, 'policy.json');

function writePolicy(pilotty: Pilotty, policy: object | string): void {
  pilotty.env.PILOTTY_POLICY = fileOf(pilotty);
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
  writeFileSync(fileOf(pilotty), text, { mode: 0o600 });
}

const test = base.extend<{ as: (name: string) => ReturnType<typeof createLocalClient> }>({
  as: async ({ pilotty }, use) => {
    const open: ReturnType<typeof createLocalClient>[] = [];
    await use((name) => {
      const client = createLocalClient({ env: pilotty.env, cwd: pilotty.home, client: { name } });
      open.push(client);
      return client;
    });
    for (const client of open) client.close();
  },
});

/** Of the trail, without what differs each time. */
function trailOf({ socketDir }: Pilotty): Record<string, unknown>[] {
  const lines = readFileSync(join(socketDir, 'pilotty.audit'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const DENIED = (rule: string) => ({ code: 'POLICY_DENIED', details: { rule } });

test('what a rule denies is not done, and the error names the rule', async ({ pilotty }) => {
  writePolicy(pilotty, EXAMPLE);
  const bin = join(pilotty.directory, 'bin');
  const env = { PILOTTY_CLIENT: 'mcp-1' };
  expect((await pilotty.run('spawn', '--name', 'sh', 'sh', { env })).code).toBe(0);
  // A link to one that is denied, and a file of one's own by the name of one that is allowed.
  writeFileSync(bin, '#!/bin/sh\n', { mode: 0o755 });
  symlinkSync('/bin/sh', join(pilotty.directory, 'sudo'));
  for (const [argv, rule] of [
    [[join(pilotty.directory, 'sudo'), '-i'], 'no-root'],
    [[bin], 'nothing-else'],
    [[`/usr/bin/../../${bin}`], 'nothing-else'],
  ] as const)
    expect(
      (await pilotty.run('spawn', '--name', 'x', '--', ...argv, { env })).error(),
      argv[0],
    ).toMatchObject(DENIED(rule));
  for (const line of [['kill', '-s', 'sh'], ['stop'], ['restart', '-s', 'sh'], ['gc', '--idle', '0s']])
    expect((await pilotty.run(...line, { env })).error(), line[0]).toMatchObject(DENIED('ends-nothing'));
  const { sessions } = await pilotty.client.request('session.list', { all: true });
  expect(sessions.map(({ name, state }) => [name, state])).toEqual([['sh', 'running']]);
  const refused = await pilotty.run('spawn', '--', join(pilotty.directory, 'sudo'), { env });
  expect(refused.error().suggestion).toBe('Ask a person: pilotty hand-over --message WHY');
  expect(refused.error().message).toContain('Nothing was done');
  const info = await pilotty.client.request('daemon.info', {});
  expect(info.policy).toMatchObject({ file: fileOf(pilotty), rules: 6 });
  expect((await pilotty.run('kill', '-s', 'sh', { env: { PILOTTY_CLIENT: 'bash[1]' } })).code).toBe(0);
});

test('a program that is denied is not started by a restart or a restore either', async ({ pilotty }) => {
  await pilotty.spawn('s', ['cat']);
  const { pid } = await pilotty.client.request('daemon.info', {});
  process.kill(pid, 'SIGTERM');
  await until('the end of the daemon', () => pilotty.processes().length === 0);
  writePolicy(pilotty, { rules: [{ name: 'no-cat', acts: ['spawn'], programs: ['cat'], decision: 'deny' }] });
  for (const words of [['s'], ['--all']])
    expect((await pilotty.run('restore', ...words)).error(), words[0]).toMatchObject(DENIED('no-cat'));
  const { sessions } = await pilotty.client.request('sessions.lost', {});
  expect(sessions).toMatchObject([{ name: 's' }]);
  expect((await pilotty.run('restore', '--forget', 's')).code).toBe(0);
  writePolicy(pilotty, { rules: [] });
  await pilotty.run('spawn', '--name', 'again', 'cat');
  writePolicy(pilotty, { rules: [{ name: 'no-cat', acts: ['spawn'], programs: ['cat'], decision: 'deny' }] });
  expect((await pilotty.run('restart', '-s', 'again')).error()).toMatchObject(DENIED('no-cat'));
  expect((await pilotty.client.request('session.status', { session: 'again' })).state).toBe('running');
});

const PUSHES = { rules: [{ name: 'pushes', acts: ['type'], text: 'git\\s+push', decision: 'person' }] };

test('a line is found however it is typed', async ({ pilotty, as }) => {
  writePolicy(pilotty, PUSHES);
  await pilotty.spawn('s', ['sh', '-c', 'stty raw -echo; printf ready; exec cat']);
  await pilotty.run('wait-for', '-s', 's', 'ready');
  const client = as('agent');
  const session = 's';
  const refused = async (request: Promise<unknown>) =>
    await expect(request).rejects.toMatchObject(DENIED('pushes'));
  const base64 = Buffer.from('git push').toString('base64');
  await refused(client.request('session.type', { session, text: 'git push', enter: true }));
  await refused(client.request('session.type', { session, data_base64: base64 }));
  await refused(client.request('session.type', { session, text: 'git\\x20push', escapes: true }));
  await refused(client.request('session.paste', { session, text: 'ls\ngit  push\n' }));
  await refused(client.request('session.exec', { session, command: 'cd x && git push' }));
  await refused(client.request('session.key', { session, keys: 'g i t Space p u s h' }));
  await refused(client.request('session.key', { session, keys: 'g i t Space p x Backspace u s h' }));
  await refused(client.request('session.send', { session, parts: [{ text: 'git ' }, { word: 'push' }] }));
  await refused(
    client.request('session.spawn', { argv: ['sh'], cwd: '/', env: pilotty.env, send: 'git push' }),
  );
  // In pieces: all at once, so that none is answered before the next is asked.
  const pieces = ['git', ' pu', 'sh'].map((text) => client.request('session.type', { session, text }));
  const settled = await Promise.allSettled(pieces);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  // A line that is thrown away, or submitted, is over.
  for (const text of ['\u0003', 'push', '\r', 'git', '\r', 'push'])
    await client.request('session.type', { session, text });
  const { results } = await client.request('sessions.each', {
    sessions: ['s'],
    method: 'session.type',
    params: { text: ' git push' },
  });
  expect(results).toMatchObject([{ ok: false, error: { code: 'POLICY_DENIED' } }]);
  // Each return has put the cursor to the beginning of the row.
  await until('the echo', async () => {
    const { text } = await client.request('session.snapshot', { session });
    return text?.includes('pushygit pupush');
  });
});

test('what is left to a person is done by one who is attached, and by no other', async ({ pilotty, as }) => {
  writePolicy(pilotty, PUSHES);
  await pilotty.spawn('s', ['sh', '-c', 'stty raw -echo; printf ready; exec cat']);
  await pilotty.spawn('inner', ['sh', '-c', 'exec cat']);
  await pilotty.run('wait-for', '-s', 's', 'ready');
  const push = { session: 's', text: 'git push' };
  const [agent, person, inside, looker] = ['agent', 'ann', 'ben', 'cat'].map(as);
  const attach = async (client = agent, more: object = {}) => {
    let isAttached = false;
    const onEvent = ({ type }: { type: string }) => {
      isAttached ||= type === 'attached';
    };
    client?.request('session.attach', { session: 's', ...more }, { onEvent }).catch(() => {});
    await until('the attachment', () => isAttached);
  };
  await attach(inside, { inside: { session: 'inner' } });
  await attach(looker, { read_only: true });
  await attach(person);
  for (const client of [agent, inside, looker]) {
    await expect(client?.request('session.type', push)).rejects.toMatchObject({
      code: 'POLICY_DENIED',
      suggestion: expect.stringContaining('pilotty hand-over -s s'),
    });
  }
  await person?.request('session.type', push);
  await pilotty.untilShown('git push', 's');
  expect(trailOf(pilotty).filter(({ decision }) => decision === 'person')).toHaveLength(3);
});

test('the trail has each act, its client and its end, and nothing that was typed', async ({ pilotty }) => {
  writePolicy(pilotty, { rules: [{ name: 'no-stop', acts: ['signal'], decision: 'deny' }] });
  pilotty.env.PILOTTY_CLIENT = 'agent';
  const secret = 'hunter2';
  await pilotty.run('spawn', '--name', 's', '--', 'cat', '/dev/stdin', secret, '-');
  await pilotty.run('spawn', '--name', 'c', 'cat');
  await pilotty.run('type', '-s', 'c', secret);
  await pilotty.run('signal', '-s', 'c', 'INT');
  await pilotty.run('key', '-s', 'nobody', 'x');
  await pilotty.run('snapshot', '-s', 'c');
  await pilotty.run('kill', '--all');
  const trail = trailOf(pilotty);
  expect(trail).toMatchObject([
    { act: 1, client: 'agent', method: 'session.spawn', decision: 'allow', rule: 'default' },
    { act: 1, outcome: 'done', session: 's' },
    { act: 2, method: 'session.spawn', programs: [expect.stringMatching(/^\/.*\//)] },
    { act: 2, outcome: 'done', session: 'c', session_id: expect.any(String) },
    { act: 3, method: 'session.type', acts: ['type'], session: 'c', characters: secret.length },
    { act: 3, outcome: 'done' },
    { act: 4, method: 'session.signal', session: 'c', decision: 'deny', rule: 'no-stop' },
    { act: 4, outcome: 'POLICY_DENIED' },
    { act: 5, method: 'session.key' },
    { act: 5, outcome: 'SESSION_NOT_FOUND' },
    { act: 6, method: 'session.kill', selected: { all: true } },
    { act: 6, outcome: 'done' },
  ]);
  const file = join(pilotty.socketDir, 'pilotty.audit');
  expect(readFileSync(file, 'utf8')).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const printed = await pilotty.run('logs', '--audit', '-n', '1');
  expect(JSON.parse(printed.stdout)).toMatchObject({ act: 6, outcome: 'done' });
});

test('a file that changes is read again; one that becomes malformed allows nothing', async ({ pilotty }) => {
  writePolicy(pilotty, { rules: [] });
  await pilotty.spawn('s', ['cat']);
  writePolicy(pilotty, { rules: [{ name: 'quiet', acts: ['type'], decision: 'deny' }] });
  expect((await pilotty.run('type', '-s', 's', 'x')).error()).toMatchObject(DENIED('quiet'));
  writePolicy(pilotty, '{\n"rules": [\n}');
  const refused = (await pilotty.run('kill', '-s', 's')).error();
  expect(refused).toMatchObject({ code: 'POLICY_DENIED', suggestion: expect.stringContaining('line 3') });
  const info = await pilotty.client.request('daemon.info', {});
  expect(info.policy).toMatchObject({ rules: null, problem: expect.stringContaining('line 3') });
  rmSync(fileOf(pilotty));
  expect((await pilotty.run('type', '-s', 's', 'x')).error().code).toBe('POLICY_DENIED');
  expect((await pilotty.run('snapshot', '-s', 's')).code).toBe(0);
  writePolicy(pilotty, { rules: [] });
  expect((await pilotty.run('kill', '-s', 's')).code).toBe(0);
});

const rule = { name: 'a', acts: ['type'], decision: 'deny' };
const inLines = (...rules: object[]) =>
  `{ "rules": [\n${rules.map((each) => JSON.stringify(each)).join(',\n')}\n] }`;

test.for([
  ['no JSON', '{\n "rules": [\n,', 'line 3'],
  ['a member that there is not', inLines(rule, { ...rule, name: 'b', when: 1 }), 'line 3'],
  ['an act that there is not', inLines(rule, { ...rule, name: 'b', acts: ['{type'] }), 'line 3'],
  ['the same name twice', inLines(rule, rule), 'line 3'],
  ['no expression', inLines({ ...rule, text: '(' }), 'line 2'],
  ['text of a spawn', inLines({ ...rule, acts: ['spawn'], text: 'x' }), 'line 2'],
  ['a person who is to start it', inLines({ ...rule, acts: ['spawn'], decision: 'person' }), 'line 2'],
  [
    'a program that is allowed by its name',
    inLines({ ...rule, acts: ['spawn'], programs: ['vim'], decision: 'allow' }),
    'line 2',
  ],
] as const)('the line of a malformed policy is said: %s', ([, text, line], { pilotty }) => {
  writePolicy(pilotty, text);
  expect(() => readPolicy(fileOf(pilotty))).toThrow(line);
});

test('a daemon does not start with a malformed policy', async ({ pilotty }) => {
  writePolicy(pilotty, inLines({ ...rule, acts: [] }));
  const refused = await pilotty.run('spawn', 'cat');
  expect(refused.error()).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('line 2'),
  });
  await until('the daemon to end', () => pilotty.processes().length === 0);
});

test('a policy that others can write is refused, and doctor says so', async ({ pilotty }) => {
  writePolicy(pilotty, { rules: [] });
  chmodSync(fileOf(pilotty), 0o666);
  expect((await pilotty.run('spawn', 'cat')).error().message).toContain('can be written by other users');
  const { checks } = JSON.parse((await pilotty.run('doctor')).stdout);
  expect(checks.find(({ name }: { name: string }) => name === 'settings')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('can be written by other users'),
  });
});

test('every method that changes something is governed, or asks others that are', () => {
  const PARAMS: Readonly<Record<string, object>> = { 'session.exec': { command: 'x' } };
  const ungoverned = Object.entries(methods).filter(
    ([method, { readOnly }]) =>
      readOnly === actsOf(method as 'session.kill', (PARAMS[method] ?? {}) as never).length > 0,
  );
  expect(ungoverned.map(([method]) => method)).toEqual(['sessions.each']);
});
