/** Faces that are pointed at a fleet: the page's gateway, an agent's MCP, `attach` and `watch`; and a host of it that is gone. */
import { Client as McpClient } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { OuterTerminal } from '../attach/outer-terminal.ts';
import { Served } from '../gateway/served.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { TestFleet } from './test-fleet.ts';

let starting: Promise<TestFleet> | undefined;
let fleet: TestFleet;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  needs('nats-server');
  starting ??= TestFleet.withHosts('a', 'b');
  fleet = await starting;
});

/** Whatever a test has left, if it failed. */
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await fleet.all('kill', '-s', '*/*', '--signal', 'KILL');
});

afterAll(async () => {
  await (await starting)?.close();
});

async function spawn(name: string, script: string): Promise<void> {
  const spawned = await fleet.all('spawn', '--name', name, 'sh', '-c', script);
  expect(spawned.code, spawned.stderr).toBe(0);
}

async function screenOf(name: string): Promise<string> {
  return (await fleet.all('snapshot', '-s', name, '-f', 'text')).stdout;
}

async function serve(...words: string[]): Promise<Served> {
  const started = await fleet.pilotty.run(...words, 'serve', '--detach', '--bind', '127.0.0.1:0');
  const { token } = (await fleet.pilotty.run('serve', '--show-token')).json();
  const served = new Served(started.json().url, token);
  closing.push(async () => {
    served.close();
    await fleet.pilotty.run('serve', '--stop');
  });
  return served;
}

test('a session is started on the host of its name, and stays there', async () => {
  const spawned = (await fleet.all('spawn', '--name', 'b/placed', 'sleep', '1000')).json();
  expect(spawned).toMatchObject({ host: 'b', name: 'b/placed', cwd: fleet.host('b').env.HOME });
  const elsewhere = await fleet.all('rename', '-s', 'b/placed', 'a/placed');
  expect(elsewhere.code).toBe(2);
  expect(elsewhere.error().message).toContain('another host');
  expect((await fleet.all('rename', '-s', 'b/placed', 'b/called')).json()).toMatchObject({
    name: 'b/called',
    previous_name: 'b/placed',
  });
  expect((await fleet.all('spawn', '--name', 'nosuch/x', 'sleep', '1')).code).toBe(5);
  expect((await fleet.all('spawn', '--on', 'x=y', '--name', 'b/x', 'sleep', '1')).code).toBe(2);
  expect((await fleet.all('kill', '-s', 'b/called', '-q')).code).toBe(0);
});

test('recordings of all hosts are listed, and read where they are', async () => {
  await spawn('a/film', 'echo filmed; sleep 1000');
  const { recording } = (await fleet.all('record', 'start', '-s', 'a/film')).json();
  expect(recording).toMatchObject({ session: 'a/film', file: expect.stringMatching(/^a\/\//) });
  expect((await fleet.all('record', 'list')).json()).toMatchObject({
    recordings: [{ session: 'a/film', file: recording.file }],
    unreachable: [],
  });
  expect((await fleet.all('record', 'stop', '-s', 'a/film')).json().recordings).toHaveLength(1);
});

test('attached to a session of another host: keys in their order, its size, and the way out', async () => {
  await spawn('b/far', 'while read line; do echo "got $line at $(stty size)"; done');
  const outer = await OuterTerminal.open(fleet.pilotty, { name: 'outer', size: { cols: 90, rows: 20 } });
  await outer.run('--fleet', fleet.address, 'attach', '-s', 'b/far');
  await until('the terminal to be taken', async () => (await outer.status()).alternate_screen);
  const words = Array.from({ length: 40 }, (_, index) => `w${index}`);
  for (const word of words) await outer.type(`${word} `);
  await outer.type('\r');
  await outer.shows('w39 at 20 90');
  // A space at the end of a row is not in its text.
  expect((await outer.screen()).replaceAll(/\s/g, '')).toContain(`got${words.join('')}at2090`);
  await fleet.pilotty.client.request('session.resize', { session: 'outer', cols: 100, rows: 25 });
  await until('the session to have the size of the window', async () => {
    const { size } = (await fleet.all('status', '-s', 'b/far')).json();
    return size.cols === 100 && size.rows === 25;
  });
  await outer.type('\x1cd');
  await outer.shows('left b/far; it goes on');
  // One host of the fleet by itself.
  await outer.run('-H', `${fleet.address}/b`, 'attach', '-s', 'far');
  await until('the terminal to be taken', async () => (await outer.status()).alternate_screen);
  await outer.type('again\r');
  await outer.shows('got again at');
  await outer.type('\x1cd');
  await outer.shows('left far; it goes on');
});

test('over HTTP and WebSocket all hosts are one server of sessions', async () => {
  const served = await serve('--fleet', fleet.address);
  const created = await served.ask('POST /sessions', {
    json: { name: 'b/web', argv: ['sh', '-c', 'echo "$HOME"; while read x; do echo "got $x"; done'] },
  });
  expect(created.json()).toMatchObject({ name: 'b/web', host: 'b', cwd: fleet.host('b').env.HOME });
  await spawn('a/web', 'sleep 1000');
  const listed = (await served.ask('GET /sessions')).json();
  expect(listed.sessions.map(({ name }: { name: string }) => name).sort()).toEqual(['a/web', 'b/web']);
  expect(listed.unreachable).toEqual([]);
  const at = '/sessions/b:web';
  expect((await served.ask(`GET ${at}`)).json()).toMatchObject({ name: 'b/web', host: 'b' });
  expect((await served.ask(`POST ${at}/input`, { json: { text: 'posted\r' } })).status).toBe(200);

  const peer = served.webSocket('/ws/json?start=once');
  await peer.opened();
  peer.send({ id: 1, method: 'daemon.info', params: {} });
  expect((await peer.answer(1)).result).toMatchObject({ type: 'fleet_info', fleet: 'ci' });
  peer.send({ id: 2, method: 'session.view', params: { session: created.json().session_id } });
  await until('the screen', () => {
    const parts = peer.json.filter(({ params }) => params?.id === 2).map(({ params }) => params.event);
    const shown = parts.map(({ data_base64 = '' }) => Buffer.from(data_base64, 'base64').toString()).join('');
    return shown.includes('got posted');
  });
  peer.send({ id: 3, method: 'events.follow', params: { after: listed.event_cursor, types: ['exited'] } });
  expect((await served.ask(`DELETE ${at}`)).json().results).toMatchObject([{ session: 'b/web', ok: true }]);
  await until('its end as an event', () =>
    peer.json.some(({ params }) => params?.id === 3 && params.event.session === 'b/web'),
  );
  // The connection does not end with a daemon: there are others.
  expect(peer.closed).toBeUndefined();
  const waited = await served.ask('POST /wait', {
    json: { exit: true, after: listed.event_cursor, timeout_ms: 20_000 },
  });
  expect(waited.json().ready).toMatchObject([{ session: 'b/web', outcome: 'exited' }]);
  expect((await served.ask('GET /idle')).status).toBe(400);
});

test('an agent has the sessions of all hosts, and waits for them by a cursor', async () => {
  const agent = await agentOf('--fleet', fleet.address);
  const spawned = await agent('spawn', { argv: ['sh', '-c', 'read x; exit 3'], name: 'a/agent' });
  expect(spawned).toContain('started a/agent');
  expect(await agent('list')).toMatch(/^a\/agent: /m);
  const waiting = await agent('wait_many', { sessions: ['a/agent'], exit: true, timeout_ms: 1 });
  const after = /event_cursor (f1\S+)/.exec(waiting)?.[1];
  expect(await agent('send', { session: 'a/agent', input: ['Enter'] })).not.toContain('INVALID');
  expect(await agent('wait_many', { sessions: ['a/agent'], exit: true, after })).toContain(
    'a/agent: exited, exit code 3',
  );
  const happened = await agent('events', { after, types: ['exited'] });
  expect(happened).toMatch(/^events: 1, event_cursor f1/);
  expect(JSON.parse(happened.split('\n')[1] ?? '')).toMatchObject({ session: 'a/agent', host: 'a' });
});

/** @returns calls a tool */
async function agentOf(...words: string[]) {
  const { pilotty } = fleet;
  const args = [pilotty.command, ...words, 'mcp', '--tools', 'all'];
  const client = new McpClient({ name: 'tests', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: pilotty.home, env: { ...pilotty.env } }),
  );
  closing.push(() => client.close());
  return async (name: string, given: object = {}): Promise<string> => {
    const { content } = await client.callTool({ name, arguments: { ...given } });
    return (content as { text?: string }[]).map(({ text = '' }) => text).join('\n');
  };
}

test('an agent and a gateway have one host of the fleet, under its own names', async () => {
  const agent = await agentOf('-H', `${fleet.address}/a`);
  expect(await agent('spawn', { argv: ['sleep', '1000'], name: 'single' })).toContain('started single');
  const served = await serve('-H', `${fleet.address}/a`);
  const { sessions } = (await served.ask('GET /sessions')).json();
  expect(sessions.map(({ name }: { name: string }) => name)).toEqual(['single']);
  expect(await agent('kill', { sessions: ['single'] })).toContain('single');
});

test('a host that is gone is named by every face, with what it had, and is never an empty list', async () => {
  await spawn('a/stays', 'echo here; sleep 1000');
  await spawn('b/goes', 'echo there; sleep 1000');
  const served = await serve('--fleet', fleet.address);
  const agent = await agentOf('--fleet', fleet.address);
  const outer = await OuterTerminal.open(fleet.pilotty, { name: 'watcher', size: { cols: 120, rows: 30 } });
  await outer.run('--fleet', fleet.address, 'watch');
  await outer.shows('b/goes');
  await outer.shows('there');
  // What it has is known to the directory by then.
  await until('the directory to have it', async () => {
    const { hosts } = (await fleet.all('info')).json();
    return hosts.every(({ sessions }: { sessions: number }) => sessions === 1);
  });
  await fleet.kill('b');

  const listed = (await served.ask('GET /sessions')).json();
  expect(listed.sessions).toMatchObject([{ name: 'a/stays' }]);
  expect(listed.unreachable).toMatchObject([{ host: 'b', last_sessions: [{ name: 'b/goes' }] }]);
  expect((await served.ask('GET /sessions/b:goes')).json().code).toBe('HOST_UNREACHABLE');
  expect(await agent('list', { sessions: ['b/*'] })).toMatch(/host b does not answer.*it had b\/goes/);
  await outer.shows('its host does not answer');
  await outer.shows('no answer: b');
  expect(await outer.screen()).toContain('a/stays');

  await fleet.join('b');
  await until('the tile to be alive again', async () => {
    const shown = await outer.screen();
    return shown.includes('b/goes') && !shown.includes('no answer');
  });
  await outer.type('q');
  await outer.shows('outer>');
  expect(await screenOf('b/goes')).toContain('there');
});
