/** From a token that may only look there is no way to one that may act, by whatever door. */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { Grant, type Permissions } from '../../apps/gateway/src/access/grant.ts';
import { guarded } from '../../apps/gateway/src/access/guarded-client.ts';
import { Passes } from '../../apps/gateway/src/access/passes.ts';
import { routes } from '../../apps/gateway/src/routes/index.ts';
import type { Client } from '../../packages/client/src/index.ts';
import { everyTool } from '../../packages/mcp/src/offered-tools.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';
import type { Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { type Served, test } from './served.ts';

const MIRROR = ['sh', '-c', 'stty raw -echo; printf ready; exec cat'];

async function share(pilotty: Pilotty, ...words: string[]): Promise<{ token: string; url: string }> {
  const answer = await pilotty.run('serve', '--share', ...words);
  return JSON.parse(answer.stdout || answer.stderr);
}

const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

/** Two that anything could be done to; one has the tag. */
async function twoSessions(pilotty: Pilotty): Promise<void> {
  await pilotty.run('spawn', '--name', 'a', '--tag', 'demo', ...MIRROR);
  await pilotty.run('spawn', '--name', 'secret', ...MIRROR);
  for (const name of ['a', 'secret']) await pilotty.run('wait-for', '-s', name, 'ready');
}

/** Neither of them was changed, nor was there another. */
async function expectUntouched({ client }: Pilotty): Promise<void> {
  const { sessions } = await client.request('session.list', { all: true });
  expect(sessions.map(({ name, tags, state, size }) => ({ name, tags, state, size }))).toEqual([
    { name: 'a', tags: ['demo'], state: 'running', size: { cols: 80, rows: 24 } },
    { name: 'secret', tags: [], state: 'running', size: { cols: 80, rows: 24 } },
  ]);
  for (const session of ['a', 'secret'])
    expect((await client.request('session.snapshot', { session })).text).toBe('ready');
}

/** Enough of a request that it would do something. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /sessions': { name: 'new', argv: ['cat'] },
  'PATCH /sessions/:session': { name: 'other' },
  'POST /sessions/:session/input': { text: 'typed' },
  'POST /sessions/:session/exec': { command: 'true' },
  'POST /sessions/:session/wait': { text: 'ready' },
  'POST /wait': { text: 'ready' },
};
const PARAMS: Readonly<Record<string, object>> = {
  'session.spawn': { argv: ['cat'], cwd: '/', env: {} },
  'session.type': { session: 'a', text: 'typed' },
  'session.key': { session: 'a', keys: 'x' },
  'session.send': { session: 'a', parts: [{ text: 'typed' }] },
  'session.paste': { session: 'a', text: 'typed' },
  'session.kill': { session: 'a' },
  'session.signal': { session: 'a', signal: 'TERM' },
  'session.rename': { session: 'a', name: 'other' },
  'session.tag': { session: 'a', add: ['x'] },
  'session.change': { session: 'a', name: 'other' },
  'session.resize': { session: 'a', cols: 100, rows: 30 },
  'session.exec': { session: 'a', command: 'true' },
  'sessions.each': { sessions: ['a'], method: 'session.type', params: { text: 'typed' } },
};

test('every route answers a token that may only look by its effect, with a body or without', async ({
  pilotty,
  served,
}) => {
  await twoSessions(pilotty);
  const { token } = await share(pilotty);
  const wrong: unknown[] = [];
  for (const { method, path, effect, isPublic } of routes) {
    const body = BODIES[`${method} ${path}`] ?? PARAMS[path.slice('/rpc/'.length)] ?? {};
    const what = `${method} ${path.replace(':session', 'a')}`;
    for (const json of [body, {}]) {
      if (isPublic || path === '/events' || /view|follow/.test(path)) continue;
      const sent = method === 'POST' || method === 'PATCH' ? { json } : {};
      const { status } = await served.ask(what, { headers: withToken(token), ...sent });
      if ((status === 403) !== (effect === 'changes') || status === 401) wrong.push([what, effect, status]);
    }
  }
  expect(wrong).toEqual([]);
  for (const what of ['POST /sessions/a/input', 'POST /sessions/a/input/'])
    expect((await served.ask(what, { body: 'typed', headers: withToken(token) })).status).toBe(403);
  await expectUntouched(pilotty);
});

test('every method over a WebSocket too, and a raw one types nothing', async ({ pilotty, served }) => {
  await twoSessions(pilotty);
  const { token } = await share(pilotty);
  const peer = served.webSocket('ws/json', withToken(token));
  await peer.opened();
  const changing = Object.entries(methods).filter(([, { readOnly }]) => !readOnly);
  for (const [method] of changing) peer.send({ id: method, method, params: PARAMS[method] ?? {} });
  for (const [method] of changing)
    expect((await peer.answer(method)).error.data.code, method).toBe('FORBIDDEN');
  peer.send({ id: 1, method: 'session.list' });
  expect((await peer.answer(1)).result.sessions).toHaveLength(2);
  const raw = served.webSocket('sessions/a/ws/raw?control=true&read_only=false', withToken(token));
  await until('the screen', () => raw.bytes.includes('ready'));
  raw.send(Buffer.from('typed'));
  raw.send('{"type":"resize","cols":100,"rows":30}');
  await until('the refusal', () => raw.bytes.includes('FORBIDDEN'));
  await expectUntouched(pilotty);
});

test('a login that may only look is listed among those who are attached, as one that only looks', async ({
  pilotty,
  served,
}) => {
  await twoSessions(pilotty);
  const { token } = await share(pilotty, '-s', 'a');
  const peer = served.webSocket('ws/json', withToken(token));
  await peer.opened();
  const looks = { read_only: true, inside: { session: 'b' } };
  peer.send({ id: 1, method: 'session.attach', params: { session: 'b', ...looks } });
  expect((await peer.answer(1)).error.data.code).toBe('SESSION_NOT_FOUND');
  peer.send({ id: 2, method: 'session.attach', params: { session: 'a', ...looks } });
  const attached = async () =>
    (await pilotty.client.request('session.status', { session: 'a' })).attached.map((each) => each.read_only);
  await until('it to be listed', async () => (await attached()).length > 0);
  expect(await attached()).toEqual([true]);
  expect(peer.bytes).not.toContain('"inside"');
  await expectUntouched(pilotty);
});

test('what is made of it may only look as well: tickets, logins, what MCP offers', async ({
  pilotty,
  served,
}) => {
  await twoSessions(pilotty);
  const { token, url } = await share(pilotty);
  const { ticket } = (await served.ask('POST /tickets', { headers: withToken(token) })).json();
  const peer = served.webSocket(`ws/json?ticket=${ticket}`, {});
  await peer.opened();
  peer.send({ id: 1, method: 'session.kill', params: { session: 'a' } });
  expect((await peer.answer(1)).error.data.code).toBe('FORBIDDEN');

  const anonymous = { authorization: undefined };
  for (const json of [{ token }, { ticket: url.split('#ticket=')[1] }]) {
    const login = await served.ask('POST /login', { json, headers: anonymous });
    const cookie = login.headers['set-cookie']?.[0]?.split(';')[0];
    const own = { ...anonymous, cookie };
    expect((await served.ask('GET /access', { headers: own })).json()).toMatchObject({ read_only: true });
    expect((await served.ask('DELETE /sessions/a', { headers: own })).status).toBe(403);
  }

  const call = (method: string, params: object, query = '') =>
    served.ask(`POST /mcp${query}`, {
      json: { jsonrpc: '2.0', id: 1, method, params },
      headers: { ...withToken(token), accept: 'application/json, text/event-stream' },
    });
  const listed = (await call('tools/list', {})).text;
  expect(listed).toContain('"look"');
  expect(listed).not.toMatch(/"name":"(?:send|start|run|end)"/);
  expect((await call('tools/list', {}, '?tools=send')).status).toBe(403);
  for (const query of ['', '?tools=all', '?tools=look'])
    await call('tools/call', { name: 'send', arguments: { session: 'a', text: 'typed' } }, query);
  await expectUntouched(pilotty);
});

test('a gateway that may only look refuses its own token as well', async ({ pilotty, gateway }) => {
  const served = await gateway('--read-only');
  await twoSessions(pilotty);
  expect((await served.ask('DELETE /sessions/a')).json().code).toBe('FORBIDDEN');
  expect((await served.ask('GET /sessions')).json().sessions).toHaveLength(2);
  const login = await served.ask('POST /login', { json: { token: served.token } });
  const headers = { authorization: undefined, cookie: login.headers['set-cookie']?.[0]?.split(';')[0] };
  expect((await served.ask('POST /sessions', { json: {}, headers })).status).toBe(403);
  await expectUntouched(pilotty);
});

test.for([
  ['of one session', ['-s', 'a']],
  ['of a tag', ['--tag', 'demo']],
] as const)('a token %s knows no other session', async ([, words], { pilotty, served }) => {
  await twoSessions(pilotty);
  const { token } = await share(pilotty, ...words);
  const headers = withToken(token);
  const ask = (what: string, json?: object) => served.ask(what, { headers, ...(json && { json }) });
  const { id } = await pilotty.client.request('session.status', { session: 'secret' });
  for (const json of [{}, { all: true }])
    expect((await ask('POST /rpc/session.list', json)).json().sessions).toMatchObject([{ name: 'a' }]);
  for (const path of ['screen', 'scrollback', 'output', 'idle?timeout_ms=1', ''])
    expect((await ask(`GET /sessions/a/${path}`)).status, path).toBe(200);
  for (const session of ['secret', id, 'nobody', '*'])
    for (const path of ['screen', 'scrollback', 'output', 'idle?timeout_ms=1', '']) {
      const { status, text } = await ask(`GET /sessions/${session}/${path}`);
      expect([status, text.includes('secret') && session !== 'secret'], `${session} ${path}`).toEqual([
        404,
        false,
      ]);
    }
  const seen: string[] = [];
  for (const [method, { readOnly }] of Object.entries(methods)) {
    if (!readOnly || /view|follow/.test(method)) continue;
    for (const which of [
      {},
      { session: 'secret' },
      { sessions: ['secret'] },
      { sessions: [id] },
      { sessions: ['s*'] },
      { tags: ['other'] },
    ]) {
      const { text } = await ask(`POST /rpc/${method}`, { ...which, ...NEEDS[method] });
      if (/"secret"|secret /.test(text) || text.includes(id))
        seen.push(`${method} ${JSON.stringify(which)} ${text}`);
    }
  }
  expect(seen).toEqual([]);
  const events = served.webSocket('ws/json', headers);
  await events.opened();
  events.send({ id: 'hello', method: 'hello', params: {} });
  expect((await events.answer('hello')).result).toMatchObject({ sessions: 1 });
  events.send({ id: 'events', method: 'events.follow', params: { types: ['input'] } });
  events.send({ id: 'view', method: 'session.view', params: { session: 'secret' } });
  expect((await events.answer('view')).error.data.code).toBe('SESSION_NOT_FOUND');
  await pilotty.run('type', '-s', 'secret', 'x');
  await pilotty.run('type', '-s', 'a', 'x');
  const sessions = () => events.json.flatMap(({ params }) => params?.event.session ?? []);
  await until('the event', () => sessions().length > 0);
  expect(sessions()).toEqual(['a']);
  const raw = served.webSocket('sessions/secret/ws/raw', headers);
  expect((await until('the refusal', () => raw.refused)).status).toBe(404);
});

/** What a method cannot do without. */
const NEEDS: Readonly<Record<string, object>> = {
  'session.wait': { idle_ms: 1, timeout_ms: 100 },
  'sessions.wait': { idle_ms: 1, timeout_ms: 100 },
  'sessions.idle': { idle_ms: 1, timeout_ms: 100 },
  'sessions.grep': { pattern: 'ready' },
};

test('a share of a session that does not exist is refused', async ({ pilotty, served }) => {
  await pilotty.spawn('a', MIRROR);
  const answer = await pilotty.run('serve', '--share', '-s', 'nobody');
  expect(answer.error().code).toBe('SESSION_NOT_FOUND');
  expect((await pilotty.run('serve', '--tag', 'a')).error().code).toBe('INVALID_INPUT');
  expect((await served.ask('GET /access')).json()).toEqual({ type: 'access', read_only: false });
});

/** @returns the cookie of a new login, without its name */
async function logIn(served: Served): Promise<string> {
  const json = { token: served.token };
  const login = await served.ask('POST /login', { json, headers: { authorization: undefined } });
  return login.headers['set-cookie']?.[0]?.split(/[=;]/)[1] ?? '';
}

/** The name has the port in it, which is another after a restart: one that is free again might be taken. */
function cookieOf({ url }: Served, login: string): { cookie: string } {
  return { cookie: `pilotty-${url.port}=${login}` };
}

/** What a browser with this login is answered. */
async function statusFor(served: Served, login: string): Promise<number> {
  const headers = { authorization: undefined, ...cookieOf(served, login) };
  return (await served.ask('GET /sessions', { headers })).status;
}

test('logins and shared tokens survive a restart of the gateway, for its owner alone, until they are revoked', async ({
  pilotty,
  gateway,
}) => {
  const first = await gateway();
  await pilotty.spawn('a', MIRROR);
  const { token } = await share(pilotty, '-s', 'a');
  const login = await logIn(first);
  const file = join(pilotty.socketDir, 'gateway.logins');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain(token);
  expect(readFileSync(file, 'utf8')).not.toContain(login);
  await pilotty.run('serve', '--stop');
  const second = await gateway();
  expect(await statusFor(second, login)).toBe(200);
  const shared = (await second.ask('GET /access', { headers: withToken(token) })).json();
  expect(shared).toMatchObject({
    read_only: true,
    sessions: [expect.any(String)],
    expires_at: expect.any(String),
  });
  const peers = [cookieOf(second, login), withToken(token)].map((headers) =>
    second.webSocket('ws/json', headers),
  );
  for (const peer of peers) await peer.opened();
  expect(JSON.parse((await pilotty.run('serve', '--revoke')).stdout)).toEqual({
    type: 'gateway_revoked',
    logins: 1,
    shares: 1,
  });
  for (const peer of peers) expect((await until('the end', () => peer.closed)).code).toBe(1008);
  expect(await statusFor(second, login)).toBe(401);
  expect((await second.ask('GET /sessions', { headers: withToken(token) })).status).toBe(401);
  expect((await second.ask('GET /sessions')).status).toBe(200);
  const late = await logIn(second);
  await pilotty.run('serve', '--stop');
  expect((await pilotty.run('serve', '--revoke')).code).toBe(0);
  const third = await gateway();
  expect([await statusFor(third, login), await statusFor(third, late)]).toEqual([401, 401]);
});

test('logins end with the token that they were made with, and a file that others can read is not taken', async ({
  pilotty,
  gateway,
}) => {
  const first = await gateway();
  const login = await logIn(first);
  const [file, token] = ['gateway.logins', 'gateway.token'].map((name) => join(pilotty.socketDir, name));
  const kept = readFileSync(file ?? '');
  const statusAfter = async (change: () => void) => {
    await pilotty.run('serve', '--stop');
    change();
    return await statusFor(await gateway(), login);
  };
  const replace = () => writeFileSync(token ?? '', 'another-token-that-is-long-enough\n');
  expect(await statusAfter(replace)).toBe(401);
  const putBack = () => {
    writeFileSync(token ?? '', first.token);
    writeFileSync(file ?? '', kept);
  };
  expect(await statusAfter(putBack)).toBe(200);
  expect(await statusAfter(() => chmodSync(file ?? '', 0o644))).toBe(401);
});

test('a browser that logs out ends what it has open, and no other login', async ({ served }) => {
  const [own, other] = [await logIn(served), await logIn(served)];
  const peer = served.webSocket('ws/json', cookieOf(served, own));
  await peer.opened();
  await served.ask('POST /logout', { headers: { authorization: undefined, ...cookieOf(served, own) } });
  expect((await until('the end', () => peer.closed)).code).toBe(1008);
  expect([await statusFor(served, own), await statusFor(served, other)]).toEqual([401, 200]);
});

test('the ticket of an event stream lasts as long as its stream, for its address alone', async ({
  pilotty,
  served,
}) => {
  const { ticket } = (await served.ask('POST /tickets')).json();
  const url = new URL(`events?type=spawned&ticket=${ticket}`, served.url);
  const open = async (address: URL, lastEventId?: string) => {
    const gone = new AbortController();
    const headers = new Headers(lastEventId === undefined ? [] : [['last-event-id', lastEventId]]);
    const response = await fetch(address, { signal: gone.signal, headers });
    let text = '';
    const reading = async () => {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
    };
    reading().catch(() => {});
    return { status: response.status, text: () => text, close: () => gone.abort() };
  };
  const first = await open(url);
  expect(first.status).toBe(200);
  await pilotty.spawn('a', MIRROR);
  await until('the event', () => first.text().includes('"a"'));
  const [, id = ''] = /^id: (\d+)$/m.exec(first.text()) ?? [];
  first.close();
  await pilotty.spawn('b', MIRROR);
  const again = await open(url, id);
  await until('what happened meanwhile', () => again.text().includes('"b"'));
  expect(again.text()).not.toContain('"a"');
  const elsewhere = [`events?ticket=${ticket}`, `sessions?ticket=${ticket}`, `events?type=spawned&ticket=x`];
  for (const path of elsewhere) expect((await open(new URL(path, served.url))).status, path).toBe(401);
  await pilotty.run('serve', '--revoke');
  await until('the end of the stream', () => again.text().includes('UNAUTHORIZED'));
  expect((await open(url)).status).toBe(401);
});

test('a grant ends at its time, and with it what is open; its passes are none from then on', () => {
  vi.useFakeTimers();
  try {
    const passes = new Passes();
    const month = 31 * 24 * 3600 * 1000;
    const expiresAt = Date.now() + month;
    const grant = new Grant({ readOnly: true }, expiresAt);
    const secret = passes.issue(grant, expiresAt);
    const ended: string[] = [];
    grant.whenEnded(() => ended.push('stream'));
    grant.whenEnded(() => ended.push('left before'))();
    vi.advanceTimersByTime(month - 1);
    expect([passes.find(secret), ended]).toEqual([grant, []]);
    vi.advanceTimersByTime(1);
    expect([passes.find(secret), ended]).toEqual([undefined, ['stream']]);
    expect(passes.kept()).toEqual([]);
    // One that was checked before, and is opened after.
    grant.whenEnded(() => ended.push('late'));
    expect(ended).toEqual(['stream', 'late']);
  } finally {
    vi.useRealTimers();
  }
});

const SCOPES: readonly Permissions[] = [
  { readOnly: true },
  { readOnly: true, sessions: ['id-of-a'] },
  { readOnly: true, tags: ['demo'] },
  // It is never made, and would only look all the same.
  { readOnly: false, sessions: ['id-of-a'], tags: ['demo'] },
];

test.for(SCOPES)(
  'of all methods those that only read reach the daemon, and none by itself: %j',
  async (scope) => {
    const reached: string[] = [];
    const client = {
      async request(method: string) {
        reached.push(method);
        return { id: 'id-of-a', tags: ['demo'] };
      },
    } as unknown as Client;
    const only = guarded(client, scope);
    const names = [...Object.keys(methods), 'session.of_a_newer_daemon', 'constructor', '__proto__'];
    for (const method of names) {
      const params = { session: 'a', ...NEEDS[method] };
      await only.request(method as 'session.list', params as object).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'FORBIDDEN' });
      });
    }
    const readers = Object.entries(methods).filter(([, { readOnly }]) => readOnly);
    const foreign = reached.filter((method) => !readers.some(([name]) => name === method));
    expect(foreign).toEqual([]);
    expect(reached).toContain('session.snapshot');
  },
);

test.for([
  ['everything', []],
  ['a tag', ['--tag', 'demo']],
] as const)('no tool of MCP changes anything with a token for %s', async ([, words], { pilotty, served }) => {
  await twoSessions(pilotty);
  const { token } = await share(pilotty, ...words);
  const headers = { ...withToken(token), accept: 'application/json, text/event-stream' };
  const names = everyTool().map(({ declaration }) => declaration.name);
  const answers = new Map<string, string>();
  for (const name of names) {
    const json = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: TOOLS[name] ?? {} },
    };
    for (const query of ['', '?tools=all', `?tools=${name}`]) {
      const { status, text } = await served.ask(`POST /mcp${query}`, { json, headers });
      answers.set(`${name}${query} ${status}`, text);
    }
  }
  // One that was offered was called.
  expect([...answers.keys()].some((key) => key === 'look?tools=look 200')).toBe(true);
  const changing = everyTool().filter(({ declaration }) => declaration.annotations?.readOnlyHint !== true);
  for (const { declaration } of changing)
    expect(answers.has(`${declaration.name}?tools=${declaration.name} 403`), declaration.name).toBe(true);
  await expectUntouched(pilotty);
});

test('a shared token that has expired opens nothing, and no ticket made of it does', async ({
  pilotty,
  served,
}) => {
  await twoSessions(pilotty);
  const { token } = await share(pilotty, '--expires', '1s');
  const headers = withToken(token);
  const { ticket } = (await served.ask('POST /tickets', { headers })).json();
  await until(
    'the end of the token',
    async () => (await served.ask('GET /access', { headers })).status === 401,
  );
  for (const what of ['GET /sessions', 'DELETE /sessions/a', 'POST /mcp', 'POST /tickets'])
    expect((await served.ask(what, { headers })).status, what).toBe(401);
  const anonymous = { authorization: undefined };
  expect((await served.ask(`GET /sessions?ticket=${ticket}`, { headers: anonymous })).status).toBe(401);
  expect((await served.ask('POST /login', { json: { token }, headers: anonymous })).status).toBe(401);
  await expectUntouched(pilotty);
});

/** What a tool would need to do something. */
const TOOLS: Readonly<Record<string, object>> = {
  spawn: { argv: ['cat'] },
  run: { argv: ['true'] },
  look: { session: 'a' },
  send: { session: 'a', text: 'typed' },
  click: { session: 'a', text: 'ready' },
  kill: { session: 'a' },
  signal: { session: 'a', signal: 'TERM' },
  resize: { session: 'a', cols: 100, rows: 30 },
  exec: { session: 'a', command: 'true' },
};

test('a method that nothing is known of is refused to a token for some sessions', async () => {
  const asked: string[] = [];
  const client = { request: async (method: string) => asked.push(method) } as unknown as Client;
  const narrow = guarded(client, { readOnly: true, tags: ['a'] });
  await expect(narrow.request('session.new' as 'session.list', {})).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(narrow.request('daemon.info', {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(asked).toEqual([]);
});
