/** Rules on real programs: when they fire, what they do, what they survive. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Client, Params, Result } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { builtProgram, type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

type Rule = Result<'rules.list'>['rules'][number];
type RuleEvent = Result<'rules.wait'>['rule_events'][number];

const ENV = { PATH: process.env.PATH ?? '' };

function add({ client }: Pilotty, params: Params<'rules.add'>) {
  return client.request('rules.add', { env: ENV, ...params });
}

async function show({ client }: Pilotty, id: string): Promise<Rule> {
  const [rule] = (await client.request('rules.list', { rules: [id] })).rules;
  return rule as Rule;
}

/** The events of rules, from the first: each call answers with the next one. */
function events({ client }: { client: Client }, rules?: string[]) {
  let after = 0;
  const waiting: RuleEvent[] = [];
  return async (): Promise<RuleEvent> => {
    if (waiting.length === 0) {
      const answer = await client.request('rules.wait', {
        ...(rules && { rules }),
        after,
        timeout_ms: 20_000,
      });
      after = answer.event_cursor;
      waiting.push(...answer.rule_events);
    }
    return waiting.shift() as RuleEvent;
  };
}

/** Repeats each line that it is sent, in other words; the terminal echoes the line itself. */
const ANSWERS = ['sh', '-c', 'echo started; while read -r line; do echo "answer: $line"; done; echo over'];

async function type({ client }: Pilotty, session: string, text: string): Promise<void> {
  await client.request('session.type', { session, text, enter: true });
}

test.for<[string, Params<'rules.add'>]>([
  ['texts that go', { gone: ['AA', 'BB'] }],
  ['expressions that match no more', { gone_regex: ['A+', 'B+'] }],
])('a rule for two %s fires each time that both are so', async ([, conditions], { pilotty }) => {
  const clears = 'stty -echo; echo AA BB; while read -r line; do printf "\\033[2J\\033[H%s\\n" "$line"; done';
  await pilotty.spawn('s', ['sh', '-c', clears]);
  await pilotty.client.request('session.wait', { session: 's', text: 'AA BB' });
  const { rule } = await add(pilotty, {
    sessions: ['s'],
    ...conditions,
    all: true,
    repeat: 'each',
    ended: false,
  });
  const next = events(pilotty, [rule]);
  for (const round of [1, 2, 3]) {
    // One of the two is not enough.
    for (const line of [`AA ${round}`, `BB ${round}`, `none ${round}`]) {
      await type(pilotty, 's', line);
      await pilotty.client.request('session.wait', { session: 's', text: line });
    }
    expect(await next()).toMatchObject({ fired: 'met' });
  }
  expect((await show(pilotty, rule)).firings).toBe(3);
});

test('what exec prints is seen by a rule, and by grep, with a terminal only', async ({ pilotty }) => {
  await pilotty.spawn('s', ['bash', '--norc']);
  const { rule } = await add(pilotty, { sessions: ['s'], text: ['FOUND'], repeat: 'each', ended: false });
  const next = events(pilotty, [rule]);
  const exec = (command: string, pty: boolean) =>
    pilotty.client.request('session.exec', { session: 's', command, pty });
  expect(await exec('echo FOUND unseen', false)).toMatchObject({ exit_code: 0 });
  expect(await exec('echo FOUND seen', true)).toMatchObject({ exit_code: 0 });
  expect(await next()).toMatchObject({ fired: 'met', line: 'FOUND seen' });
  expect((await show(pilotty, rule)).firings).toBe(1);
  expect((await pilotty.run('grep', 'FOUND')).stdout).not.toContain('unseen');
});

test('a rule for one of two texts that go fires when each of them does', async ({ pilotty }) => {
  const clears = 'stty -echo; echo AA BB; while read -r line; do printf "\\033[2J\\033[H%s\\n" "$line"; done';
  await pilotty.spawn('s', ['sh', '-c', clears]);
  await pilotty.client.request('session.wait', { session: 's', text: 'AA BB' });
  const { rule } = await add(pilotty, { sessions: ['s'], gone: ['AA', 'BB'], repeat: 'each', ended: false });
  const next = events(pilotty, [rule]);
  // AA goes, then BB; AA comes and goes again while BB stays away.
  for (const [line, fires] of [
    ['BB 1', true],
    ['none 1', true],
    ['AA 1', false],
    ['none 2', true],
  ] as const) {
    await type(pilotty, 's', line);
    await pilotty.client.request('session.wait', { session: 's', text: line });
    if (fires) expect(await next()).toMatchObject({ fired: 'met', met: ['gone'] });
  }
  expect((await show(pilotty, rule)).firings).toBe(3);
});

test('each time its text is printed a rule fires, and never for the echo of what is typed', async ({
  pilotty,
}) => {
  await pilotty.spawn('s', ANSWERS);
  await pilotty.client.request('session.wait', { session: 's', text: 'started' });
  // What is shown already counts for a rule that fires once, and for no other.
  const once = await add(pilotty, { sessions: ['s'], text: 'started' });
  const each = await add(pilotty, { sessions: ['s'], text: ['started'], repeat: 'each' });
  const echo = await add(pilotty, { sessions: ['s'], regex: '^hit \\d', repeat: 'each' });
  const answers = await add(pilotty, { sessions: ['s'], regex: 'answer: hit \\d', repeat: 'each' });
  const next = events(pilotty, [answers.rule]);
  for (const line of ['hit 1', 'miss', 'hit 2', 'hit 3']) {
    await type(pilotty, 's', line);
    if (line === 'miss') continue;
    expect(await next()).toMatchObject({
      fired: 'met',
      met: ['regex'],
      match_text: `answer: ${line}`,
      line: `answer: ${line}`,
      session: 's',
    });
  }
  expect(await show(pilotty, once.rule)).toMatchObject({ firings: 1, state: 'done', watching: 0 });
  expect(await show(pilotty, each.rule)).toMatchObject({ firings: 0, state: 'armed', watching: 1 });
  expect(await show(pilotty, echo.rule)).toMatchObject({ firings: 0 });
  expect(await show(pilotty, answers.rule)).toMatchObject({ firings: 3, failures: 0, suppressed: 0 });
});

test('sessions that come, or get the tag, are watched; one that ends unmet fires too, and says so', async ({
  pilotty,
}) => {
  const rule = await add(pilotty, { sessions: ['build-*'], tags: ['ci'], text: 'FAILED', repeat: 'each' });
  const quiet = await add(pilotty, {
    sessions: ['build-*'],
    text: 'FAILED',
    repeat: 'each',
    ended: false,
  });
  const next = events(pilotty, [rule.rule]);
  await pilotty.spawn('build-1', ['sh', '-c', 'echo FAILED early; exec cat']);
  expect(await next()).toMatchObject({ session: 'build-1', fired: 'met' });
  await pilotty.spawn('build-2', ['sh', '-c', 'echo fine; exit 3']);
  expect(await next()).toMatchObject({
    session: 'build-2',
    fired: 'ended',
    met: [],
    exit: { exit_code: 3 },
  });
  await pilotty.spawn('other', ANSWERS);
  await type(pilotty, 'other', 'FAILED before');
  await pilotty.client.request('session.wait', { session: 'other', text: 'answer: FAILED before' });
  await pilotty.client.request('session.tag', { session: 'other', add: ['ci'] });
  await type(pilotty, 'other', 'FAILED after');
  expect(await next()).toMatchObject({
    session: 'other',
    // It fires as soon as its text is there; the rest of the line may still come.
    line: expect.stringMatching(/^answer: FAILED/),
  });
  // One that has fired ends as it likes.
  await pilotty.client.request('session.kill', { session: 'other' });
  await pilotty.client.request('session.kill', { session: 'build-1' });
  await pilotty.spawn('build-3', ['true']);
  expect(await next()).toMatchObject({ session: 'build-3', fired: 'ended' });
  expect(await show(pilotty, quiet.rule)).toMatchObject({ firings: 1 });
});

test('what lasts fires when it becomes so, and again after it was not so', async ({ pilotty }) => {
  await pilotty.spawn('s', [
    'sh',
    '-c',
    // What stays the same is written over: nothing is gone in between, wherever the output is cut.
    'stty -echo; while read -r line; do printf "\\033[H%s\\033[J" "$line"; done',
  ]);
  const rule = await add(pilotty, { sessions: ['s'], gone: 'busy', repeat: 'each' });
  const marks = await add(pilotty, { sessions: ['s'], regex: 'mark \\d', repeat: 'each' });
  const next = events(pilotty);
  // It was gone before, and the screen that says so is drawn anew with each line.
  for (const line of ['free', 'mark 1']) await type(pilotty, 's', line);
  // What is written over in the same piece of output has never been on the screen.
  expect(await next()).toMatchObject({ rule: marks.rule, match_text: 'mark 1' });
  for (const line of ['busy', 'busy mark 2']) await type(pilotty, 's', line);
  expect(await next()).toMatchObject({ rule: marks.rule, match_text: 'mark 2' });
  await type(pilotty, 's', 'free');
  expect(await next()).toMatchObject({ rule: rule.rule, met: ['gone'] });
  expect(await show(pilotty, rule.rule)).toMatchObject({ firings: 1 });
});

test('a silence is reported once, and the next one after something has come', async ({ pilotty }) => {
  await pilotty.spawn('s', ANSWERS);
  const rule = await add(pilotty, { sessions: ['s'], idle_ms: 50, repeat: 'each' });
  const next = events(pilotty, [rule.rule]);
  // The silence before the rule was made may have been long enough, and does not count.
  for (let round = 0; round < 3; round++) {
    await type(pilotty, 's', `round ${round}`);
    expect(await next()).toMatchObject({ met: ['idle'] });
  }
});

test('of a flood in which every line matches pieces fire, the rest is counted and said, and the rule goes on', async ({
  pilotty,
}) => {
  const lines = 200_000;
  await pilotty.spawn('s', [
    'sh',
    '-c',
    `stty -echo; echo ready; read -r go; seq -f 'hit %g' 1 ${lines}; echo over; while read -r n; do echo "hit $n"; done`,
  ]);
  await pilotty.client.request('session.wait', { session: 's', text: 'ready' });
  const { rule } = await add(pilotty, { sessions: ['s'], regex: '^hit \\d+', repeat: 'each' });
  await type(pilotty, 's', 'go');
  await pilotty.client.request('session.wait', { session: 's', text: 'over', timeout_ms: 60_000 });
  const flooded = await show(pilotty, rule);
  expect(flooded.firings).toBeGreaterThan(0);
  expect(flooded.suppressed).toBeGreaterThan(0);
  expect(flooded.firings + flooded.suppressed).toBeLessThan(lines);
  expect(flooded.last_error).toContain('more than 5 times a second');
  const next = events(pilotty, [rule]);
  const all: RuleEvent[] = [];
  for (let count = 0; count < flooded.firings; ) {
    all.push(await next());
    if (all.at(-1)?.type === 'rule') count += 1;
  }
  const { event_cursor: after } = await pilotty.client.request('session.list', {});
  await until('a firing after the flood', async () => {
    await type(pilotty, 's', '7');
    return (await show(pilotty, rule)).firings > flooded.firings;
  });
  const { rule_events } = await pilotty.client.request('rules.wait', { rules: [rule], after });
  expect(rule_events.find(({ type }) => type === 'rule')).toMatchObject({ match_text: 'hit 7' });
  // Those that were held back since the firing before are in it, and one of the two says since when.
  const said = [...all, ...rule_events].reduce((sum, { suppressed = 0 }) => sum + suppressed, 0);
  expect(said).toBeGreaterThanOrEqual(flooded.suppressed);
});

test('the line that was found is told, also where it has scrolled off, or wraps, by the time it is', async ({
  pilotty,
}) => {
  const file = join(pilotty.directory, 'ran');
  const long = `${'x'.repeat(100)} error TS`;
  const prints = `stty -echo; read -r go; echo 'a.ts: error TS 1'; seq 1 60; read -r go; echo '${long}'; seq 1 60; cat`;
  await pilotty.spawn('s', ['sh', '-c', prints]);
  const { rule } = await add(pilotty, {
    sessions: ['s'],
    text: 'error TS',
    repeat: 'each',
    run: { argv: ['sh', '-c', 'echo "$PILOTTY_LINE" >>"$1"', 'sh', file] },
  });
  const next = events(pilotty, [rule]);
  for (const line of ['a.ts: error TS 1', long]) {
    await type(pilotty, 's', 'go');
    expect(await next()).toMatchObject({ fired: 'met', match_text: 'error TS', line });
    await until(`'${line}' in the file`, () => existsSync(file) && readFileSync(file, 'utf8').includes(line));
  }
});

test('a command gets what was found, and one that hangs keeps no other rule waiting', async ({ pilotty }) => {
  const file = join(pilotty.directory, 'ran');
  await pilotty.spawn('s', ANSWERS);
  const hangs = await add(pilotty, {
    sessions: ['s'],
    text: 'go on',
    run: {
      argv: ['sh', '-c', 'echo hanging; trap "" TERM; sleep 1000 & wait; sleep 1000'],
      timeout_ms: 3000,
    },
  });
  const writes = await add(pilotty, {
    sessions: ['s'],
    text: 'go on',
    run: {
      argv: [
        'sh',
        '-c',
        'printf "%s|" "$PILOTTY_RULE" "$PILOTTY_FIRED" "$PILOTTY_SESSION" "$PILOTTY_MATCH" "$PILOTTY_LINE" "$X" "$PWD" >"$1.new"; mv "$1.new" "$1"; cat; exit 3',
        'sh',
        file,
      ],
    },
    cwd: '/',
    env: { ...ENV, X: "it's" },
  });
  await type(pilotty, 's', 'go on');
  await until('what the command has written', () => existsSync(file));
  expect(readFileSync(file, 'utf8')).toBe(`${writes.rule}|met|s|go on|answer: go on|it's|/|`);
  const failed = (id: string) =>
    until(`the end of the command of ${id}`, async () => {
      const rule = await show(pilotty, id);
      return rule.failures > 0 && rule;
    });
  expect(await failed(writes.rule)).toMatchObject({ last_error: 'run: it exited with 3' });
  expect(await failed(hangs.rule)).toMatchObject({
    last_error: 'run: it did not end within 3000 ms, and was killed',
    last_output: 'hanging',
  });
  await until('the end of all that it had started', () =>
    pilotty.processes().every(({ command }) => !command.includes('sleep 1000')),
  );
});

test('a rule that is removed does nothing more: neither what waits for its turn, nor what is still to be typed', async ({
  pilotty,
}) => {
  await pilotty.spawn('s', ANSWERS);
  await pilotty.spawn('busy', ['sh', '-c', 'exec sleep 1000']);
  const began = join(pilotty.directory, 'began');
  // Text is typed before its Enter, which waits for the program to read it; this one never does.
  const input = { session: 'busy', parts: [{ text: 'x' }, { key: 'Enter' }] };
  const run = { argv: ['sh', '-c', 'echo >>"$1"; exec sleep 1000', 'sh', began] };
  const rule = await add(pilotty, { sessions: ['s'], regex: 'answer: go \\d', repeat: 'each', run, input });
  const next = events(pilotty, [rule.rule]);
  for (const line of ['go 1', 'go 2', 'go 3']) {
    await type(pilotty, 's', line);
    expect(await next()).toMatchObject({ match_text: `answer: ${line}` });
  }
  await until('the first command', () => existsSync(began));
  await pilotty.client.request('rules.remove', { rules: [rule.rule] });
  await until('the end of what it does', async () => {
    const { sessions } = await pilotty.client.request('session.list', {});
    const isRunning = pilotty.processes().some(({ command }) => command.includes(began));
    return sessions.length === 2 && !isRunning;
  });
  // An upgrade is refused while an action is under way, and waits for less than the typing would.
  await upgrade(pilotty);
  expect(readFileSync(began, 'utf8')).toBe('\n');
  expect(pilotty.processes().filter(({ command }) => command.includes('sleep 1000'))).toHaveLength(1);
});

test('a rule that answers itself stops, says so, and goes on when another client acts', async ({
  pilotty,
}) => {
  await pilotty.spawn('s', ANSWERS);
  const rule = await add(pilotty, {
    sessions: ['s'],
    text: 'answer: again',
    repeat: 'each',
    input: { parts: [{ text: 'again' }, { key: 'Enter' }] },
  });
  await type(pilotty, 's', 'again');
  const next = events(pilotty, [rule.rule]);
  let fired = 0;
  let last = await next();
  for (; last.type === 'rule'; last = await next()) fired += 1;
  expect(last).toMatchObject({ type: 'rule_failed', action: 'rule', session: 's' });
  expect(last.reason).toContain('rules set each other off');
  expect(fired).toBe(20);
  expect(await show(pilotty, rule.rule)).toMatchObject({ firings: 20, failures: 0, suppressed: 1 });
  await type(pilotty, 's', 'again');
  expect(await next()).toMatchObject({ type: 'rule', fired: 'met', suppressed: 1 });
});

test('what is typed is guarded by the screen, and a failure is told', async ({ pilotty }) => {
  await pilotty.spawn('s', ANSWERS);
  const rule = await add(pilotty, {
    sessions: ['s'],
    text: 'answer: start',
    input: { parts: [{ text: 'y' }, { key: 'Enter' }], only_if: { text: 'not on the screen' } },
  });
  await type(pilotty, 's', 'start');
  const next = events(pilotty, [rule.rule]);
  expect(await next()).toMatchObject({ type: 'rule' });
  expect(await next()).toMatchObject({
    type: 'rule_failed',
    action: 'input',
    reason: expect.stringContaining('CONDITION_FAILED'),
  });
  expect(await show(pilotty, rule.rule)).toMatchObject({ failures: 1 });
});

/** Answers with these, one after the other, then with 200. */
async function receiver(...statuses: number[]) {
  const bodies: { body: string; headers: http.IncomingHttpHeaders; path: string | undefined }[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      bodies.push({ body, headers: request.headers, path: request.url });
      response.writeHead(statuses.shift() ?? 200, { location: '/elsewhere' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=hidden`,
    bodies,
    statuses,
  };
}

function upgrade({ client }: Pilotty) {
  return client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
}

test('a request that fails is made again after an upgrade, with its signature', async ({ pilotty }) => {
  const { url, bodies, statuses } = await receiver(503, 503, 503);
  await pilotty.spawn('s', ANSWERS, { tags: ['ci'] });
  const rule = await add(pilotty, {
    sessions: ['s'],
    text: 'done 1',
    post: { url, secret: 'key' },
  });
  expect(rule.post).toEqual({ to: new URL(url).origin, signed: true });
  expect(JSON.stringify(rule)).not.toContain('hidden');
  await type(pilotty, 's', 'done 1');
  await until('the first attempt', () => bodies.length > 0);
  expect(await show(pilotty, rule.rule)).toMatchObject({ firings: 1, pending_posts: 1, failures: 0 });
  await upgrade(pilotty);
  statuses.length = 0;
  const before = bodies.length;
  await until('an attempt of the next daemon', () => bodies.length > before);
  const [first, second] = [bodies[0], bodies.at(-1)];
  expect(second?.body).toBe(first?.body);
  expect(JSON.parse(second?.body ?? '')).toMatchObject({
    type: 'rule_fired',
    rule: rule.rule,
    fired: 'met',
    session: 's',
    tags: ['ci'],
    line: 'answer: done 1',
    delivery: second?.headers['pilotty-delivery'],
  });
  const [, seconds, code] = /^t=(\d+),v1=(.*)$/.exec(String(second?.headers['pilotty-signature'])) ?? [];
  expect(code).toBe(createHmac('sha256', 'key').update(`${seconds}.${second?.body}`).digest('hex'));
  await until('the end of it', async () => (await show(pilotty, rule.rule)).pending_posts === 0);
  expect(await show(pilotty, rule.rule)).toMatchObject({ failures: 0 });
});

test('a redirect is not followed', async ({ pilotty }) => {
  const { url, bodies } = await receiver(307);
  const rule = await add(pilotty, { sessions: ['s'], text: 'x', post: { url } });
  const { actions } = await pilotty.client.request('rules.test', { rule: rule.rule });
  expect(actions).toMatchObject([
    { action: 'post', ok: false, reason: expect.stringContaining('redirects are not followed') },
  ]);
  expect(bodies.map(({ path }) => path)).toEqual(['/hook?key=hidden']);
  expect(await show(pilotty, rule.rule)).toMatchObject({ firings: 0, failures: 1, state: 'armed' });
});

test('rules go on in the daemon after an upgrade where they were', async ({ pilotty }) => {
  await pilotty.spawn('s', ANSWERS);
  const each = await add(pilotty, { sessions: ['s'], regex: 'answer: \\d', repeat: 'each' });
  const once = await add(pilotty, { sessions: ['*'], text: 'answer: 3', ephemeral: true });
  const next = events(pilotty, [each.rule]);
  await type(pilotty, 's', '1');
  expect(await next()).toMatchObject({ line: 'answer: 1' });
  await upgrade(pilotty);
  await type(pilotty, 's', '2');
  expect(await next()).toMatchObject({ line: 'answer: 2' });
  await upgrade(pilotty);
  await type(pilotty, 's', '3');
  expect(await next()).toMatchObject({ line: 'answer: 3' });
  expect(await show(pilotty, each.rule)).toMatchObject({ firings: 3, kept: true });
  expect(await show(pilotty, once.rule)).toMatchObject({ firings: 1, kept: false, state: 'done' });
});

test('while a command of a rule runs there is no upgrade, and all goes on', async ({ pilotty }) => {
  await pilotty.spawn('s', ANSWERS);
  const file = join(pilotty.directory, 'began');
  const rule = await add(pilotty, {
    sessions: ['s'],
    text: 'answer: go',
    repeat: 'each',
    run: { argv: ['sh', '-c', 'echo >"$1"; exec sleep 1000', 'sh', file] },
  });
  await type(pilotty, 's', 'go');
  await until('the command', () => existsSync(file));
  const { pid } = await pilotty.client.request('daemon.info', {});
  await expect(upgrade(pilotty)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('an action of a rule is under way'),
  });
  expect((await pilotty.client.request('daemon.info', {})).pid).toBe(pid);
  await type(pilotty, 's', 'go');
  const next = events(pilotty, [rule.rule]);
  expect([(await next()).fired, (await next()).fired]).toEqual(['met', 'met']);
  await pilotty.client.request('rules.remove', { all: true });
  await until('the end of the command', () =>
    pilotty.processes().every(({ command }) => !command.includes('sleep 1000')),
  );
});

/** Starts the next daemon with its first request, once that of this pid has ended. */
async function clientOfNext(pilotty: Pilotty, pid: number): Promise<Client> {
  await until('the end of the daemon', () => pilotty.processes().every((each) => each.pid !== pid));
  const client = createLocalClient({
    env: pilotty.env,
    cwd: pilotty.home,
    daemonProgram: builtProgram('pilotty-daemon.cjs'),
  });
  onTestFinished(() => client.close());
  return client;
}

test('rules survive a daemon that was killed; one about a session that is lost is done, and says so', async ({
  pilotty,
}) => {
  await pilotty.spawn('s', ANSWERS);
  const one = await add(pilotty, { sessions: ['s'], text: 'answer: x' });
  const coming = await add(pilotty, { sessions: ['later'], text: 'answer: x' });
  const each = await add(pilotty, { sessions: ['*'], text: 'answer: x', repeat: 'each' });
  const gone = await add(pilotty, { sessions: ['*'], text: 'answer: x', ephemeral: true });
  const { pid } = await pilotty.client.request('daemon.info', {});
  process.kill(pid, 'SIGKILL');
  const client = await clientOfNext(pilotty, pid);
  const { rules } = await client.request('rules.list', {});
  expect(rules).toMatchObject([
    { rule: one.rule, state: 'done', note: 'its session was lost with an earlier daemon' },
    { rule: coming.rule, state: 'armed', watching: 0 },
    { rule: each.rule, state: 'armed', watching: 0 },
  ]);
  await expect(client.request('rules.list', { rules: [gone.rule] })).rejects.toMatchObject({
    code: 'RULE_NOT_FOUND',
  });
  const spawn = { argv: ANSWERS, cwd: '/', env: pilotty.env, name: 'later' };
  await client.request('session.spawn', spawn);
  await client.request('session.type', { session: 'later', text: 'x', enter: true });
  const next = events({ client }, [coming.rule]);
  expect(await next()).toMatchObject({ session: 'later', fired: 'met' });
  const again = await client.request('rules.add', { sessions: ['s'], exit: true });
  expect(Number(again.rule.slice(1))).toBeGreaterThan(Number(each.rule.slice(1)));
});

test('what fired in a daemon that has ended is said to be missing, and how much is not known', async ({
  pilotty,
}) => {
  await pilotty.spawn('s', ANSWERS);
  const { rule } = await add(pilotty, { sessions: ['s'], text: 'answer: x', repeat: 'each' });
  const { event_cursor: after } = await pilotty.client.request('rules.list', {});
  await type(pilotty, 's', 'x');
  const seen = await pilotty.client.request('rules.wait', { rules: [rule], after });
  expect(seen).toMatchObject({ outcome: 'matched', rule_events: [{ rule, fired: 'met' }] });
  expect(seen).not.toHaveProperty('missed_events');
  const { pid } = await pilotty.client.request('daemon.info', {});
  await pilotty.client.request('daemon.stop', {});
  const client = await clientOfNext(pilotty, pid);
  const wait = { rules: [rule], timeout_ms: 0 };
  const first = await client.request('rules.wait', { ...wait, after });
  expect(first).toMatchObject({ outcome: 'deadline', rule_events: [], missed_events: null });
  const next = await client.request('rules.wait', { ...wait, after: first.event_cursor });
  expect(next).toMatchObject({ outcome: 'deadline', rule_events: [] });
});

test('where nothing is kept of sessions, nothing is kept of rules', async ({ pilotty }) => {
  pilotty.env.PILOTTY_RESTORE = 'off';
  const rule = await add(pilotty, { sessions: ['s'], exit: true });
  expect(rule.kept).toBe(false);
});

test('a policy decides who makes rules, and what they run, when they are made and when they fire', async ({
  pilotty,
}) => {
  const path = join(pilotty.directory, 'policy.json');
  const write = (...rules: object[]) => writeFileSync(path, JSON.stringify({ rules }), { mode: 0o600 });
  pilotty.env.PILOTTY_POLICY = path;
  write(
    { name: 'no-rules', acts: ['rule'], clients: ['mcp-*'], decision: 'deny' },
    { name: 'no-shells', acts: ['spawn'], programs: ['sh'], decision: 'deny' },
  );
  const as = (name: string) => {
    const client = createLocalClient({
      env: pilotty.env,
      cwd: pilotty.home,
      daemonProgram: builtProgram('pilotty-daemon.cjs'),
      client: { name },
    });
    onTestFinished(() => client.close());
    return client;
  };
  const rule = { sessions: ['s'], exit: true, env: ENV };
  await expect(as('mcp-1').request('rules.add', rule)).rejects.toMatchObject({
    code: 'POLICY_DENIED',
    details: { rule: 'no-rules' },
  });
  const run = { argv: ['/bin/sh', '-c', 'true'] };
  const bash = as('bash');
  await expect(bash.request('rules.add', { ...rule, run })).rejects.toMatchObject({
    details: { rule: 'no-shells' },
  });
  write();
  const { rule: id } = await bash.request('rules.add', { ...rule, run });
  write({ name: 'nothing-now', acts: ['spawn'], clients: ['bash'], decision: 'deny' });
  const { actions } = await as('other').request('rules.test', { rule: id });
  expect(actions).toMatchObject([
    { action: 'run', ok: false, reason: expect.stringContaining('nothing-now') },
  ]);
  write({ name: 'no-typing', acts: ['type'], clients: ['bash'], decision: 'deny' });
  await pilotty.spawn('s', ['cat']);
  const input = { parts: [{ text: 'x' }] };
  const types = await bash.request('rules.add', { ...rule, input });
  const tried = await as('other').request('rules.test', { rule: types.rule });
  expect(tried.actions).toMatchObject([
    { action: 'input', ok: false, reason: expect.stringContaining('no-typing') },
  ]);
  const trail = readFileSync(join(pilotty.socketDir, 'pilotty.audit'), 'utf8');
  expect(trail).toMatch(/"client":"bash".*"method":"rules.add".*"acts":\["rule","spawn"\]/);
  expect(trail).toMatch(/"client":"bash".*"method":"rules.run".*"decision":"deny"/);
});

test('a rule that cannot be is refused, with nothing made', async ({ pilotty }) => {
  const { client } = pilotty;
  const refused: [Params<'rules.add'>, string][] = [
    [{ exit: true }, 'INVALID_INPUT'],
    [{ sessions: ['s'] }, 'INVALID_INPUT'],
    [{ sessions: ['s'], regex: '(' }, 'INVALID_INPUT'],
    [{ sessions: ['s'], exit: true, every_ms: 1000 }, 'INVALID_INPUT'],
    [{ sessions: ['s'], exit: true, post: { url: 'file:///etc/passwd' } }, 'INVALID_INPUT'],
    [{ sessions: ['s'], exit: true, env: { BIG: 'x'.repeat(40_000) } }, 'LIMIT_REACHED'],
  ];
  for (const [params, code] of refused)
    await expect(
      client.request('rules.add', params),
      JSON.stringify(params).slice(0, 80),
    ).rejects.toMatchObject({
      code,
    });
  for (const id of ['r7'])
    await expect(client.request('rules.remove', { rules: [id] })).rejects.toMatchObject({
      code: 'RULE_NOT_FOUND',
    });
  expect((await client.request('rules.list', {})).rules).toEqual([]);
});

test('what a notification says is in the event, in one line: bounded, and without what a program may hide in it', async ({
  pilotty,
}) => {
  const bin = join(pilotty.home, 'bin');
  mkdirSync(bin);
  const shown = join(pilotty.home, 'shown');
  writeFileSync(join(bin, 'notify-send'), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${shown}'\n`, { mode: 0o755 });
  const next = events(pilotty);
  const env = { PATH: bin };
  const params = { sessions: ['s'], regex: 'error .*' };
  const [told, untold] = [await add(pilotty, { ...params, env, notify: true }), await add(pilotty, params)];
  // Reads from right to left from there on; the last character is two units of UTF-16, and would be cut in half.
  const odd = `error \u202e\u{1f600}x${'\u{1f600}'.repeat(60)}`;
  await pilotty.spawn('s', ['sh', '-c', `printf '%s\\n' "$1"; exec cat`, 'sh', odd], {
    size: { cols: 300, rows: 5 },
  });
  const both = [await next(), await next()];
  const { title = '', body = '' } = both.find(({ rule }) => rule === told.rule) ?? {};
  expect(title).toMatch(/^s: error [ \u{1f600}x]+$/u);
  expect(title.length).toBeLessThanOrEqual(200);
  expect(body).toMatch(new RegExp(`^Rule ${told.rule} of `));
  expect(both.find(({ rule }) => rule === untold.rule)).not.toHaveProperty('title');
  await until('the notification', () => existsSync(shown) && readFileSync(shown, 'utf8').includes(body));
  expect(readFileSync(shown, 'utf8')).toBe(`--app-name=pilotty\n--\n${title}\n${body}\n`);
});
