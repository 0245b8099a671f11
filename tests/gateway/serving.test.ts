/** The command: how a gateway is started, found, and ended, and what it is in front of. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { expect } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { test } from './served.ts';

test('in the foreground it says where it is, and ends with the interrupt', async ({ pilotty }) => {
  const { child, stdout, answer } = pilotty.start('serve', '--bind', '127.0.0.1:0');
  await until('it to be ready', () => stdout().includes('}'));
  const { url } = JSON.parse(stdout());
  expect(await (await fetch(new URL('health', url))).json()).toMatchObject({ status: 'ok' });
  child.kill('SIGINT');
  const { code, stderr } = await answer;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await expect(fetch(url)).rejects.toThrow();
});

test('in the foreground it ends with the command, also where that is killed', async ({ pilotty }) => {
  const { child, stdout, answer } = pilotty.start('serve', '--bind', '127.0.0.1:0');
  await until('it to be ready', () => stdout().includes('}'));
  child.kill('SIGKILL');
  // Its stderr is that of the command.
  expect((await answer).code).toBe(null);
  await expect(fetch(JSON.parse(stdout()).url)).rejects.toThrow();
  expect(existsSync(join(pilotty.socketDir, 'gateway.sock'))).toBe(false);
});

test('a second gateway of a directory is refused, a stopped one leaves nothing behind', async ({
  pilotty,
  gateway,
}) => {
  await gateway();
  const second = await pilotty.run('serve', '--bind', '127.0.0.1:0');
  expect([second.code, second.error().message]).toEqual([1, expect.stringMatching(/running already/)]);
  const stopped = await pilotty.run('serve', '--stop');
  expect(JSON.parse(stopped.stdout)).toMatchObject({ type: 'gateway_stopped', pid: expect.any(Number) });
  expect(existsSync(join(pilotty.socketDir, 'gateway.sock'))).toBe(false);
  expect(JSON.parse((await pilotty.run('serve', '--stop')).stdout)).toEqual({ type: 'gateway_stopped' });
  const shown = await pilotty.run('serve', '--show-token');
  expect([shown.code, shown.error().code]).toEqual([6, 'DAEMON_UNREACHABLE']);
});

test('one that was killed is followed by the next', async ({ pilotty, gateway }) => {
  await gateway();
  const found = pilotty.processes().find(({ command }) => command.includes('pilotty-gateway'));
  process.kill(found?.pid ?? 0, 'SIGKILL');
  await until('it to be gone', () => pilotty.processes().every(({ pid }) => pid !== found?.pid));
  expect((await (await gateway()).ask('GET /health')).status).toBe(200);
});

test('a daemon ends when nobody needs it, gateway or not, and is there again when asked for', async ({
  pilotty,
}) => {
  const env = { PILOTTY_IDLE_TIMEOUT: '200ms' };
  const started = await pilotty.run('serve', '--detach', '--bind', '127.0.0.1:0', { env });
  const { url } = JSON.parse(started.stdout);
  const { token } = JSON.parse((await pilotty.run('serve', '--show-token')).stdout);
  const headers = { authorization: `Bearer ${token}` };
  const info = async () => {
    const answer = await fetch(new URL('rpc/daemon.info', url), { method: 'POST', headers });
    return ((await answer.json()) as { pid: number }).pid;
  };
  const first = await info();
  await until('the daemon to end', () => !existsSync(join(pilotty.socketDir, 'pilotty.sock')));
  expect(await info()).not.toBe(first);
  await pilotty.run('serve', '--stop');
});

test('what others could reach and read is refused', async ({ pilotty }) => {
  for (const bind of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0', 'example.org:0']) {
    const answer = await pilotty.run('serve', '--bind', bind);
    expect([bind, answer.code, answer.error().message]).toEqual([
      bind,
      2,
      expect.stringContaining('without TLS'),
    ]);
  }
  const said = await pilotty.run('serve', '--detach', '--insecure', '--bind', '0.0.0.0:0');
  expect(JSON.parse(said.stdout).url).toMatch(/^http:\/\/0\.0\.0\.0:\d+\/$/);
  await pilotty.run('serve', '--stop');
});

test.for([
  ['--bind', 'nowhere'],
  ['--bind', '127.0.0.1:99999'],
  ['--base-path', 'terminals'],
  ['--base-path', '/a/../b'],
  ['--tls-cert', 'cert.pem'],
  ['--allow-origin', 'https://a.example/path'],
  ['--allow-host', 'a.example:80'],
] as const)('%s %s is refused before anything is opened', async ([option, word], { pilotty }) => {
  const answer = await pilotty.run('serve', option, word);
  expect([answer.code, answer.error()]).toEqual([
    2,
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(option) }),
  ]);
});

test('a certificate that is none is refused with the reason', async ({ pilotty }) => {
  const file = join(pilotty.directory, 'cert.pem');
  writeFileSync(file, 'not a certificate');
  const answer = await pilotty.run('serve', '--tls-cert', file, '--tls-key', file);
  expect([answer.code, answer.error()]).toEqual([
    2,
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(/certificate/) }),
  ]);
});

test('below a path everything is there and nothing elsewhere', async ({ gateway }) => {
  const served = await gateway('--base-path', '/terminals');
  expect(served.url.pathname).toBe('/terminals/');
  expect((await served.ask('GET /terminals/sessions')).status).toBe(200);
  expect((await served.ask('GET /terminals')).headers.location).toBe('/terminals/');
  expect((await served.ask('GET /sessions')).status).toBe(404);
  const peer = served.webSocket('/terminals/ws/json');
  await peer.opened();
  const login = await served.ask('POST /terminals/login', { json: { token: served.token } });
  expect(login.headers['set-cookie']?.[0]).toContain('Path=/terminals;');
});

test('over TLS, for other machines, with a cookie that is for TLS only', async ({ pilotty }) => {
  needs('openssl');
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(pilotty.directory, name)) as [
    string,
    string,
  ];
  const subject = ['-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject], {
    stdio: 'ignore',
  });
  const words = ['--tls-cert', cert, '--tls-key', key, '--bind', '0.0.0.0:0'];
  const { url } = JSON.parse((await pilotty.run('serve', '--detach', ...words)).stdout);
  const { token } = JSON.parse((await pilotty.run('serve', '--show-token')).stdout);
  const { port } = new URL(url);
  const cookie = await new Promise<string>((resolve, reject) => {
    const path = { host: '127.0.0.1', port, path: '/login', method: 'POST' };
    const headers = { 'content-type': 'application/json' };
    const request = https.request({ ...path, headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.headers['set-cookie']?.[0] ?? '');
    });
    request.on('error', reject);
    request.end(JSON.stringify({ token }));
  });
  expect(cookie).toMatch(/; Secure(;|$)/);
  await pilotty.run('serve', '--stop');
});

test('the page is served as it was built, without the token, and nothing beside it', async ({ pilotty }) => {
  const directory = join(pilotty.directory, 'dist');
  mkdirSync(join(directory, 'web/assets'), { recursive: true });
  for (const name of ['pilotty.cjs', 'pilotty', 'pilotty-gateway.cjs', 'pilotty-gateway']) {
    cpSync(builtProgram(name), join(directory, name), { recursive: true });
  }
  writeFileSync(join(directory, 'web/index.html'), '<title>page</title>');
  writeFileSync(join(directory, 'web/assets/a-1.js'), 'let a;');
  writeFileSync(join(directory, 'web/assets/a-1.js.br'), brotliCompressSync('let a;'));
  const command = join(directory, 'pilotty.cjs');
  const started = await pilotty.run('serve', '--detach', '--bind', '127.0.0.1:0', { command });
  const { url } = JSON.parse(started.stdout);
  const get = async (path: string) => {
    const response = await fetch(new URL(path, url));
    return [response.status, response.headers.get('content-type'), response.headers.get('cache-control')];
  };
  expect(await get('')).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
  expect(await get('assets/a-1.js')).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
  // A browser decompresses by itself, so what is sent is asked for without one.
  const sent = async (acceptEncoding: string, path = 'assets/a-1.js') => {
    const headers = { 'accept-encoding': acceptEncoding };
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(new URL(path, url), { headers }, resolve).on('error', reject);
    });
    const bytes = Buffer.concat(await response.toArray());
    const { 'content-encoding': encoding, vary } = response.headers;
    const isVaried = vary?.includes('accept-encoding') ?? false;
    return { encoding, isVaried, text: (encoding === 'br' ? brotliDecompressSync(bytes) : bytes).toString() };
  };
  for (const wanted of ['br', 'gzip, deflate, br', 'gzip;q=1, BR;q=0.5', '*'])
    expect(await sent(wanted), wanted).toEqual({ encoding: 'br', isVaried: true, text: 'let a;' });
  for (const wanted of ['', 'gzip', 'br;q=0', 'br;q=0, *', 'brotli'])
    expect(await sent(wanted), wanted).toEqual({
      encoding: undefined,
      isVaried: true,
      text: 'let a;',
    });
  expect(await sent('br', '')).toEqual({ encoding: undefined, isVaried: false, text: '<title>page</title>' });
  for (const path of ['assets', 'assets/a-1.js.br', 'pilotty.cjs', 'web/index.html', 'assets/b.js'])
    expect((await get(path))[0]).toBe(401);
  await pilotty.run('serve', '--stop');
});
