/** Projects with the SDK: real sessions that depend on each other, wait for conditions, and fail. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Pilotty, TailLine, UpAnswer } from '../../packages/sdk/src/index.ts';
import { type Pilotty as Harness, test } from '../harness/pilotty.ts';
import { sdk } from './built.ts';
import { endGateway, openBy, type Way } from './ways.ts';

const SESSIONS = {
  database: { command: "echo 'accepts connections'; exec cat", ready: 'accepts connections' },
  migrate: { command: 'echo migrated', depends_on: ['database'] },
  api: {
    command: 'echo "serves $PORT"; exec cat',
    environment: { PORT: 8080 },
    depends_on: { database: 'ready', migrate: 'completed' },
    ready: { regex: 'serves [0-9]+' },
  },
};

function write({ home }: Harness, sessions: object, more: object = {}): string {
  const file = join(home, 'pilotty.json');
  writeFileSync(file, JSON.stringify({ name: 'p', ...more, sessions }));
  return file;
}

const inWords = ({ sessions }: UpAnswer) =>
  sessions.map(({ key, action, state }) => `${key}: ${action}, ${state}`);

/** @returns what the promise is rejected with */
async function failureOf(promise: Promise<unknown>): Promise<InstanceType<typeof sdk.PilottyError>> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof sdk.PilottyError)) throw new Error('it did not fail', { cause: failure });
  return failure;
}

const here: Way[] = ['in process', 'over the socket'];

test.for(here)(
  '%s up does what is left to do, ps says how they stand, down ends them in turn',
  async (way, { pilotty }) => {
    const file = write(pilotty, SESSIONS);
    const daemon = await openBy(way, pilotty);
    try {
      const seen: string[] = [];
      const first = await daemon.up({ file, onSession: ({ key }) => void seen.push(key) });
      expect(first).toMatchObject({ type: 'project_up', project: 'p', file, ok: true, orphans: [] });
      expect(inWords(first)).toEqual([
        'database: created, ready',
        'migrate: created, completed',
        'api: created, ready',
      ]);
      expect(seen.sort()).toEqual(['api', 'database', 'migrate']);
      expect(await daemon.session('api').text()).toBe('serves 8080');

      const second = await daemon.up({ file });
      expect(inWords(second)).toEqual([
        'database: up_to_date, ready',
        'migrate: completed, completed',
        'api: up_to_date, ready',
      ]);
      const idsOf = ({ sessions }: UpAnswer) => sessions.map(({ session_id }) => session_id);
      expect(idsOf(second)).toEqual(idsOf(first));

      write(pilotty, { ...SESSIONS, api: { ...SESSIONS.api, environment: { PORT: 8081 } } });
      const third = await daemon.up({ file, sessions: ['api'] });
      expect(third.sessions.at(-1)).toMatchObject({ action: 'recreated', because: ['environment'] });
      expect(await daemon.session('api').text()).toBe('serves 8081');

      const { database, migrate } = SESSIONS;
      write(pilotty, { database, migrate });
      expect((await daemon.ps({ file })).sessions).toMatchObject([
        { key: 'database', state: 'running', ready: true },
        { key: 'migrate', state: 'exited', exit: { exit_code: 0 } },
        { key: 'api', state: 'running', orphan: true },
      ]);
      expect(await daemon.up({ file })).toMatchObject({ orphans: [{ session: 'api' }], removed: [] });
      expect(await daemon.up({ file, remove_orphans: true })).toMatchObject({
        orphans: [],
        removed: [{ session: 'api' }],
      });

      write(pilotty, SESSIONS);
      await daemon.up({ file });
      const down = await daemon.down({ file });
      expect(down).toMatchObject({ type: 'project_down', ok: true });
      expect(down.sessions.map(({ key }) => key)).toEqual(['api', 'database']);
      expect(await daemon.down({ file })).toMatchObject({ ok: true, sessions: [] });
      expect((await daemon.ps({ file })).sessions.map(({ state }) => state)).toEqual([
        'exited',
        'exited',
        'exited',
      ]);
    } finally {
      await daemon.close();
    }
  },
);

test('what fails is thrown with what was done: ended first, not ready in time, not to be started', async ({
  pilotty,
}) => {
  const after = { command: 'touch after; exec cat', depends_on: ['fails'] };
  const file = write(pilotty, {
    fails: { command: 'echo the reason; exit 7', ready: 'never' },
    after,
    fine: { command: ['cat'] },
  });
  await using daemon = await openBy('over the socket', pilotty);
  const ended = await failureOf(daemon.up({ file }));
  expect(ended).toBeInstanceOf(sdk.SessionExitedError);
  expect(ended.message).toBe(
    "'fails' is not up: it ended with the exit code 7 before it was ready\n  | the reason",
  );
  expect(inWords(ended.answer as UpAnswer)).toEqual([
    'fails: created, failed',
    'after: none, skipped',
    'fine: created, started',
  ]);
  expect(existsSync(join(pilotty.home, 'after'))).toBe(false);
  // What was started stays.
  expect((await daemon.list()).sessions.map(({ name }) => name)).toEqual(['fine']);

  write(pilotty, { slow: { command: ['cat'], ready: { text: 'never', timeout: '50ms' } } });
  const late = await failureOf(daemon.up({ file }));
  expect(late).toBeInstanceOf(sdk.TimeoutError);
  expect(late.message).toContain("'slow' is not up: it was not ready after 0.05 s");
  write(pilotty, { gone: { command: ['/nonexistent/program'] } });
  expect(await failureOf(daemon.up({ file }))).toBeInstanceOf(sdk.SpawnFailedError);
});

test('what is refused is refused with nothing done', async ({ pilotty }) => {
  const cat = { command: ['cat'] };
  const file = write(pilotty, { a: cat, b: { ...cat, depends_on: ['c'] } });
  await using daemon = await openBy('over the socket', pilotty);
  const refused = async (act: Promise<unknown>, code: string, words: string) => {
    const { code: its, message } = await failureOf(act);
    expect({ code: its, message }).toEqual({ code, message: expect.stringContaining(words) });
  };
  await refused(daemon.up({ file }), 'INVALID_INPUT', "there is no session 'c'");
  await refused(daemon.up({ file: join(pilotty.home, 'none.json') }), 'INVALID_INPUT', 'no project file');
  write(pilotty, { a: cat, taken: cat });
  await daemon.spawn('cat', { name: 'taken' });
  await refused(daemon.up({ file }), 'SESSION_EXISTS', "Session 'taken' runs already");
  await refused(daemon.up({ file, sessions: ['x'] }), 'INVALID_INPUT', "no session 'x'");
  // A list that was computed may be empty, and means none then.
  await refused(daemon.up({ file, sessions: [] }), 'INVALID_INPUT', 'names none');
  await refused(daemon.down({ file, sessions: [] }), 'INVALID_INPUT', 'names none');
  expect((await daemon.list({ all: true })).sessions.map(({ name }) => name)).toEqual(['taken']);
  const aborted = AbortSignal.abort(new Error('enough'));
  await expect(daemon.up({ file, sessions: ['a'] }, { signal: aborted })).rejects.toThrow('enough');
  expect((await daemon.list({ all: true })).sessions).toHaveLength(1);
});

test('through a gateway they are refused: the file is not where the sessions are', async ({ pilotty }) => {
  const file = write(pilotty, { a: { command: ['cat'] } });
  const daemon = await openBy('through a gateway', pilotty);
  try {
    for (const act of [
      () => daemon.up({ file }),
      () => daemon.down({ file }),
      () => daemon.ps({ file }),
      async () => daemon.tail({ file }),
    ])
      expect(await failureOf(act())).toBeInstanceOf(sdk.UnavailableError);
    expect((await daemon.list({ all: true })).sessions).toEqual([]);
  } finally {
    await daemon.close();
    await endGateway(pilotty);
  }
});

test.for(here)(
  '%s tail gives the lines of all, follows those that are started later, and ends with the last',
  async (way, { pilotty }) => {
    const waits = 'while [ ! -e go ]; do sleep 0.01; done';
    const file = write(pilotty, {
      first: { command: `echo "one of first"; ${waits}; printf "no newline"` },
      piped: { command: 'printf "out "; echo error >&2; echo more', pipe: true },
    });
    const daemon = await openBy(way, pilotty);
    try {
      await daemon.up({ file });
      await daemon.waitFor({ sessions: ['piped'], exit: true });
      await daemon.waitFor({ sessions: ['first'], text: 'one of first' });
      const now: [string, string | undefined, string][] = [];
      for await (const { key, stream, text } of daemon.tail({ file })) now.push([key, stream, text]);
      expect(now.sort()).toEqual([
        ['first', undefined, 'one of first'],
        // What one stream writes divides no line of the other.
        ['piped', 'stderr', 'error'],
        ['piped', 'stdout', 'out more'],
      ]);
      const seen: string[] = [];
      for await (const { key, session, text } of daemon.tail({ file, follow: true, lines: 1 })) {
        expect(session).toBe(key);
        seen.push(`${key}: ${text}`);
        if (text !== 'one of first') continue;
        const { first, piped } = JSON.parse(readFileSync(file, 'utf8')).sessions;
        write(pilotty, { first, piped, later: { command: 'echo from later; touch go' } });
        await daemon.up({ file });
      }
      expect(seen).toContain('first: one of first');
      expect(seen).toContain('first: no newline');
      expect(seen).toContain('later: from later');
      // None but those that were asked for.
      const asked = [];
      for await (const { key } of daemon.tail({ file, sessions: ['later'] })) asked.push(key);
      expect(asked).toEqual(['later']);
    } finally {
      await daemon.close();
    }
  },
);

test('what was dropped is counted at the next line of its session and stream, or at the end', async ({
  pilotty,
}) => {
  const file = write(pilotty, {
    drawn: { command: 'seq 30000' },
    piped: { command: 'seq 30000; echo whole >&2', pipe: true },
    one: { command: "printf '%0200000d' 7", pipe: true },
  });
  // It is the daemon's, which the first command starts.
  await pilotty.run('up', { env: { PILOTTY_RETAIN_BYTES: '65536' } });
  await using daemon = await openBy('over the socket', pilotty);
  await daemon.waitFor({ sessions: ['drawn', 'piped', 'one'], exit: true });
  const lines: TailLine[] = [];
  for await (const line of daemon.tail({ file })) lines.push(line);
  for (const [key, stream] of [['drawn'], ['piped', 'stdout']] as const) {
    const own = lines.filter((line) => line.key === key && line.stream === stream);
    const { retention } = await daemon.session(key).status();
    expect(retention.dropped_bytes).toBeGreaterThan(0);
    expect(own.map(({ missed_bytes }) => missed_bytes).filter(Boolean)).toEqual([retention.dropped_bytes]);
    expect(own[0]?.missed_bytes).toBe(retention.dropped_bytes);
    // None is one that this has cut.
    expect(own.map(({ text }) => Number(text))).toEqual(own.map((_, at) => 30_000 - own.length + 1 + at));
  }
  expect(lines.filter(({ stream }) => stream === 'stderr')).toMatchObject([{ text: 'whole' }]);
  expect(lines.filter(({ stream }) => stream === 'stderr')[0]).not.toHaveProperty('missed_bytes');
  // Of its only line the end is left, which is none.
  const { retention } = await daemon.session('one').status();
  const rest = { key: 'one', stream: 'stdout', text: '', missed_bytes: retention.dropped_bytes };
  expect(lines.filter(({ key }) => key === 'one')).toMatchObject([rest]);
});

test('a loop over the lines of a project is left, aborted, held back, and refused', async ({ pilotty }) => {
  const file = write(pilotty, { flood: { command: 'seq 100000; exec cat' } });
  await using daemon = await openBy('over the socket', pilotty);
  await daemon.up({ file });
  await daemon.waitFor({ sessions: ['flood'], text: '100000' });
  const lines: string[] = [];
  for await (const { text } of daemon.tail({ file, follow: true })) if (lines.push(text) === 3) break;
  expect(lines).toHaveLength(3);
  const stop = new AbortController();
  const following = daemon.tail({ file, follow: true, lines: 1 }, { signal: stop.signal });
  expect(await following.next()).toMatchObject({ value: { key: 'flood', text: '100000' } });
  const next = expect(following.next()).rejects.toThrow('enough');
  stop.abort(new Error('enough'));
  await next;
  // Both are over, and the session goes on.
  expect(await daemon.ps({ file })).toMatchObject({ sessions: [{ state: 'running' }] });
  expect(await failureOf(daemon.tail({ file, sessions: ['none'] }).next())).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining("no session 'none'"),
  });
});

test('an abort ends the wait, and what was started stays', async ({ pilotty }) => {
  const file = write(pilotty, { waits: { command: ['cat'], ready: 'never' } });
  await using daemon = await openBy('over the socket', pilotty);
  const stop = new AbortController();
  const waiting = expect(daemon.up({ file }, { signal: stop.signal })).rejects.toThrow('enough');
  for await (const { type } of daemon.events({ after: 0 })) if (type === 'spawned') break;
  stop.abort(new Error('enough'));
  await waiting;
  expect((await daemon.ps({ file })).sessions).toMatchObject([{ state: 'running', ready: false }]);
});

test('a project is of the scope of its connection, and of this machine', async ({ pilotty }) => {
  const file = write(pilotty, { a: { command: ['cat'] } });
  const place = { socketDir: pilotty.socketDir };
  const connections: Pilotty[] = [];
  const connect = async (...given: Parameters<typeof sdk.connect>) => {
    const connection = await sdk.connect(...given);
    connections.push(connection);
    return connection;
  };
  try {
    const [free, scoped] = [
      await connect({ ...place, scope: null }),
      await connect({ ...place, scope: 'agent' }),
    ];
    expect((await free.up({ file })).sessions).toMatchObject([{ action: 'created' }]);
    expect((await scoped.ps({ file })).sessions).toMatchObject([{ state: 'not_started' }]);
    expect((await scoped.up({ file })).sessions).toMatchObject([{ action: 'created' }]);
    expect((await scoped.down({ file })).sessions).toMatchObject([{ session: 'agent+a', ok: true }]);
    expect((await free.ps({ file })).sessions).toMatchObject([{ state: 'running' }]);
  } finally {
    for (const connection of connections) await connection.close();
  }
});
