/** Scopes: two agents with the same names side by side, each of which sees and touches its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Client } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { nativeClient, type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const inScope = (scope: string) => ({ env: { PILOTTY_SCOPE: scope } });

/** A client of the protocol in a scope, for as long as `use` runs. */
async function asAgent<T>(pilotty: Pilotty, scope: string, use: (client: Client) => Promise<T>): Promise<T> {
  const env = { ...pilotty.env, PILOTTY_SCOPE: scope };
  const client = createLocalClient({ env, cwd: pilotty.home });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Without a name as well: `build` and `default` in scopes a and b, and in none. */
async function spawnEverywhere(pilotty: Pilotty): Promise<void> {
  for (const env of [{ PILOTTY_SCOPE: 'a' }, { PILOTTY_SCOPE: 'b' }, {}]) {
    const started = await pilotty.run('spawn', '--tag', 'ci', 'cat', { env });
    expect(started.code).toBe(0);
    expect((await pilotty.run('spawn', '--name', 'build', '--tag', 'ci', 'cat', { env })).code).toBe(0);
  }
}

const names = (answer: { sessions: { name: string }[] }) => answer.sessions.map(({ name }) => name);

for (const kind of ['Node', 'native'] as const) {
  test(`two agents have the same names side by side, with the client in ${kind}`, async ({ pilotty }) => {
    const client = kind === 'Node' ? [process.execPath, pilotty.command] : [nativeClient()];
    const run = (scope: string, ...words: string[]) => {
      const [file = '', ...before] = client;
      const env = { ...pilotty.env, ...(scope && { PILOTTY_SCOPE: scope }) };
      const { status, stdout } = spawnSync(file, [...before, ...words], { env, cwd: pilotty.home });
      return { status, answer: stdout.length > 0 ? JSON.parse(String(stdout)) : undefined };
    };
    for (const scope of ['a', 'b', '']) {
      const prefix = scope && `${scope}+`;
      expect(run(scope, 'spawn', '--name', 'build', 'cat').answer.name).toBe(`${prefix}build`);
      expect(run(scope, 'spawn', 'cat').answer.name).toBe(`${prefix}default`);
      expect(run(scope, 'spawn', 'cat').answer.name).toBe(`${prefix}cat`);
    }
    expect(run('a', 'send', '-s', 'build', 'for a', 'Enter').status).toBe(0);
    expect(run('a', 'wait-for', '-s', 'build', 'for a').status).toBe(0);
    for (const scope of ['b', '']) {
      const shown = run(scope, 'snapshot', '-s', 'build', '--json').answer;
      expect(JSON.stringify(shown)).not.toContain('for a');
    }
    expect(names(run('a', 'list-sessions').answer)).toEqual(['a+build', 'a+default', 'a+cat']);
    expect(run('a', 'list-sessions').answer.sessions[0]).toMatchObject({ name: 'a+build', scope: 'a' });
    expect(names(run('b', 'list-sessions', '-s', '*').answer)).toEqual(['b+build', 'b+default', 'b+cat']);
    const all = ['a+build', 'a+default', 'a+cat', 'b+build', 'b+default', 'b+cat', 'build', 'default', 'cat'];
    expect(names(run('', 'list-sessions').answer)).toEqual(all);
    expect(names(run('a', 'list-sessions', '--all-scopes').answer)).toEqual(all);
    expect(names(run('a', 'list-sessions', '-s', '*+build', '-s', '+build').answer)).toEqual([
      'a+build',
      'b+build',
      'build',
    ]);
  });
}

test('what an answer calls a session reaches it from everywhere, and a mere name only from its scope', async ({
  pilotty,
}) => {
  const id = (await pilotty.run('spawn', '--name', 'only', 'cat', inScope('a'))).json().session_id;
  await pilotty.run('spawn', '--name', 'mine', 'cat');
  for (const env of [{ PILOTTY_SCOPE: 'a' }, { PILOTTY_SCOPE: 'b' }, {}])
    for (const word of ['a+only', id])
      expect((await pilotty.run('status', '-s', word, { env })).json()).toMatchObject({ id, name: 'a+only' });
  expect((await pilotty.run('status', '-s', '+mine', inScope('a'))).json().name).toBe('mine');
  const fromOther = (await pilotty.run('status', '-s', 'only', '--json', inScope('b'))).error();
  expect(fromOther).toMatchObject({ code: 'SESSION_NOT_FOUND', message: "Session 'b+only' not found" });
  expect(fromOther.suggestion).toContain('-s a+only');
  const fromNone = (await pilotty.run('status', '-s', 'only', '--json')).error();
  expect(fromNone).toMatchObject({ code: 'SESSION_NOT_FOUND', message: "Session 'only' not found" });
  const ofNone = (await pilotty.run('status', '-s', 'mine', '--json', inScope('a'))).error();
  expect(ofNone.suggestion).toContain('-s +mine');
  expect((await pilotty.run('spawn', '--name', 'only', 'cat', inScope('a'))).code).not.toBe(0);
  // A name that is no scope and name is one as before.
  expect((await pilotty.run('spawn', '--name', 'g++', 'cat')).json().name).toBe('g--');
  expect((await pilotty.run('status', '-s', 'g++')).json().name).toBe('g--');
  expect((await pilotty.run('spawn', '--name', 'g++', 'cat', inScope('a'))).json().name).toBe('a+g--');
  expect((await pilotty.run('status', '-s', 'g++', inScope('a'))).json().name).toBe('a+g--');
});

test('the session used last is one of the scope of who asks', async ({ pilotty }) => {
  await spawnEverywhere(pilotty);
  const meant = async (env: Record<string, string>) => (await pilotty.run('status', { env })).json().name;
  await pilotty.run('type', '-s', 'default', 'x', inScope('a'));
  expect(await meant({ PILOTTY_SCOPE: 'a' })).toBe('a+default');
  expect(await meant({ PILOTTY_SCOPE: 'b' })).toBe('b+build');
  expect(await meant({})).toBe('build');
  await pilotty.run('type', '-s', 'default', 'x');
  expect(await meant({})).toBe('default');
  expect(await meant({ PILOTTY_SCOPE: 'a' })).toBe('a+default');
  expect((await pilotty.run('status', '-s', 'b+')).json().name).toBe('b+build');
  const empty = (await pilotty.run('status', '--json', inScope('c'))).error();
  expect(empty).toMatchObject({ code: 'SESSION_NOT_FOUND', message: "Session 'c+default' not found" });
});

test('who takes many takes those of its scope', async ({ pilotty }) => {
  await spawnEverywhere(pilotty);
  await asAgent(pilotty, 'a', async (client) => {
    const own = ['a+default', 'a+build'];
    const each = await client.request('sessions.each', {
      tags: ['ci'],
      method: 'session.send',
      params: { parts: [{ text: 'word' }, { key: 'Enter' }] },
    });
    expect(each.results.map(({ session }) => session)).toEqual(own);
    const sent = await client.request('sessions.each', { all: true, method: 'session.status' });
    expect(sent.results.map(({ session }) => session)).toEqual(own);
    const gathered = await client.request('sessions.gather', {});
    expect(gathered.results.map(({ session }) => session)).toEqual(own);
    const shown = await client.request('sessions.wait', { tags: ['ci'], text: 'word', all: true });
    expect(shown.outcome).toBe('matched');
    const found = await client.request('sessions.grep', { pattern: 'word' });
    expect(found).toMatchObject({ searched: 2 });
    expect(new Set(found.matches.map(({ session }) => session))).toEqual(new Set(own));
    const ready = await client.request('sessions.wait', { sessions: ['*'], idle_ms: 1, all: true });
    expect(ready.ready.map(({ session }) => session).sort()).toEqual([...own].sort());
    const idle = await client.request('sessions.idle', { idle_ms: 1 });
    expect(idle.ready.map(({ session }) => session).sort()).toEqual([...own].sort());
    const events = new Set<string | undefined>();
    await client.request(
      'events.follow',
      { after: 0, follow: false },
      { onEvent: ({ session }) => void events.add(session) },
    );
    expect([...events].sort()).toEqual([...own].sort());
    const collected = await client.request('daemon.gc', { idle_ms: 0, dry_run: true });
    expect(collected.ended_sessions.map(({ session }) => session)).toEqual(own);
    const killed = await client.request('session.kill', { sessions: ['b*'] });
    expect(killed.results.map(({ session }) => session)).toEqual(['a+build']);
    const rest = await client.request('session.kill', { all: true });
    expect(rest.results.map(({ session }) => session)).toEqual(['a+default']);
  });
  const left = ['b+default', 'b+build', 'default', 'build'];
  expect(names((await pilotty.run('list-sessions')).json())).toEqual(left);
  const wide = await pilotty.run('kill', '--tag', 'ci', '--all-scopes', inScope('a'));
  expect(wide.json().results.map(({ session }: { session: string }) => session)).toEqual(left);
  expect((await pilotty.run('kill', '--all-scopes', inScope('a'))).code).toBe(2);
});

test('a rule in a scope fires for its own sessions, and others do not see it', async ({ pilotty }) => {
  const rule = await pilotty.run('on', '-s', 'build*', '--tag', 'ci', '--each', '--text', 'GO', inScope('a'));
  const { rule: id } = rule.json();
  expect(rule.json()).toMatchObject({ scope: 'a', session_names: ['a+build*'] });
  await spawnEverywhere(pilotty);
  const { client } = pilotty;
  const input = { parts: [{ word: 'GO' }, { key: 'Enter' }] };
  for (const session of ['b+build', 'b+default', 'build', 'default', 'a+build', 'a+default'])
    await client.request('session.send', { session, ...input });
  // The last two fire it, and what the others have printed came before.
  await until('both firings', async () => {
    const { rules } = await client.request('rules.list', {});
    return rules[0]?.firings === 2;
  });
  const fired = await client.request('rules.wait', { rules: [id], after: 0 });
  expect(fired.rule_events.map(({ session }) => session).sort()).toEqual(['a+build', 'a+default']);
  const listed = (scope: string) =>
    asAgent(pilotty, scope, async (agent) => {
      const { rules } = await agent.request('rules.list', {});
      const { rule_events } = await agent.request('rules.wait', { after: 0, timeout_ms: 0 });
      return { rules: rules.map(({ rule }) => rule), events: rule_events.length };
    });
  expect(await listed('a')).toEqual({ rules: [id], events: 2 });
  expect(await listed('b')).toEqual({ rules: [], events: 0 });
  expect((await pilotty.run('on', '--remove', 'all', inScope('b'))).json().removed).toEqual([]);
  expect((await pilotty.run('on', '--remove', 'all', inScope('a'))).json().removed).toEqual([id]);
});

test('programs in a session, and commands of rules, are in its scope', async ({ pilotty }) => {
  const echo = ['sh', '-c', 'echo "$PILOTTY_SESSION in [$PILOTTY_SCOPE]"; exec cat'];
  await pilotty.run('spawn', '--name', 'in', '--', ...echo, inScope('a'));
  expect((await pilotty.run('wait-for', '-s', 'a+in', 'a+in in [a]')).code).toBe(0);
  await pilotty.run('spawn', '--name', '+out', '--', ...echo, inScope('a'));
  expect((await pilotty.run('wait-for', '-s', 'out', 'out in []')).code).toBe(0);
  const file = join(pilotty.home, 'said');
  const command = `echo "$PILOTTY_SESSION of $PILOTTY_SCOPE" >'${file}'`;
  await pilotty.run('on', '-s', 'in', '--text', 'a+in', '--do', command, inScope('a'));
  await until('the command of the rule', () => existsSync(file) && readFileSync(file, 'utf8') !== '');
  expect(readFileSync(file, 'utf8')).toBe('a+in of a\n');
});

test('a rename stays in the scope, whoever asks for it', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'one', 'cat', inScope('a'));
  expect((await pilotty.run('rename', '-s', 'a+one', 'two')).json().name).toBe('a+two');
  expect((await pilotty.run('rename', '-s', 'a+two', 'three', inScope('b'))).json().name).toBe('a+three');
  expect((await pilotty.run('rename', '-s', 'three', 'b+four', inScope('a'))).json().name).toBe('b+four');
  expect((await pilotty.run('rename', '-s', 'four', '+five', inScope('b'))).json().name).toBe('five');
});

test('recordings are listed by scope', async ({ pilotty }) => {
  for (const env of [{ PILOTTY_SCOPE: 'a' }, {}]) {
    await pilotty.run('spawn', '--name', 'build', 'cat', { env });
    expect((await pilotty.run('record', 'start', '-s', 'build', { env })).code).toBe(0);
  }
  const listed = async (...words: string[]) =>
    (await pilotty.run('record', 'list', ...words, inScope('a')))
      .json()
      .recordings.map(({ session }: { session: string }) => session);
  expect(await listed()).toEqual(['a+build']);
  expect(await listed('--all-scopes')).toEqual(['a+build', 'build']);
});

test('an upgrade keeps scopes, and the session used last of each', async ({ pilotty }) => {
  await spawnEverywhere(pilotty);
  await pilotty.run('type', '-s', 'default', 'x', inScope('a'));
  await pilotty.run('on', '--tag', 'ci', '--text', 'GO', inScope('a'));
  expect((await pilotty.run('daemon', '--upgrade')).code).toBe(0);
  expect((await pilotty.run('status', inScope('a'))).json().name).toBe('a+default');
  expect((await pilotty.run('status', inScope('b'))).json().name).toBe('b+build');
  expect((await pilotty.run('status')).json().name).toBe('build');
  expect(names((await pilotty.run('list-sessions', inScope('a'))).json())).toEqual(['a+default', 'a+build']);
  const { rules } = (await pilotty.run('on', '--list', inScope('a'))).json();
  expect(rules).toMatchObject([{ scope: 'a', watching: 2 }]);
});

test('restore starts again what was lost of a scope, in it', async ({ pilotty }) => {
  const long = 'x'.repeat(64);
  for (const scope of [long, 'b']) await pilotty.run('spawn', '--name', long, 'cat', inScope(scope));
  const kept = join(pilotty.home, '.local/state/pilotty/sessions');
  const text = () => spawnSync('cat', ['-r', kept]).stdout.toString();
  const isKept = () => /b\+x/.test(spawnSync('grep', ['-rho', 'b+x', kept]).stdout.toString());
  await until('both on disk', isKept, { lastSeen: text });
  const { pid } = (await pilotty.run('info')).json();
  process.kill(pid, 'SIGKILL');
  await until('the end of the daemon', () => spawnSync('kill', ['-0', String(pid)]).status !== 0);
  const lost = (await pilotty.run('restore', inScope(long))).json();
  expect(names(lost)).toEqual([`${long}+${long}`]);
  const restored = (await pilotty.run('restore', '--all', inScope(long))).json();
  expect(restored.results).toMatchObject([{ session: `${long}+${long}`, ok: true }]);
  expect((await pilotty.run('restore', `b+${long}`, inScope(long))).json().results).toMatchObject([
    { session: `b+${long}`, ok: true },
  ]);
  expect((await pilotty.run('status', '-s', long, inScope('b'))).json().scope).toBe('b');
});

test('what is no scope is refused, with nothing done', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'there', 'cat');
  for (const scope of ['a b', 'a+b', '-a', '..', 'a..b', 'a/b', 'x'.repeat(65), 'ä']) {
    const refused = await pilotty.run('spawn', '--json', 'cat', inScope(scope));
    expect({ scope, code: refused.error().code }).toEqual({ scope, code: 'INVALID_NAME' });
    expect((await pilotty.run('kill', '--all', inScope(scope))).code).toBe(2);
    // The daemon itself is of no scope.
    expect((await pilotty.run('info', inScope(scope))).code).toBe(0);
  }
  const { client } = pilotty;
  await expect(client.request('session.list', { scope: 'a b' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  await expect(client.request('sessions.wait', { sessions: ['a+'], exit: true })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  for (const name of ['a+', 'a..b+c'])
    await expect(pilotty.spawn(name, ['cat'])).rejects.toMatchObject({ code: 'INVALID_NAME' });
  expect(names((await pilotty.run('list-sessions')).json())).toEqual(['there']);
  expect((await pilotty.run('status', '-s', 'there', inScope('*'))).json().name).toBe('there');
});
