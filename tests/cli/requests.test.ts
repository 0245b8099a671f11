/** What each command asks of the daemon, and what it takes for a mistake. */
import { describe, expect, test } from 'vitest';
import { runInProcess, type Surroundings } from './in-process.ts';

/** The one request a command line makes, as it goes over the wire. */
async function request(line: string | string[], around?: Surroundings) {
  const outcome = await runInProcess(typeof line === 'string' ? line.split(' ') : line, around);
  expect(outcome.stderr).toBe('');
  expect(outcome.requests).toHaveLength(1);
  return outcome.requests[0];
}

/** The mistake that a command line is: nothing is asked, and the exit code is 2. */
async function mistake(line: string | string[], around?: Surroundings) {
  const outcome = await runInProcess(typeof line === 'string' ? line.split(' ') : line, around);
  expect(outcome).toMatchObject({ code: 2, stdout: '', requests: [] });
  const error = JSON.parse(outcome.stderr);
  expect(error).toMatchObject({
    code: 'INVALID_INPUT',
    suggestion: expect.stringMatching(/pilotty.*--help/),
  });
  return `${error.message} | ${error.suggestion}`;
}

test('a result is one line for programs, and indented for people', async () => {
  const answers = { 'session.rename': { type: 'session_renamed', name: 'b' } as const };
  const line = ['rename', '-s', 'a', 'b'];
  const { stdout } = await runInProcess(line, { answers });
  expect(stdout).toBe('{"type":"session_renamed","name":"b"}\n');
  const onTerminal = await runInProcess(line, { answers, isTty: true });
  expect(onTerminal.stdout).toBe('{\n  "type": "session_renamed",\n  "name": "b"\n}\n');
});

describe('a command asks one thing', () => {
  test.for<[string, string, Record<string, unknown>]>([
    ['kill', 'session.kill', {}],
    ['kill -s a --signal INT', 'session.kill', { session: 'a', signal: 'INT' }],
    ['kill --all', 'session.kill', { all: true }],
    ['kill --tag x --tag y', 'session.kill', { tags: ['x', 'y'] }],
    ['kill -s a -s b* --tag x', 'session.kill', { sessions: ['a', 'b*'], tags: ['x'] }],
    ['list-sessions -s a* --tag ci', 'session.list', { all: false, sessions: ['a*'], tags: ['ci'] }],
    [
      'key -s a -s b x',
      'sessions.each',
      { sessions: ['a', 'b'], method: 'session.key', params: { keys: 'x' } },
    ],
    [
      'signal -s b* INT',
      'sessions.each',
      { sessions: ['b*'], method: 'session.signal', params: { signal: 'INT' } },
    ],
    [
      'tag --tag ci +x',
      'sessions.each',
      { tags: ['ci'], method: 'session.tag', params: { add: ['x'], remove: [] } },
    ],
    ['gather', 'sessions.gather', { all: false }],
    ['gather --head 5', 'sessions.gather', { all: false, part: 'head', lines: 5 }],
    ['gather --screen', 'sessions.gather', { all: false, part: 'screen' }],
    [
      'gather -s a -s b* --tag x -n 3 --after 7 --all',
      'sessions.gather',
      { sessions: ['a', 'b*'], tags: ['x'], lines: 3, after: 7, all: true },
    ],
    [
      'grep -s a* x',
      'sessions.grep',
      { sessions: ['a*'], pattern: 'x', all: false, regex: false, ignore_case: false },
    ],
    [
      'grep -ri a+ --all --max 5 -t 2s',
      'sessions.grep',
      { pattern: 'a+', all: true, regex: true, ignore_case: true, max: 5, timeout_ms: 2000 },
    ],
    ['events', 'events.follow', { follow: true }],
    [
      'events --past -s a --type idle --type exited -t 2s',
      'events.follow',
      { sessions: ['a'], types: ['idle', 'exited'], after: 0, follow: false, timeout_ms: 2000 },
    ],
    ['signal USR1 -s a', 'session.signal', { session: 'a', signal: 'USR1' }],
    ['list-sessions', 'session.list', { all: false }],
    ['ls --all --tag ci', 'session.list', { all: true, tags: ['ci'] }],
    ['status -s a', 'session.status', { session: 'a' }],
    ['rename b -s a', 'session.rename', { session: 'a', name: 'b' }],
    ['tag -s a +x -y +z', 'session.tag', { session: 'a', add: ['x', 'z'], remove: ['y'] }],
    ['tag', 'session.tag', { add: [], remove: [] }],
    ['tag -- -s', 'session.tag', { add: [], remove: ['s'] }],
    ['tag -slow -s a -- -slower', 'session.tag', { session: 'a', add: [], remove: ['slow', 'slower'] }],
    ['resize 120 40', 'session.resize', { cols: 120, rows: 40 }],
    ['daemon', 'daemon.info', {}],
    ['info', 'daemon.info', {}],
    ['stop', 'daemon.stop', {}],
    ['snapshot', 'session.snapshot', { styles: false, elements: false }],
    [
      'snapshot -s a -f text --await-change 42 --settle 50ms -t 2s --strict',
      'session.snapshot',
      {
        session: 'a',
        format: 'text',
        styles: false,
        elements: false,
        await_change: 42,
        settle_ms: 50,
        timeout_ms: 2000,
      },
    ],
    [
      'snapshot --rows -20:-1 --rows=-3:-2',
      'session.snapshot',
      { rows: { first: -3, last: -2 }, styles: false, elements: false },
    ],
    [
      'snapshot --rows -20:-1',
      'session.snapshot',
      { rows: { first: -20, last: -1 }, styles: false, elements: false },
    ],
    ['wait-for $ -s a', 'session.wait', { session: 'a', text: '$' }],
    ['wait-for -rt 5m a+', 'session.wait', { regex: 'a+', timeout_ms: 300_000 }],
    [
      'output --ansi --tail 5 --since 100 --follow',
      'session.output',
      { format: 'ansi', tail: 5, since: 100, follow: true },
    ],
    ['output --cmd -1', 'session.output', { format: 'text', follow: false, command_number: -1 }],
    ['output --cmd=-1 --ansi', 'session.output', { format: 'ansi', follow: false, command_number: -1 }],
    ['output --cmd 12', 'session.output', { format: 'text', follow: false, command_number: 12 }],
    ['inputs -s a --format vitest', 'session.inputs', { session: 'a', format: 'vitest' }],
    ['commands -s a --tail 5', 'session.commands', { session: 'a', tail: 5 }],
    ['type x', 'session.type', { text: 'x', enter: false, escapes: false }],
    ['type -- -x', 'session.type', { text: '-x', enter: false, escapes: false }],
    [
      'type x --enter --escapes -t 1s',
      'session.type',
      { text: 'x', enter: true, escapes: true, timeout_ms: 1000 },
    ],
    ['key Ctrl+C', 'session.key', { keys: 'Ctrl+C' }],
    ['key -- -', 'session.key', { keys: '-' }],
    ['key -', 'session.key', { keys: '-' }],
    ['key Enter -s=', 'session.key', { session: '=', keys: 'Enter' }],
    ['key Enter --session=-a', 'session.key', { session: '-a', keys: 'Enter' }],
    [
      'gc --idle 1h --tag ci -s a -s b* -n',
      'daemon.gc',
      { sessions: ['a', 'b*'], tags: ['ci'], idle_ms: 3_600_000, dry_run: true },
    ],
    ['gc', 'daemon.gc', { dry_run: false }],
    ['key Enter --delay=50 -sa', 'session.key', { session: 'a', keys: 'Enter', delay_ms: 50 }],
  ])('%s', async ([line, method, params]) => {
    expect(await request(line)).toEqual({ method, params });
  });

  test('an argument keeps its spaces and its backslashes', async () => {
    const { params } = (await request(['type', 'a  b\\n'])) ?? {};
    expect(params).toMatchObject({ text: 'a  b\\n' });
  });
});

describe('the session is', () => {
  const env = { PILOTTY_SESSION: 'ours' };

  test('the one after -s', async () => {
    expect((await request('key x -s theirs', { env }))?.params).toMatchObject({ session: 'theirs' });
  });
  test('else the one of the environment', async () => {
    expect((await request('key x', { env }))?.params).toMatchObject({ session: 'ours' });
  });
  test("else the daemon's to find", async () => {
    expect((await request('key x', { env: { PILOTTY_SESSION: '' } }))?.params).not.toHaveProperty('session');
  });
  test('not the one of the environment where every one is meant', async () => {
    expect((await request('kill --all', { env }))?.params).toEqual({ all: true });
    expect((await request('kill --tag x', { env }))?.params).not.toHaveProperty('session');
  });
  test('never nothing, which a script with an empty variable would ask for', async () => {
    expect(await mistake(['status', '-s', ''])).toMatch('--session is empty');
  });
});

describe('text comes', () => {
  test('from stdin, to its end', async () => {
    expect((await request('type -', { stdin: 'a\nb\n' }))?.params).toMatchObject({ text: 'a\nb\n' });
  });
  test('as bytes where stdin is not text', async () => {
    const stdin = Uint8Array.of(0x1b, 0xff, 0x00);
    expect((await request('type -', { stdin }))?.params).toMatchObject({ data_base64: 'G/8A' });
  });
  test('from a variable, for a secret', async () => {
    const { params } = (await request('type --secret env:PW --enter', { env: { PW: 's3cret' } })) ?? {};
    expect(params).toMatchObject({ text: 's3cret', enter: true, secret: true, force: false });
  });
  test('from stdin without its last newline, for a secret', async () => {
    expect((await request('type --secret -', { stdin: 's3\ncret\r\n' }))?.params).toMatchObject({
      text: 's3\ncret',
    });
  });
  test('for a paste from stdin, as long as it is text', async () => {
    expect((await request('paste', { stdin: 'ü\n' }))?.params).toEqual({ text: 'ü\n', enter: false });
    const outcome = await runInProcess(['paste', '-'], { stdin: Uint8Array.of(0xff) });
    expect(outcome).toMatchObject({ code: 2, requests: [] });
    expect(JSON.parse(outcome.stderr)).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('a duration is', () => {
  test.for([
    ['500', 500],
    ['500ms', 500],
    ['2s', 2000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1h1m', 3_660_000],
    ['1m1.5s20ms', 61_520],
    ['0', 0],
  ] as const)('%s', async ([given, milliseconds]) => {
    expect((await request(`snapshot -t ${given}`))?.params).toMatchObject({ timeout_ms: milliseconds });
  });

  test.for(['5x', '1h1', '1.5.2s', 's', '1 s', '1e3', ''])('not %j', async (given) => {
    expect(await mistake(['snapshot', '-t', given])).toMatch('must be a duration such as 500ms, 2s or 5m');
  });
});

describe('a mistake is named', () => {
  test.for<[string, RegExp]>([
    ['snapshto', /^unknown command 'snapshto' \| Did you mean snapshot\? See/],
    ['sl', /Did you mean ls\?/],
    ['fly', /^unknown command 'fly' \| See/],
    ['constructor', /^unknown command 'constructor' \| See/],
    ['-s a key x', /unknown option '-s' \| Write the command first/],
    ['key', /KEYS is missing/],
    ['key a b', /^key got an unexpected argument: 'b' \| Put quotes/],
    ['ls extra', /^list-sessions takes no arguments, but got 'extra' \| For the session .*-s extra/],
    ['scroll down x', /^AMOUNT is 'x'/],
    ['snapshot --formt=text', /unknown option '--formt=text' \| Did you mean --format\?/],
    ['kill --sig INT', /unknown option '--sig' \| Did you mean --signal\?/],
    ['kill --hlep', /unknown option '--hlep' \| Did you mean --help\?/],
    ['--verison', /unknown option '--verison' \| Did you mean --version\?/],
    ['snapshot -f txt', /--format is 'txt', and must be .* \| Did you mean text\?/],
    ['resize 0 0', /COLS is 0, and must be from 2 to 1000/],
    ['resize 80 1001', /ROWS is 1001, and must be from 1 to 1000/],
    ['scroll down 0', /AMOUNT is 0, and must be from 1 to 1000/],
    ['click 0 0 --count 4', /--count is 4, and must be from 1 to 3/],
    ['key ', /KEYS is empty/],
    ['key a --delay 20000', /--delay is '20000', and must be from 0 to 10000 ms/],
    ['snapshot -t 2147483648', /--timeout is '2147483648', and must be from 0 to 2147483647 ms/],
    ['tag +', /has '\+' without a tag after it/],
    ['tag -', /has '-' without a tag after it/],
    ['type --secret file:/nope', /--secret: cannot read '\/nope': no such file/],
    ['snapshot --formt text', /unknown option '--formt' \| Did you mean --format\?/],
    ['snapshot --__proto__', /unknown option '--__proto__'/],
    ['snapshot -x', /unknown option '-x' \| Put '--' before/],
    ['wait-for -rx a', /unknown option '-x'/],
    ['snapshot --format pdf', /--format is 'pdf', and must be full, compact, .* svg or png/],
    ['snapshot --rows -x', /--rows needs a value \| Write --rows=FIRST:LAST where/],
    ['snapshot --rows 5:2', /--rows is '5:2', and must be .* --rows=-20:-1/],
    ['snapshot --settle', /--settle needs a value/],
    ['snapshot -s --json', /--session needs a value \| Write --session=NAME where it begins with '-'/],
    ['snapshot --strict=yes', /--strict takes no value/],
    ['snapshot --await-change abc', /--await-change is 'abc', and must be a whole number/],
    ['resize 80x24 1', /ROWS is given twice/],
    ['resize 80', /ROWS is missing/],
    ['tag web', /has 'web': write \+web to add it, -web to take it away/],
    ['output --cmd 0', /--cmd is '0', and must be a number such as 3, or -1 for the last/],
    ['output --cmd 1 --since 5', /--since cannot be combined with --cmd/],
    ['kill -s a --all', /--all cannot be combined with -s/],
    ['kill --tag a --all', /--all cannot be combined with --tag/],
    ['type', /TEXT is missing/],
    ['type x --secret -', /TEXT cannot be combined with --secret/],
    ['gc --idle soon', /--idle is 'soon', and must be a duration/],
    ['gc build', /gc takes no arguments/],
    ['gather -n 3 --screen', /--lines cannot be combined with --screen/],
    ['type x --force', /--force needs --secret/],
    ['type --secret hunter2', /--secret must be env:NAME, file:PATH or -/],
    ['type --secret env:NOT_SET', /env:NOT_SET: that variable is not set/],
    ['status web', /takes no arguments, but got 'web' \| For the session .* pilotty status -s web/],
    ['rename old new', /unexpected argument: 'new' \| .*a session is named with '-s NAME'/],
    ['stop -s web', /unknown option '-s' \| 'pilotty kill -s NAME'/],
    ['choose OK', /ELEMENT is 'OK', and must be a ref .* --text/],

    ['gc --idle 5', /--idle is '5', which would be milliseconds \| Write 5s/],
    ['snapshot --settle 5', /--settle is '5', which would be milliseconds/],
    ['wait --idle 2', /--idle is '2', which would be milliseconds/],
    ['key a --wait-settle 3', /--wait-settle is '3', which would be milliseconds/],
    ['events --after 99999999999999999', /--after is 99999999999999999, and must be at most/],
    ['resize 5000x1', /COLS is '5000x1', and must be from 2x1 to 1000x1000/],
    ['run', /PROGRAM is missing \| For example: pilotty run/],
    ['help fly', /unknown command 'fly'/],
  ])('%s', async ([line, message]) => {
    expect(await mistake(line)).toMatch(message);
  });

  test('without a secret in it', async () => {
    expect(await mistake('type --secret hunter2')).not.toMatch('hunter2');
  });

  test('for a person in two lines of text, and with --json in one of JSON', async () => {
    const forPeople = await runInProcess(['kye'], { isTty: true });
    expect(forPeople.stderr).toBe(
      "error: unknown command 'kye'\nhint: Did you mean key? See 'pilotty --help'.\n",
    );
    const forPrograms = await runInProcess(['kye', '--json'], { isTty: true });
    expect(JSON.parse(forPrograms.stderr)).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

test('a picture is not drawn on a terminal, unless as JSON', async () => {
  const line = 'snapshot --format png';
  const onTerminal = await runInProcess(line.split(' '), { isTty: true });
  expect(onTerminal).toMatchObject({
    code: 2,
    stdout: '',
    requests: [],
    stderr: expect.stringContaining('Redirect it: > screen.png'),
  });
  expect(await request(line)).toMatchObject({ params: { format: 'png' } });
  expect(await request(`${line} --json`, { isTty: true })).toMatchObject({ params: { format: 'png' } });
});

test('only what looks after the daemon does without starting one', async () => {
  const withoutStart: string[] = [];
  for (const line of ['info', 'stop', 'doctor', 'examples', 'logs', 'ls', 'status', 'daemon', 'key x']) {
    const { startsDaemon } = await runInProcess(line.split(' '), { env: { PILOTTY_SOCKET_DIR: '/nowhere' } });
    if (startsDaemon === false) withoutStart.push(line);
  }
  expect(withoutStart).toEqual(['info', 'stop', 'doctor', 'examples', 'logs']);
});
