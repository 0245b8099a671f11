/** Every route as a plain client sees it: what it does, and what it says when it does not. */
import { expect } from 'vitest';
import { routes } from '../../apps/gateway/src/routes/index.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';
import { needs, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { type Served, test } from './served.ts';

const MIRROR = ['sh', '-c', 'stty raw -echo; printf ready; exec cat'];

test('a session is started, listed, looked up, changed and ended', async ({ served }) => {
  const created = await served.ask('POST /sessions', {
    json: { name: 'a', argv: MIRROR, cols: 100, rows: 30, tags: ['ci'], env: { COLOR: 'blue' } },
  });
  expect(created.status).toBe(201);
  expect(created.json()).toMatchObject({ type: 'session_created', name: 'a', size: { cols: 100, rows: 30 } });
  await served.ask('POST /sessions', { json: { name: 'b', argv: ['cat'], tags: ['other'] } });
  const names = async (path: string) =>
    (await served.ask(`GET ${path}`)).json().sessions.map(({ name }: { name: string }) => name);
  expect(await names('/sessions')).toEqual(['a', 'b']);
  expect(await names('/sessions?tag=ci,none')).toEqual(['a']);
  expect(await names('/sessions?tag=ci&tag=other')).toEqual(['a', 'b']);
  const changed = await served.ask('PATCH /sessions/a', {
    json: { name: 'c', add_tags: ['new'], remove_tags: ['ci'], cols: 90, rows: 20 },
  });
  expect(changed.json()).toMatchObject({ name: 'c', tags: ['new'], size: { cols: 90, rows: 20 } });
  expect((await served.ask('GET /sessions/c')).json()).toMatchObject({ type: 'status', state: 'running' });
  const ended = await served.ask('DELETE /sessions/c');
  expect([ended.status, ended.json().results[0].session]).toEqual([200, 'c']);
  expect(await names('/sessions')).toEqual(['b']);
  expect(await names('/sessions?all')).toEqual(['c', 'b'].sort((x) => (x === 'c' ? -1 : 1)));
});

test('a change of several things that cannot be made whole is not made at all', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: ['cat'] } });
  await served.ask('POST /sessions', { json: { name: 'b', argv: ['cat'] } });
  const taken = await served.ask('PATCH /sessions/a', { json: { name: 'b', add_tags: ['x'] } });
  expect([taken.status, taken.json().code]).toEqual([409, 'SESSION_EXISTS']);
  const large = await served.ask('PATCH /sessions/a', { json: { name: 'c', cols: 1000, rows: 1000 } });
  expect([large.status, large.json().code]).toEqual([400, 'INVALID_INPUT']);
  expect((await served.ask('GET /sessions/a')).json()).toMatchObject({
    name: 'a',
    tags: [],
    size: { cols: 80, rows: 24 },
  });
});

test('a command is a line for the shell, with the environment it is given', async ({ served }) => {
  const json = { name: 'a', command: 'echo "$COLOR at $PWD" | tr a-z A-Z', env: { COLOR: 'blue' }, cwd: '/' };
  await served.ask('POST /sessions', { json });
  const wait = await served.ask('POST /sessions/a/wait', { json: { text: 'BLUE AT /' } });
  expect(wait.json()).toMatchObject({ type: 'wait_result', holds: true });
});

test('bytes of a body are typed as they are', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: program('echo-keys.cjs') } });
  await served.ask('POST /sessions/a/wait', { json: { text: 'ready' } });
  const bytes = Buffer.from([0x00, 0xff, 0x1b, 0x5b, 0x41]);
  const sent = await served.ask('POST /sessions/a/input', { body: bytes });
  expect(sent.json()).toMatchObject({ type: 'typed', bytes: 5 });
  const wait = await served.ask('POST /sessions/a/wait', { json: { text: '00ff1b5b41' } });
  expect(wait.status).toBe(200);
});

test('a query that is not UTF-8 is refused, not changed', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: ['cat'] } });
  const refused = await served.ask('GET /sessions?names=caf%E9');
  expect([refused.status, refused.json().message]).toEqual([400, 'The query is not UTF-8']);
  const body = await served.ask('POST /sessions/a/input', { json: { text: '\ud800' } });
  expect([body.status, body.json().code]).toEqual([400, 'INVALID_INPUT']);
});

test('input acts, waits and looks in one request', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: ['sh'] } });
  const answer = await served.ask('POST /sessions/a/input', {
    json: { text: 'echo $((6*7))', enter: true, wait: { text: '42' }, snapshot: {} },
  });
  expect(answer.json()).toMatchObject({ type: 'typed', wait: { outcome: 'matched' } });
  expect(answer.json().screen.text).toContain('\n42');
  const keys = await served.ask('POST /sessions/a/input', { json: { keys: 'Ctrl+C' } });
  expect(keys.json()).toMatchObject({ type: 'keys_sent', keys: ['Ctrl+C'] });
  const parts = [{ text: 'Enter' }, { word: 'Enter' }];
  const both = await served.ask('POST /sessions/a/input', { json: { parts } });
  expect(both.json()).toMatchObject({ type: 'sent', bytes: 6, keys: ['Enter'] });
  const paste = await served.ask('POST /sessions/a/input', { json: { paste: 'x' } });
  expect(paste.json()).toMatchObject({ type: 'pasted' });
});

test('the screen comes as JSON, as text and as a picture, and cannot act as a page', async ({ served }) => {
  await served.ask('POST /sessions', {
    json: { name: 'a', command: "printf '\\033[31m<b>red\\033[m'; cat" },
  });
  await served.ask('POST /sessions/a/wait', { json: { text: 'red' } });
  const get = (format: string) => served.ask(`GET /sessions/a/screen?format=${format}`);
  expect((await get('plain')).json()).toMatchObject({ type: 'screen_state', text: '<b>red' });
  expect((await get('styled')).json().lines[0]).toEqual([{ text: '<b>red', fg: 1 }]);
  expect((await get('new')).json().new.lines).toEqual([{ row: 0, text: '<b>red' }]);
  expect((await get('text')).text).toContain('<b>red');
  expect((await get('ansi')).text).toContain('\x1b[');
  const html = await get('html');
  expect(html.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(html.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  expect(html.text).not.toContain('<b>red');
  expect((await get('svg')).headers['content-type']).toBe('image/svg+xml');
  expect((await get('png')).bytes.subarray(1, 4).toString()).toBe('PNG');
});

test('a slash at the end of a path means nothing', async ({ served }) => {
  await served.ask('POST /sessions/', { json: { name: 'a', argv: MIRROR } });
  expect((await served.ask('GET /sessions/')).json().sessions).toMatchObject([{ name: 'a' }]);
  expect((await served.ask('GET /sessions/a/')).json()).toMatchObject({ name: 'a' });
  expect((await served.ask('DELETE /sessions/a/screen/')).status).toBe(405);
});

test('scrollback is counted from the oldest line, and has a tail', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', command: 'seq 100; cat', rows: 10 } });
  await served.ask('POST /sessions/a/wait', { json: { text: '100' } });
  const get = async (query: string) => (await served.ask(`GET /sessions/a/scrollback?${query}`)).json();
  expect(await get('offset=3&limit=2')).toMatchObject({ offset: 3, total_lines: 101, lines: ['4', '5'] });
  expect((await get('tail=3')).lines).toEqual(['99', '100', '']);
  expect((await get('offset=500')).lines).toEqual([]);
  expect((await get('offset=0&limit=1&format=styled')).lines).toEqual([[{ text: '1' }]]);
});

test('output is read from where the last answer ended', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: MIRROR } });
  await served.ask('POST /sessions/a/wait', { json: { text: 'ready' } });
  const first = (await served.ask('GET /sessions/a/output?format=ansi')).json();
  expect(Buffer.from(first.output_base64, 'base64').toString()).toBe('ready');
  await served.ask('POST /sessions/a/input', {
    json: { text: '\r\nmore', wait: { cursor: { row: 1, col: 4 } } },
  });
  const rest = (await served.ask(`GET /sessions/a/output?format=ansi&since=${first.next_offset}`)).json();
  expect(Buffer.from(rest.output_base64, 'base64').toString()).toBe('\r\nmore');
  expect((await served.ask('GET /sessions/a/output')).json()).toMatchObject({
    type: 'output',
    output: expect.stringMatching(/^ready\nmore/),
    more: false,
  });
});

test('an output too long for one answer goes on from its offset', async ({ served }) => {
  const count = 1_200_000;
  await served.ask('POST /sessions', {
    json: { name: 'a', command: `seq ${count}; cat`, retain_bytes: 64_000_000 },
  });
  await served.ask('POST /sessions/a/wait', { json: { text: `${count}`, timeout_ms: 60_000 } });
  const readAll = async (format: string) => {
    const parts: { output?: string; output_base64?: string; next_offset: number }[] = [];
    for (let since = 0, more = true; more; ) {
      const part = (await served.ask(`GET /sessions/a/output?format=${format}&since=${since}`)).json();
      expect(part).toMatchObject({ session: 'a', session_id: expect.any(String) });
      parts.push(part);
      ({ next_offset: since, more } = part);
    }
    expect(parts.length).toBeGreaterThan(1);
    return parts;
  };
  const lines = Array.from({ length: count }, (_, number) => `${number + 1}`);
  const texts = (await readAll('plain')).map(({ output }) => output);
  expect(texts.join('') === `${lines.join('\n')}\n`).toBe(true);
  let bytes = '';
  for (const { output_base64 = '', next_offset } of await readAll('ansi')) {
    bytes += Buffer.from(output_base64, 'base64');
    expect(next_offset).toBe(bytes.length);
  }
  expect(bytes === `${lines.join('\r\n')}\r\n`).toBe(true);
});

test('a deadline is 408, with the screen there is instead', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: MIRROR } });
  await served.ask('POST /sessions/a/wait', { json: { text: 'ready' } });
  const wait = await served.ask('POST /sessions/a/wait', { json: { text: 'never', timeout_ms: 200 } });
  expect(wait.status).toBe(408);
  expect(wait.json()).toMatchObject({
    code: 'TIMEOUT',
    details: { outcome: 'deadline', screen: { text: 'ready' } },
  });
  const idle = await served.ask('GET /sessions/a/idle?timeout_ms=60000&max_wait_ms=100');
  expect([idle.status, idle.json().details.screen.text]).toEqual([408, 'ready']);
  const many = await served.ask('POST /wait', { json: { text: 'never', timeout_ms: 100 } });
  expect([many.status, many.json().details.waiting[0].session]).toEqual([408, 'a']);
});

test('a session is waited for until it is idle, and then until it is idle again', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: MIRROR } });
  await served.ask('POST /sessions/a/wait', { json: { text: 'ready' } });
  const first = (await served.ask('GET /sessions/a/idle?timeout_ms=100')).json();
  expect(first).toMatchObject({
    type: 'idle',
    outcome: 'idle',
    session: 'a',
    scrollback_lines: 0,
    screen: { text: 'ready' },
  });
  const again = `GET /sessions/a/idle?timeout_ms=100&last_generation=${first.generation}`;
  expect((await served.ask(`${again}&max_wait_ms=300`)).status).toBe(408);
  const waiting = served.ask(again);
  await served.ask('POST /sessions/a/input', { body: ' again' });
  const next = (await waiting).json();
  expect(next.screen.text).toBe('ready again');
  expect(next.generation).toBeGreaterThan(first.generation);
  expect((await served.ask(`GET /sessions/a/idle?timeout_ms=50&fresh=true`)).json().generation).toBe(
    next.generation,
  );
});

test('without a cursor a wait is about sessions that run, and names what ended only where that is asked', async ({
  pilotty,
  served,
}) => {
  await served.ask('POST /sessions', {
    json: { name: 'ended', command: 'printf "\\033[1mover"', tags: ['t'] },
  });
  await served.ask('POST /sessions/ended/wait', { json: { exit: true } });
  await pilotty.spawn('runs', MIRROR);
  await served.ask('POST /sessions/runs/wait', { json: { text: 'ready' } });
  const names = async (json: object) => {
    const reply = await served.ask('POST /wait', { json: { timeout_ms: 200, ...json } });
    return (reply.json().ready ?? []).map(({ session }: { session: string }) => session);
  };
  for (const condition of [{ idle_ms: 1 }, { settle_ms: 1 }, { gone: 'never' }, { gone: 'never', any: true }])
    for (const which of [{}, { sessions: ['*'] }, { tags: ['t'], sessions: ['ru*'] }])
      expect(await names({ ...condition, ...which }), JSON.stringify(condition)).toEqual(['runs']);
  expect(await names({ gone: 'never', tags: ['t'] })).toEqual([]);
  expect(await names({ gone: 'never', sessions: ['ended'] })).toEqual(['ended']);
  expect(await names({ text: 'over' })).toEqual(['ended']);
  expect(await names({ exit: true, all: true, tags: ['t'] })).toEqual(['ended']);
  const idle = await served.ask('GET /idle?timeout_ms=50&format=styled');
  expect([idle.json().session, idle.json().screen.lines[0]]).toEqual(['runs', [{ text: 'ready' }]]);
  expect((await served.ask('GET /idle?tag=t&timeout_ms=50&max_wait_ms=200')).status).toBe(408);
  const named = await served.ask('GET /sessions/ended/idle?timeout_ms=50&format=styled');
  expect(named.json().screen.lines[0]).toEqual([{ text: 'over', bold: true }]);
  const plain = await served.ask('GET /idle?timeout_ms=50&format=plain');
  expect([plain.json().screen.text, plain.json().screen.lines]).toEqual(['ready', undefined]);
  expect((await served.ask('GET /idle?timeout_ms=50&format=html')).status).toBe(400);
});

test('a session that ends while it is waited for is an answer', async ({ served }) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: MIRROR, tags: ['t'] } });
  await served.ask('POST /sessions/a/wait', { json: { text: 'ready' } });
  const connections = async () => (await served.ask('POST /rpc/daemon.info')).json().connections;
  // Those of the requests before are closed, so that the next ones can be counted.
  await until('nobody else to be connected', async () => (await connections()) === 1);
  const one = served.ask('GET /sessions/a/idle?timeout_ms=60000&max_wait_ms=50000');
  const any = served.ask('GET /idle?tag=t&timeout_ms=60000&max_wait_ms=50000');
  await until('both to wait', async () => (await connections()) >= 3);
  await served.ask('DELETE /sessions/a');
  expect((await one).json()).toMatchObject({ outcome: 'exited', session: 'a', screen: { text: 'ready' } });
  expect((await any).json()).toMatchObject({ outcome: 'exited', session: 'a' });
  // Also one that has ended before.
  expect((await served.ask('GET /sessions/a/idle?timeout_ms=60000')).json()).toMatchObject({
    outcome: 'exited',
  });
});

test('two quiet sessions are told once each when the cursor is passed back', async ({ served }) => {
  for (const name of ['a', 'b'])
    await served.ask('POST /sessions', { json: { name, argv: MIRROR, tags: ['t'] } });
  // A program that has yet to print falls silent twice.
  await served.ask('POST /wait', { json: { text: 'ready', all: true, tags: ['t'] } });
  const both = await served.ask('POST /wait', { json: { idle_ms: 100, all: true, tags: ['t'] } });
  expect(
    both
      .json()
      .ready.map(({ session }: { session: string }) => session)
      .sort(),
  ).toEqual(['a', 'b']);
  const first = (await served.ask('GET /idle?tag=t&timeout_ms=100')).json();
  expect(first.ready).toHaveLength(2);
  const other = (
    await served.ask(
      `GET /idle?tag=t&timeout_ms=100&last_session=${first.session}&last_generation=${first.generation}`,
    )
  ).json();
  expect(other.session).not.toBe(first.session);
  const next = `GET /idle?tag=t&timeout_ms=100&after=${first.event_cursor}`;
  expect((await served.ask(`${next}&max_wait_ms=300`)).status).toBe(408);
  const waiting = served.ask(next);
  await served.ask('POST /sessions', { json: { name: 'c', argv: MIRROR, tags: ['t'] } });
  expect((await waiting).json().session).toBe('c');
});

test('every method of the protocol answers under its own name, in parts where it has them', async ({
  served,
}) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: ['printf', 'one'] } });
  await served.ask('POST /rpc/session.wait', { json: { session: 'a', exit: true } });
  const view = await served.ask('POST /rpc/session.view', { json: { session: 'a' } });
  expect(view.headers['content-type']).toBe('application/x-ndjson');
  const lines = view.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ event, result }) => event?.type ?? result.type)).toEqual([
    'screen',
    'exited',
    'view_end',
  ]);
  const paths = routes.map(({ path }) => path);
  expect(Object.keys(methods).filter((name) => !paths.includes(`/rpc/${name}`))).toEqual([]);
});

test('events come as they happen, and again from the last one that was seen', async ({ pilotty, served }) => {
  const reader = await eventsOf(served, 'events?tag=ci&type=spawned,exited');
  await served.ask('POST /sessions', { json: { name: 'other', argv: ['cat'] } });
  await served.ask('POST /sessions', { json: { name: 'a', argv: ['cat'], tags: ['ci'] } });
  await served.ask('DELETE /sessions/a');
  const first = await reader.next();
  const second = await reader.next();
  expect([first, second]).toMatchObject([
    { data: { type: 'spawned', session: 'a' } },
    { data: { type: 'exited', session: 'a' } },
  ]);
  expect(first.id).toBe(String(first.data.event_cursor));
  reader.close();
  const resumed = await eventsOf(served, 'events?tag=ci&type=exited', { 'last-event-id': first.id });
  expect(await resumed.next()).toEqual(second);
  await pilotty.run('stop');
  await resumed.ended;
});

test('what is asked of a stream by somebody who has gone is given up', async ({ pilotty, served }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat', { env: { PILOTTY_LOG_LEVEL: 'debug' } });
  const connections = async () => (await pilotty.run('info')).json().connections;
  const before = await connections();
  const controller = new AbortController();
  const url = new URL('rpc/session.view', served.url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ session: 'a' }),
    signal: controller.signal,
  });
  await response.body?.getReader().read();
  expect(await connections()).toBe(before + 1);
  controller.abort();
  await until('the view to end', async () => (await connections()) === before);
});

test('a HEAD of a stream leaves nothing open', async ({ pilotty, served }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const connections = async () => (await pilotty.run('info')).json().connections;
  const before = await connections();
  for (let count = 0; count < 3; count++) {
    const reply = await served.ask('HEAD /events');
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([200, 'text/event-stream', '']);
  }
  await until('the streams to end', async () => (await connections()) === before);
});

const REFUSED = [
  ['GET /sessions/nobody', {}, 404, 'SESSION_NOT_FOUND'],
  ['GET /nothing', {}, 404, 'NOT_FOUND'],
  ['POST /sessions', { json: { name: '..' } }, 400, 'INVALID_NAME'],
  ['POST /sessions', { json: { argv: ['/no/such/program'] } }, 400, 'SPAWN_FAILED'],
  ['POST /sessions', { json: { argv: ['a'], command: 'b' } }, 400, 'INVALID_INPUT'],
  ['POST /sessions', { json: { size: 3 } }, 400, 'INVALID_INPUT'],
  ['POST /sessions', { json: [] }, 400, 'INVALID_INPUT'],
  [
    'POST /sessions',
    { body: '{"__proto__":1}', headers: { 'content-type': 'application/json' } },
    400,
    'INVALID_INPUT',
  ],
  ['POST /sessions', { body: '{}', headers: { 'content-type': 'text/plain' } }, 400, 'INVALID_INPUT'],
  ['POST /sessions', { body: '{', headers: { 'content-type': 'application/json' } }, 400, 'INVALID_INPUT'],
  ['POST /sessions?name=x', { json: {} }, 400, 'INVALID_INPUT'],
  ['PATCH /sessions/nobody', { json: { name: 'x' } }, 404, 'SESSION_NOT_FOUND'],
  ['PATCH /sessions/a', { json: { session: 'b' } }, 400, 'INVALID_INPUT'],
  ['DELETE /sessions/nobody', {}, 404, 'SESSION_NOT_FOUND'],
  ['GET /sessions/a/screen?format=gif', {}, 400, 'INVALID_INPUT'],
  ['GET /sessions/a/screen?surprise=1', {}, 400, 'INVALID_INPUT'],
  ['GET /sessions/a/scrollback?tail=-1', {}, 400, 'INVALID_INPUT'],
  ['GET /sessions/a/output?since=1e9', {}, 400, 'INVALID_INPUT'],
  ['GET /sessions/a/idle', {}, 400, 'INVALID_INPUT'],
  ['POST /sessions/a/input', { json: { text: 'a', keys: 'b' } }, 400, 'INVALID_INPUT'],
  ['POST /sessions/a/input', { json: { keys: 'Ctrl+Nonsense' } }, 400, 'INVALID_KEY'],
  ['POST /sessions/a/input', { json: { text: 'a', only_if: { text: 'zzz' } } }, 409, 'CONDITION_FAILED'],
  ['POST /sessions/a/wait', { json: {} }, 400, 'INVALID_INPUT'],
  ['POST /rpc/session.click', { json: { session: 'a', row: 0, col: 0 } }, 409, 'MOUSE_DISABLED'],
  ['POST /rpc/toString', { json: {} }, 404, 'NOT_FOUND'],
] as const;

test('whatever cannot be done is refused with a code, a message and the next thing to try', async ({
  served,
}) => {
  await served.ask('POST /sessions', { json: { name: 'a', argv: ['cat'] } });
  const told = [];
  for (const [what, asked] of REFUSED) {
    const { status, json } = await served.ask(what, asked);
    const { code, message, suggestion } = json();
    told.push([what, asked, status, code, message !== '' && suggestion !== '']);
  }
  expect(told).toEqual(REFUSED.map((row) => [...row, true]));
});

test('a method that a path does not have is 405, with those it has', async ({ served }) => {
  const reply = await served.ask('DELETE /sessions');
  expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
});

test('the description names every route, and the docs show them', async ({ served }) => {
  const { openapi, paths } = (await served.ask('GET /openapi.json')).json();
  expect(openapi).toBe('3.1.0');
  const described = Object.entries<object>(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const all = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(described.sort()).toEqual(all.sort());
  const docs = await served.ask('GET /docs');
  expect(all.filter((route) => !docs.text.includes(`>${route}<`))).toEqual([]);
});

interface SentEvent {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is there shows in the test.
  data: any;
}

/** Reads server-sent events as a browser does. */
async function eventsOf(
  served: Served,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ next(): Promise<SentEvent>; ended: Promise<void>; close(): void }> {
  const gone = new AbortController();
  const response = await fetch(new URL(path, served.url), {
    headers: { authorization: `Bearer ${served.token}`, ...headers },
    signal: gone.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: SentEvent[] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s)));
        if (fields.data !== undefined) events.push({ id: fields.id, data: JSON.parse(fields.data) });
      }
    }
  };
  const ended = read().catch(() => {
    // We are the one who has gone.
  });
  return { next: () => until('an event', () => events.shift()), ended, close: () => gone.abort() };
}

test('a command in a shell is answered whole: both streams, exit code, what is not UTF-8', async ({
  served,
}) => {
  needs('bash');
  await served.ask('POST /sessions', { json: { name: 'shell', argv: ['bash', '--norc'] } });
  const exec = (command: string, more: object = {}) =>
    served.ask('POST /sessions/shell/exec', { json: { command, ...more } });
  const both = await exec('cd /; echo out; echo err >&2; (exit 3)');
  expect(both.json()).toMatchObject({
    type: 'exec_result',
    exit_code: 3,
    cwd: '/',
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(both.json()).not.toHaveProperty('truncated');
  expect((await exec("printf '\\377'")).json()).toMatchObject({ stdout_base64: '/w==' });
  expect((await exec('head -c 9000000 /dev/zero')).json()).toMatchObject({
    truncated: true,
    missed_bytes: 9_000_000 - 8 * 1024 * 1024,
  });
  const late = await exec('echo begun; sleep 1000', { timeout_ms: 3000 });
  expect([late.status, late.json().details.stdout]).toEqual([408, 'begun\n']);
});
