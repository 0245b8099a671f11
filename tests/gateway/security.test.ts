/** Who gets in, and what somebody who should not can do. */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type AskOptions, type Served, test } from './served.ts';

const ANONYMOUS = { authorization: undefined };

/** The status and the code. */
async function outcome(served: Served, what: string, asked: AskOptions = {}): Promise<[number, string]> {
  const reply = await served.ask(what, asked);
  return [reply.status, reply.text === '' ? '' : reply.json().code];
}

test('the token is made once, for its owner alone, and opens every route', async ({ pilotty, served }) => {
  const path = join(pilotty.socketDir, 'gateway.token');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8').trim()).toBe(served.token);
  expect(served.token.length).toBeGreaterThan(40);
  const token = (given: string | undefined) =>
    outcome(served, 'GET /sessions', { headers: { authorization: given } });
  expect(await token(undefined)).toEqual([401, 'UNAUTHORIZED']);
  expect(await token('Bearer ')).toEqual([401, 'UNAUTHORIZED']);
  expect(await token(`Bearer ${served.token.slice(0, -1)}`)).toEqual([401, 'UNAUTHORIZED']);
  expect(await token(`Bearer ${served.token}x`)).toEqual([401, 'UNAUTHORIZED']);
  expect(await token(`Basic ${served.token}`)).toEqual([401, 'UNAUTHORIZED']);
  expect((await served.ask('GET /sessions')).status).toBe(200);
  await pilotty.run('serve', '--stop');
  await pilotty.run('serve', '--detach', '--bind', '127.0.0.1:0');
  expect(readFileSync(path, 'utf8').trim()).toBe(served.token);
});

test('without the token there is nothing but health, the page and its login', async ({ served }) => {
  const { paths } = (await served.ask('GET /openapi.json')).json();
  const open: string[] = [];
  for (const [path, operations] of Object.entries<Record<string, object>>(paths)) {
    for (const method of Object.keys(operations)) {
      const what = `${method.toUpperCase()} ${path.replaceAll(/[{}]/g, '')}`;
      const { status } = await served.ask(what, { headers: ANONYMOUS });
      if (status !== 401 && status !== 429) open.push(what);
    }
  }
  expect(open).toEqual(['GET /health', 'POST /login', 'POST /logout']);
  expect((await served.ask('GET /', { headers: ANONYMOUS })).status).toBe(200);
});

test('a host that is not ours is refused, so a name that is resolved anew reads nothing', async ({
  gateway,
}) => {
  const served = await gateway('--allow-host', 'terminals.example');
  const host = (name: string) => outcome(served, 'GET /health', { headers: { host: name } });
  for (const name of ['localhost', '127.0.0.1:1', '[::1]:8080', 'terminals.example:443', '192.168.1.7']) {
    expect((await served.ask('GET /health', { headers: { host: name } })).status, name).toBe(200);
  }
  for (const name of ['evil.example', 'localhost.evil.example', 'terminals.example.evil']) {
    expect(await host(name), name).toEqual([403, 'FORBIDDEN']);
    const preflight = await outcome(served, 'OPTIONS /sessions', { headers: { host: name } });
    expect(preflight, name).toEqual([403, 'FORBIDDEN']);
  }
});

test('a page of another origin is refused, unless it was named', async ({ gateway }) => {
  const served = await gateway('--allow-origin', 'https://a.example');
  const ask = (origin: string, method = 'GET') =>
    served.ask(`${method} /sessions`, {
      headers: { origin, authorization: method === 'GET' ? `Bearer ${served.token}` : undefined },
    });
  for (const origin of [
    'http://evil.example',
    'null',
    'https://a.example.evil',
    'http://localhost:1',
    'https://b.example',
  ]) {
    expect((await ask(origin)).status, origin).toBe(403);
    expect((await ask(origin, 'OPTIONS')).headers['access-control-allow-origin'], origin).toBe(undefined);
  }
  const own = await ask(served.url.origin);
  expect([own.status, own.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  // Behind a proxy that has the certificate.
  expect((await ask(served.url.origin.replace('http:', 'https:'))).status).toBe(200);
  const named = await ask('https://a.example');
  expect([named.status, named.headers['access-control-allow-origin']]).toEqual([200, 'https://a.example']);
  const preflight = await ask('https://a.example', 'OPTIONS');
  const allowed = preflight.headers['access-control-allow-headers']?.split(/, */);
  expect([preflight.status, allowed]).toEqual([
    204,
    [
      'authorization',
      'content-type',
      'last-event-id',
      'pilotty-scope',
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
      'mcp-session-id',
    ],
  ]);
  const refused = await served.ask('GET /sessions', {
    headers: { origin: 'https://a.example', authorization: undefined },
  });
  expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([
    401,
    'https://a.example',
  ]);
});

test('a ticket opens one request, once', async ({ served }) => {
  const { ticket, expires_in_ms } = (await served.ask('POST /tickets')).json();
  expect(expires_in_ms).toBeLessThanOrEqual(60_000);
  const use = () => outcome(served, `GET /health?ticket=${ticket}`, { headers: ANONYMOUS });
  const peer = served.webSocket(`ws/json?ticket=${ticket}`, {});
  await peer.opened();
  expect(await outcome(served, `GET /sessions?ticket=${ticket}`, { headers: ANONYMOUS })).toEqual([
    401,
    'UNAUTHORIZED',
  ]);
  expect((await use())[0]).toBe(200);
});

test('a browser logs in with the token or a ticket, and out again', async ({ pilotty, served }) => {
  const login = (json: object) => served.ask('POST /login', { json, headers: ANONYMOUS });
  expect((await login({ token: 'wrong' })).status).toBe(401);
  const { headers, status } = await login({ token: served.token });
  expect(status).toBe(204);
  const [cookie = ''] = headers['set-cookie'] ?? [];
  const [pair, ...attributes] = cookie.split('; ');
  expect(pair).toMatch(/^pilotty-\d+=[\w-]{40,}$/);
  expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Strict']);
  const own = { ...ANONYMOUS, cookie: cookie.split(';')[0] };
  const ask = (more: Record<string, string> = {}) =>
    outcome(served, 'GET /sessions', { headers: { ...own, ...more } });
  expect((await ask())[0]).toBe(200);
  expect((await ask({ 'sec-fetch-site': 'same-origin', origin: served.url.origin }))[0]).toBe(200);
  // Another port of this host is another origin on the same site, and the cookie goes along.
  expect(await ask({ 'sec-fetch-site': 'same-site' })).toEqual([401, 'UNAUTHORIZED']);
  expect(await ask({ 'sec-fetch-site': 'cross-site' })).toEqual([401, 'UNAUTHORIZED']);
  await served.ask('POST /logout', { headers: own });
  expect((await ask())[0]).toBe(401);

  const { url } = JSON.parse((await pilotty.run('serve', '--show-token')).stdout);
  const [, ticket] = url.split('#ticket=');
  expect((await login({ ticket })).status).toBe(204);
  expect((await login({ ticket })).status).toBe(401);
});

test('every answer says what a browser must not do with it', async ({ served }) => {
  for (const path of ['/', '/health', '/sessions', '/nothing']) {
    const { headers } = await served.ask(`GET ${path}`);
    expect(headers, path).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self'; style-src 'self'/,
      ),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['access-control-allow-origin']).toBe(undefined);
  }
});

test.for([
  '/sessions/..%2f..%2fetc%2fpasswd',
  '/sessions/a%2Fb',
  '/sessions/a%00b',
  '/sessions/../health',
  '/sessions/%2e%2e/health',
  '/./health',
  '//health',
  '/sessions/a\\b',
  '/sessions/%zz',
  '/sessions/%ff',
  'http://evil.example/health',
  '/caf\u00e9',
])('a path that could mean something else means nothing: %s', async (path, { served }) => {
  const answer = await raw(served, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

test.for([
  ['headers without end', `GET /health HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ['no request at all', 'hello there\r\n\r\n', 400],
  ['no host', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ['headers that never end', 'GET /health HTTP/1.1\r\nhost: localhost\r\nx:', 408],
  [
    'two lengths',
    'POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd',
    400,
  ],
  [
    'a length and chunks',
    'POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
] as const)('refused, and the connection closed: %s', async ([, request, status], { served }) => {
  const [head = '', body = ''] = (await raw(served, request)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(JSON.parse(body)).toMatchObject({ code: expect.any(String), suggestion: expect.any(String) });
});

test('a body that is too long is refused, whether or not its length was told', async ({ served }) => {
  const body = Buffer.alloc(16 * 1024 * 1024 + 1, 'x');
  const told = await served.ask('POST /sessions/a/input', { body });
  expect([told.status, told.json().code]).toEqual([413, 'TOO_LARGE']);
  const chunked = await served.ask('POST /sessions/a/input', {
    body,
    headers: { 'transfer-encoding': 'chunked' },
  });
  expect([chunked.status, chunked.json().code]).toEqual([413, 'TOO_LARGE']);
});

test('whoever guesses is made to wait; whoever has the token is not', async ({ served }) => {
  const wrong = () => served.ask('GET /sessions', { headers: { authorization: 'Bearer wrong' } });
  let last = await wrong();
  for (let count = 0; count < 60 && last.status === 401; count++) last = await wrong();
  expect([last.status, last.json().code]).toEqual([429, 'LIMIT_REACHED']);
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
  expect((await served.ask('GET /sessions')).status).toBe(200);
});

test.for([
  ['0600 of somebody else or readable by others', 'x'.repeat(40), 0o644, /others can read it/],
  ['too short', 'short', 0o600, /16 characters/],
  ['empty', '', 0o600, /16 characters/],
] as const)('a token file is refused: %s', async ([, content, mode, reason], { pilotty }) => {
  const path = join(pilotty.directory, 'token');
  writeFileSync(path, content);
  chmodSync(path, mode);
  const answer = await pilotty.run('serve', '--bind', '127.0.0.1:0', '--detach', '--token-file', path);
  expect([answer.code, answer.error()]).toEqual([
    2,
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(reason) }),
  ]);
});

/** What a connection is answered until it ends. */
function raw(served: Served, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(served.url.port), served.url.hostname, () =>
      socket.write(request, 'latin1'),
    );
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
