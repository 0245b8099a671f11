/** A daemon hands its sessions to the next one: nothing of them changes, or nothing is done. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { CastReader } from '../../packages/asciicast/src/index.ts';
import type { Client, StreamEvent } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { builtProgram, type Pilotty, test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

function upgrade({ client }: Pilotty) {
  return client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
}

/** All that can be asked of a session, without what time alone changes. */
async function answersOf({ client }: Pilotty, session: string): Promise<object> {
  const lines: unknown[] = [];
  const output = await client.request(
    'session.output',
    { session },
    { onEvent: (part) => void lines.push(part) },
  );
  const answers = {
    status: await client.request('session.status', { session }),
    snapshot: await client.request('session.snapshot', { session, elements: true, scrollback: 1000 }),
    drawn: await client.request('session.snapshot', { session, format: 'ansi' }),
    commands: await client.request('session.commands', { session }).catch((error: Error) => error.message),
    output,
    lines,
  };
  // What is concluded from silence comes with time.
  const changing = ['idle_ms', 'last_output_ms', 'last_input_ms', 'ago_ms', 'work_state'];
  return JSON.parse(JSON.stringify(answers, (name, value) => (changing.includes(name) ? undefined : value)));
}

/** Has a colour, a title, a link, lines above its screen, the alternate screen beneath, and the beginning of a sequence. */
const DRAWN = [
  'for i in $(seq 60); do printf "\\033[3%dmline %d\\033[0m\\n" $((i % 8)) $i; done',
  'printf "\\033]2;a title\\007\\033]7;file:///tmp\\007\\033]8;;http://x.y/\\007link\\033]8;;\\007\\a\\033[?2004h\\033[5 q"',
  'printf "\\033[10;20H[ OK ] [ Cancel ]\\033[31"',
].join('; ');

test('what can be asked of a session is answered the same, and cursors stay valid', async ({ pilotty }) => {
  const { client } = pilotty;
  const drawn = await pilotty.spawn('drawn', ['sh', '-c', `${DRAWN}; read line; printf "mred"; exec cat`], {
    tags: ['ci'],
  });
  await client.request('session.wait', { session: drawn, text: 'Cancel' });
  const ended = await pilotty.spawn('ended', ['sh', '-c', 'echo the end; exit 3']);
  await client.request('session.wait', { session: ended, exit: true });
  const shell = await pilotty.spawn('shell', ['bash'], { shell_integration: true });
  await client.request('session.wait', { session: shell, prompt: true });
  await client.request('session.type', {
    session: shell,
    text: 'echo a$((1+1)) # one',
    enter: true,
    wait: { text: 'a2' },
  });
  await client.request('session.type', { session: shell, text: 'echo half' });
  await pilotty.untilShown('echo half', shell);
  const { event_cursor: cursor } = await client.request('session.list', {});
  const sessions = [drawn, ended, shell];
  const before = await Promise.all(sessions.map((session) => answersOf(pilotty, session)));
  const old = await client.request('daemon.info', {});
  const upgraded = await upgrade(pilotty);
  expect(upgraded).toMatchObject({ previous_pid: old.pid, sessions: 2 });
  expect((await client.request('daemon.info', {})).pid).toBe(upgraded.pid);
  const warnings = pilotty
    .log()
    .split('\n')
    // A busy machine makes all work long.
    .filter((line) => /"level":[456]0/.test(line) && !line.includes('did nothing else meanwhile'));
  expect(warnings).toEqual([]);
  const after = await Promise.all(sessions.map((session) => answersOf(pilotty, session)));
  expect(after).toEqual(before);
  const events: StreamEvent<'events.follow'>[] = [];
  const follow = { after: cursor, follow: false, types: ['exited', 'spawned'] as ['exited', 'spawned'] };
  await client.request('events.follow', follow, { onEvent: (event) => void events.push(event) });
  expect(events).toEqual([]);
  await client.request('session.key', { session: drawn, keys: 'Enter', wait: { text: 'red' } });
  const row = await client.request('session.snapshot', { session: drawn, format: 'ansi' });
  expect(JSON.stringify(row)).toContain('31m');
  await client.request('session.key', { session: shell, keys: 'Enter', wait: { regex: '^half' } });
  expect((await client.request('session.commands', { session: shell })).commands).toHaveLength(2);
  const status = await client.request('session.status', { session: ended });
  expect(status.exit?.exit_code).toBe(3);
});

test('what a program has set of its state stays, and so does its right to', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('own', ['sh', '-c', 'echo "key=$PILOTTY_STATE_KEY."; read x']);
  const { match } = await client.request('session.wait', { session, regex: 'key=(\\w+)\\.' });
  const key = match?.groups[0] ?? '';
  const { work_state } = await client.request('sessions.report', { key, state: 'asking', text: 'Which?' });
  await upgrade(pilotty);
  expect(await client.request('session.status', { session })).toMatchObject({ work_state });
  await client.request('sessions.report', { key, state: 'done' });
  const waited = await client.request('session.wait', { session, state: 'done' });
  expect(waited.work_state).toMatchObject({ name: 'done', why: 'set' });
});

test('ten times in a row: programs, a flood, exit codes, and those who wait and follow lose nothing', async ({
  pilotty,
}) => {
  needs('vim', 'top');
  const { client } = pilotty;
  const file = join(pilotty.home, 'text');
  writeFileSync(file, 'one\ntwo\nthree\n');
  const vim = await pilotty.spawn('vim', ['vim', '-u', 'NONE', '-N', file]);
  const top = await pilotty.spawn('top', ['top', '-d', '0.2']);
  const flood = [
    'sh',
    '-c',
    'read go; i=0; while [ $i -lt 40 ]; do seq 1 2000; i=$((i+1)); sleep 0.03; done; exit 9',
  ];
  const flooding = await pilotty.spawn('flood', flood, { retain_bytes: 1 << 20 });
  const late = await pilotty.spawn('late', ['sh', '-c', 'echo started; read go; echo "got $go"; exit 42']);
  await client.request('session.wait', { session: vim, text: 'three' });
  await client.request('session.wait', { session: late, text: 'started' });
  const hash = createHash('sha256');
  let bytes = 0;
  const followed = client.request(
    'session.output',
    { session: flooding, follow: true, format: 'ansi' },
    {
      onEvent(part) {
        const piece = Buffer.from((part as { output_base64: string }).output_base64, 'base64');
        bytes += piece.length;
        hash.update(piece);
      },
    },
  );
  const waits = [
    client.request('session.wait', { session: late, text: 'got it', timeout_ms: 60_000 }),
    client.request('session.wait', { session: late, exit: true, timeout_ms: 60_000 }),
    client.request('sessions.wait', { sessions: [late], exit: true, timeout_ms: 60_000 }),
  ];
  const views: StreamEvent<'session.view'>[] = [];
  const viewed = client.request(
    'session.view',
    { session: late },
    { onEvent: (part) => void views.push(part) },
  );
  const exits: unknown[] = [];
  const following = new AbortController();
  const events = client
    .request(
      'events.follow',
      { types: ['exited'] },
      { signal: following.signal, onEvent: (event) => void exits.push(event) },
    )
    .catch(() => {});
  await client.request('session.key', { session: flooding, keys: 'Enter' });
  const pids = new Set<number>();
  let frozenMs = 0;
  for (let time = 0; time < 10; time++) {
    const { pid, duration_ms } = await upgrade(pilotty);
    pids.add(pid);
    frozenMs += duration_ms;
  }
  expect(pids.size).toBe(10);
  await client.request('session.resize', { session: vim, cols: 60, rows: 12 });
  await client.request('session.send', {
    session: vim,
    parts: [{ key: 'G' }, { text: 'ofour' }, { key: 'Escape' }],
    wait: { text: 'four' },
  });
  // The program knows its new size.
  await client.request('session.type', {
    session: vim,
    text: ':set lines? columns?',
    enter: true,
    wait: { text: ['lines=12', 'columns=60'] },
  });
  await client.request('session.key', { session: vim, keys: 'Escape' });
  await client.request('session.wait', { session: top, text: 'PID' });
  await client.request('session.key', { session: top, keys: 'q' });
  await client.request('session.type', { session: vim, text: ':cq', enter: true });
  await client.request('session.type', { session: late, text: 'it', enter: true });
  const [, exited, fleet] = await Promise.all(waits);
  // From the question on, which was asked before all of it.
  expect((exited as { duration_ms: number }).duration_ms).toBeGreaterThanOrEqual(frozenMs);
  expect(exited).toMatchObject({ outcome: 'exited', exit: { exit_code: 42 } });
  expect(fleet).toMatchObject({ ready: [{ session: 'late', exit: { exit_code: 42 } }] });
  expect(await viewed).toMatchObject({ exit: { exit_code: 42 } });
  expect(
    Buffer.from(
      (views.findLast((part) => part.type === 'output') as { data_base64: string }).data_base64,
      'base64',
    ).toString(),
  ).toContain('got it');
  const ends = { [vim]: 1, [top]: 0, [flooding]: 9 };
  for (const [session, exit_code] of Object.entries(ends))
    expect(await client.request('session.wait', { session, exit: true })).toMatchObject({
      exit: { exit_code },
    });
  await followed;
  const once = Array.from({ length: 2000 }, (_, index) => `${index + 1}\r\n`).join('');
  const expected = `\r\n${once.repeat(40)}`;
  expect(bytes).toBe(expected.length);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(expected).digest('hex'));
  await until('an event of each end', () => exits.length === 4, { lastSeen: () => JSON.stringify(exits) });
  following.abort();
  await events;
});

/** A program that takes over, and fails at that step. */
function failingAt(step: string, { home }: Pilotty): string {
  const path = join(home, `${step}.cjs`);
  const [, successor] = program('successor.cjs');
  writeFileSync(path, `process.argv.splice(2, Infinity, '${step}'); require('${successor}');`);
  return path;
}

const STEPS = ['exits', 'closes', 'malformed', 'unordered', 'format', 'cut', 'refuses', 'ready', 'go'];

test('a new daemon that fails, at whatever step, leaves the old one as it was', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('a', ['sh', '-c', `${DRAWN}; read line; printf m; exec cat`]);
  await client.request('session.wait', { session, text: 'Cancel' });
  const waiting = client.request('session.wait', { session, text: 'the last word', timeout_ms: 60_000 });
  const { pid } = await client.request('daemon.info', {});
  const before = await answersOf(pilotty, session);
  for (const step of STEPS) {
    const path = failingAt(step, pilotty);
    const failed = client.request('daemon.upgrade', { program: path });
    await expect(failed, step).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('goes on as it was'),
    });
    expect((await client.request('daemon.info', {})).pid, step).toBe(pid);
    expect(await answersOf(pilotty, session), step).toEqual(before);
  }
  for (const missing of [{ program: '/nowhere.cjs' }, { program: '/nowhere.cjs', node: '/nowhere' }])
    await expect(client.request('daemon.upgrade', missing)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await client.request('session.type', { session, text: '\nthe last word', enter: true });
  expect(await waiting).toMatchObject({ outcome: 'matched' });
  // And the next one that does not fail takes over what is there.
  await upgrade(pilotty);
  await client.request('session.key', { session, keys: 'Ctrl+D' });
  expect(await client.request('session.wait', { session, exit: true })).toMatchObject({
    exit: { exit_code: 0 },
  });
});

test('what cannot be handed over is refused by name, with nothing done', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', ['bash']);
  await client.request('session.wait', { session, prompt: true });
  const { pid } = await client.request('daemon.info', {});
  const refusedBecause = async (reason: string) => {
    await expect(upgrade(pilotty)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`not upgraded, and goes on as it was: .*${reason}`)),
    });
    expect((await client.request('daemon.info', {})).pid).toBe(pid);
  };
  const file = join(pilotty.home, 'a.cast');
  await client.request('recording.start', { session, file });
  renameSync(file, `${file}.moved`);
  await refusedBecause("'.*a.cast', was moved or removed");
  renameSync(`${file}.moved`, file);
  await client.request('recording.stop', { session });
  // Of two conditions the first may have been met before the input that came after the question.
  const together = new AbortController();
  const both = { session, text: '[$#]', bell: true, timeout_ms: 60_000 };
  const waiting = client.request('session.wait', both, { signal: together.signal }).catch(() => {});
  await client.request('session.type', { session, text: 'x' });
  await refusedBecause('session.wait .* is still being answered');
  together.abort();
  await waiting;
  await client.request('session.key', { session, keys: 'Backspace' });
  await client.request('session.take', { session, for_ms: 60_000 });
  await refusedBecause('a client has taken the keyboard');
  await client.request('session.release', { session });
  await client.request('session.exec', {
    session,
    command: 'while [ ! -e go ]; do sleep 0.1; done',
    timeout_ms: 3000,
  });
  await refusedBecause('a command of exec runs in it');
  writeFileSync(join(pilotty.home, 'go'), '');
  await client.request('session.exec', { session, wait: true });
  await client.request('session.wait', { session, prompt: true });
  const kept = await client.request('session.wait', {
    session,
    text: 'nothing',
    timeout_ms: 1,
    keep_ms: 60_000,
  });
  await refusedBecause('1 waits are kept');
  const resumed = { session, resume: kept.resume as number, timeout_ms: 1 };
  await client.request('session.wait', resumed);
  // A prompt that could be a question, but a command was taken there before.
  const asking = await pilotty.spawn('asking', ['bash', '--norc'], {
    env: { ...pilotty.env, PS1: 'name? ' },
  });
  await pilotty.untilShown('name?', asking);
  await client.request('session.key', { session: asking, keys: 'Enter' });
  await until('the prompt of the next line', async () => {
    const { text = '' } = await client.request('session.snapshot', { session: asking });
    return /name\?\s+name\?/.test(text);
  });
  expect(await client.request('session.exec', { session: asking, command: 'true' })).toMatchObject({
    exit_code: 0,
  });
  await upgrade(pilotty);
  for (const each of [session, asking]) {
    const answer = await client.request('session.exec', { session: each, command: 'echo in the new one' });
    expect(answer).toMatchObject({ exit_code: 0 });
  }
});

test('a program whose parent was killed is known to have ended, and not how', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('a', ['sh', '-c', 'echo started; read line; echo last words; exit 5']);
  await client.request('session.wait', { session, text: 'started' });
  const { previous_pid } = await upgrade(pilotty);
  await client.request('session.wait', { session, text: 'started' });
  process.kill(previous_pid, 'SIGKILL');
  await client.request('session.key', { session, keys: 'Enter' });
  expect(await client.request('session.wait', { session, exit: true })).toMatchObject({
    exit: { exit_code: null, signal: null, success: false },
  });
  const shown = await client.request('session.snapshot', { session, format: 'text' });
  expect(JSON.stringify(shown)).toContain('last words');
});

/** The records of sessions on disk, by the process that wrote them. */
function recordsOf({ home }: Pilotty): string[] {
  const directory = join(home, '.local/state/pilotty/sessions');
  return readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('sessions.json'))
    .map((name) => join(directory, name));
}

test('policy, what is kept on disk, and ended sessions go on in the new daemon', async ({ pilotty }) => {
  const { client } = pilotty;
  const policy = join(pilotty.directory, 'policy.json');
  const rules = (...all: object[]) => writeFileSync(policy, JSON.stringify({ rules: all }), { mode: 0o600 });
  pilotty.env.PILOTTY_POLICY = policy;
  rules({ name: 'pushes', acts: ['type'], text: 'git\\s+push', decision: 'deny' });
  const session = await pilotty.spawn('s', ['cat']);
  const ended = await pilotty.spawn('ended', ['sh', '-c', 'exit 3']);
  await client.request('session.wait', { session: ended, exit: true });
  await client.request('session.type', { session, text: 'git ' });
  await upgrade(pilotty);
  const { pid } = await upgrade(pilotty);
  // The line that was begun before is known.
  await expect(client.request('session.type', { session, text: 'push' })).rejects.toMatchObject({
    code: 'POLICY_DENIED',
  });
  await client.request('session.restart', { session: ended });
  await client.request('session.wait', { session: ended, exit: true });
  await until('the end of the program that was started again', async () => {
    const { sessions } = await client.request('session.list', { all: true });
    return sessions.find(({ name }) => name === 'ended')?.state === 'exited';
  });
  await until('one record, of the daemon that has the sessions, with those that run', () => {
    const [record = '', ...others] = recordsOf(pilotty);
    if (others.length > 0 || !basename(record).startsWith(`${pid}-`)) return false;
    return !readFileSync(record, 'utf8').includes('exit 3');
  });
  rules({ name: 'stays', acts: ['stop'], decision: 'deny' });
  await expect(upgrade(pilotty)).rejects.toMatchObject({ code: 'POLICY_DENIED' });
  rules({ name: 'no-others', acts: ['spawn'], programs: ['pilotty-daemon.cjs'], decision: 'deny' });
  await expect(upgrade(pilotty)).rejects.toMatchObject({ code: 'POLICY_DENIED' });
  expect((await client.request('daemon.info', {})).pid).toBe(pid);
  process.kill(pid, 'SIGKILL');
  await until('all daemons to be gone', () => pilotty.processes().length === 0);
  const { sessions } = await client.request('sessions.lost', {});
  expect(sessions).toMatchObject([{ name: 's', because: 'killed' }]);
});

test('who is attached stays so, in order and with the size, and what they type is theirs', async ({
  pilotty,
}) => {
  const session = await pilotty.spawn('s', ['cat']);
  const people = ['ann', 'ben', 'cat'].map((name) =>
    createLocalClient({ env: pilotty.env, cwd: pilotty.home, client: { name } }),
  );
  onTestFinished(() => people.forEach((person) => void person.close()));
  const seen: string[] = [];
  const leaving: AbortController[] = [];
  for (const [index, person] of people.entries()) {
    const end = new AbortController();
    leaving.push(end);
    const window = { cols: 60 + index, rows: 20 };
    const onEvent = ({ type }: { type: string }) => void seen.push(`${index} ${type}`);
    const params = { session, window, read_only: index === 2 };
    person.request('session.attach', params, { signal: end.signal, onEvent }).catch(() => {});
    await until('the attachment', () => seen.includes(`${index} attached`));
  }
  const [ann, ben] = people as [Client, Client];
  const status = () => pilotty.client.request('session.status', { session });
  await ann.request('session.type', { session, text: 'one' });
  const { event_cursor: after } = await pilotty.client.request('session.list', {});
  const before = await status();
  await upgrade(pilotty);
  await upgrade(pilotty);
  expect(await status()).toMatchObject({
    attached: before.attached,
    size: { cols: 60, rows: 20 },
    typed_last: { client: 'ann' },
  });
  await ben.request('session.type', { session, text: ' two' });
  expect((await status()).size).toEqual({ cols: 61, rows: 20 });
  leaving[1]?.abort();
  await until('the size of the one before', async () => (await status()).size.cols === 60);
  leaving[0]?.abort();
  await until('the size from before the first', async () => (await status()).size.cols === 80);
  const events: string[] = [];
  await pilotty.client.request(
    'events.follow',
    { after, follow: false, types: ['attached', 'detached', 'resized'] },
    { onEvent: ({ type, client, size }) => void events.push(`${type} ${client ?? size?.cols}`) },
  );
  expect(events).toEqual(['resized 61', 'resized 60', 'detached ben', 'resized 80', 'detached ann']);
  expect(seen.filter((each) => each.endsWith('attached'))).toHaveLength(3);
});

/** What a recording shows at its end, and the output and input in it. */
function replayed(file: string): { screen: Screen; output: string; input: string; marks: string[] } {
  const reader = new CastReader();
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => reader.read(line));
  const { cols = 0, rows = 0 } = reader.header ?? {};
  const screen = new Screen({ cols, rows, scrollback: 1000, term: 'xterm-256color', version: '0' });
  const texts = (wanted: string) => events.filter(({ code }) => code === wanted).map(({ data }) => data);
  for (const { code, data } of events) {
    if (code === 'o') screen.write(Buffer.from(data));
    const [, toCols, toRows] = /^(\d+)x(\d+)$/.exec(code === 'r' ? data : '') ?? [];
    if (toRows !== undefined) screen.resize(Number(toCols), Number(toRows));
  }
  return { screen, output: texts('o').join(''), input: texts('i').join(''), marks: texts('m') };
}

test('recordings go on in the same files, and replay to the live screen', async ({ pilotty }) => {
  const { client } = pilotty;
  const [plain = '', hidden = '', keys = ''] = ['plain', 'hidden', 'keys'].map((name) =>
    join(pilotty.home, `${name}.cast`),
  );
  const numbers = 'i=0; while [ $i -lt 20 ]; do seq $i 20 4000; printf "ä€"; i=$((i+1)); sleep 0.03; done';
  const program = `read go; ${numbers}; printf "\\033[7mend"; exec cat`;
  const flooding = await pilotty.spawn('flood', ['sh', '-c', program]);
  const typing = await pilotty.spawn('typing', ['sh', '-c', 'echo on; exec cat']);
  await client.request('session.wait', { session: typing, text: 'on' });
  const redact = 'hunter\\d+';
  await client.request('recording.start', { session: flooding, file: plain });
  await client.request('recording.start', { session: typing, file: hidden, redact });
  await client.request('recording.start', { session: typing, file: keys, input: true });
  const one = await client.request('recording.list', {});
  await client.request('session.key', { session: flooding, keys: 'Enter' });
  await client.request('session.type', { session: typing, text: 'a hunter12 b' });
  await pilotty.untilShown('r12 b', typing);
  for (let time = 0; time < 3; time++) await upgrade(pilotty);
  await client.request('session.type', { session: typing, text: ' hunter3\n', wait: { text: 'b hunter3' } });
  await client.request('recording.mark', { session: typing, label: 'after' });
  await client.request('session.wait', { session: flooding, text: 'end', timeout_ms: 60_000 });
  await client.request('session.resize', { session: flooding, cols: 70, rows: 20 });
  const shown = async (session: string) => (await client.request('session.snapshot', { session })).text ?? '';
  const live = { flooding: await shown(flooding), typing: await shown(typing) };
  const facts = ({ recordings }: typeof one) => recordings.map(({ file, started_at }) => [file, started_at]);
  expect(facts(await client.request('recording.list', {}))).toEqual(facts(one));
  for (const session of [flooding, typing]) await client.request('recording.stop', { session });
  const flood = replayed(plain);
  expect(flood.screen.text()).toBe(live.flooding);
  const lines = (from: number) =>
    Array.from({ length: Math.floor((4000 - from) / 20) + 1 }, (_, index) => `${from + index * 20}\r\n`);
  const all = Array.from({ length: 20 }, (_, from) => `${lines(from).join('')}ä€`);
  expect(flood.output).toBe(`\r\n${all.join('')}\x1b[7mend`);
  const secret = replayed(hidden);
  expect(secret.screen.text()).toBe(
    live.typing.replaceAll(/hunter\d+/g, (found) => '*'.repeat(found.length)),
  );
  expect(readFileSync(hidden, 'utf8')).not.toContain('hunter');
  expect(secret.marks).toEqual(['after']);
  const typed = replayed(keys);
  expect([typed.input, typed.screen.text()]).toEqual(['a hunter12 b hunter3\n', live.typing]);
});

test('the beginning of what is hidden in a recording is not handed over', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('s', ['cat']);
  const file = join(pilotty.home, 'a.cast');
  await client.request('recording.start', { session, file, redact: 'hunter\\d+', input: true });
  await client.request('session.type', { session, text: 'hunt' });
  await pilotty.untilShown('hunt', session);
  await expect(upgrade(pilotty)).rejects.toMatchObject({
    message: expect.stringContaining('what came last may be the beginning of what is hidden'),
  });
  await client.request('session.type', { session, text: 'er\n', wait: { text: 'hunter' } });
  await upgrade(pilotty);
  await client.request('recording.stop', { session });
  expect(replayed(file).input).toBe('hunter\n');
});

test('a wait on several sessions counts what came before and after the upgrade', async ({ pilotty }) => {
  const { client } = pilotty;
  const program = (code: number) => ['sh', '-c', `echo ready; read go; exit ${code}`];
  const [one = '', two = '', three = '', four = ''] = await Promise.all(
    ['one', 'two', 'three', 'four'].map((name, index) => pilotty.spawn(name, program(index))),
  );
  for (const session of [one, two, three, four])
    await client.request('session.wait', { session, text: 'ready' });
  const end = async (session: string) => {
    await client.request('session.key', { session, keys: 'Enter' });
    await client.request('session.wait', { session, exit: true });
  };
  const all = { all: true, timeout_ms: 60_000 } as const;
  const exits = client.request('sessions.wait', { sessions: [one, two], exit: true, ...all });
  // Never idle for so long: both end without.
  const silent = client.request('sessions.wait', { sessions: [three, four], idle_ms: 600_000, ...all });
  const idle = { sessions: [two, four], idle_ms: 50, timeout_ms: 60_000 };
  const first = await client.request('sessions.idle', idle);
  // It is active again: by its name alone, what it was told with is known.
  await client.request('session.type', { session: first.session ?? '', text: 'x' });
  await end(one);
  await end(three);
  // A session of its own: what it is told with is not told again.
  const still = await pilotty.spawn('still', ['cat']);
  const fresh = client.request('sessions.idle', { ...idle, sessions: [still], fresh: true, idle_ms: 500 });
  await upgrade(pilotty);
  await client.request('session.restart', { session: one });
  const next = await client.request('sessions.idle', { ...idle, last_session: first.session });
  expect(new Set([first.session, next.session])).toEqual(new Set(['two', 'four']));
  expect(await fresh).toMatchObject({ outcome: 'idle', session: 'still' });
  await end(two);
  await end(four);
  const codes = ({ ready }: Awaited<typeof exits>) =>
    ready.map((each) => [each.session, each.exit?.exit_code]);
  expect(codes(await exits)).toEqual([
    ['one', 0],
    ['two', 1],
  ]);
  expect(codes(await silent)).toEqual([
    ['three', 2],
    ['four', 3],
  ]);
});

test('a daemon that is to end meanwhile leaves the directory to the one that has the sessions', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  await pilotty.spawn('s', ['cat']);
  const { pid } = await client.request('daemon.info', {});
  const upgraded = client.request('daemon.upgrade', { program: failingAt('waits', pilotty) });
  const failed = expect(upgraded).rejects.toThrow();
  const successors: number[] = [];
  await until('the new daemon', () => {
    const found = pilotty.processes().filter(({ command }) => command.includes('waits.cjs'));
    successors.push(...found.map((each) => each.pid));
    return successors.length > 0;
  });
  process.kill(pid, 'SIGTERM');
  // A signal that came before the first is seen before the second is answered.
  for (let time = 0; time < 2; time++) await client.request('daemon.info', {});
  expect(existsSync(join(pilotty.socketDir, 'pilotty.sock'))).toBe(true);
  for (const successor of successors) process.kill(successor, 'SIGKILL');
  await failed;
  await until('all daemons to be gone', () => pilotty.processes().length === 0);
  const { sessions } = await client.request('sessions.lost', {});
  expect(sessions).toMatchObject([{ name: 's', because: 'signalled' }]);
});
