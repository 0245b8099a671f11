/** Sessions that are recorded: what is in the file is what was on the screen, whatever happens to the disk or the daemon. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CastReader } from '../../packages/asciicast/src/index.ts';
import { type Pilotty, processTest, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

interface Read {
  version: number | undefined;
  size: [number, number];
  events: [code: string, data: string][];
  isCut: boolean;
}

function read(file: string): Read {
  const reader = new CastReader();
  const lines = readFileSync(file, 'utf8').split('\n');
  const rest = lines.pop() ?? '';
  const events = [...lines.flatMap((line) => reader.read(line)), ...reader.end(rest)];
  const { cols = 0, rows = 0 } = reader.header ?? {};
  return {
    version: reader.version,
    size: [cols, rows],
    events: events.map(({ code, data }) => [code, data]),
    isCut: reader.isCut,
  };
}

function outputOf({ events }: Read): string {
  return events.map(([code, data]) => (code === 'o' ? data : '')).join('');
}

/** Its last line is in the file. */
async function ended(file: string): Promise<void> {
  await until('the end is in the file', () => /, "x", "\d+"\]\n$/.test(readFileSync(file, 'utf8')));
}

/** What the recording shows at a marker, and what the session showed then. */
async function markAndCompare(
  pilotty: Pilotty,
  session: string,
  file: string,
  label: string,
): Promise<() => Promise<void>> {
  await pilotty.run('record', 'mark', '-s', session, label);
  const live = await pilotty.run('snapshot', '-s', session, '--format', 'ansi');
  const cursor = await pilotty.run('snapshot', '-s', session, '--format', 'text');
  return async () => {
    const at = `marker:${label}`;
    const replayed = await pilotty.run('replay', file, '--screen-at', at, '--format', 'ansi');
    expect({ label, screen: replayed.stdout }).toEqual({ label, screen: live.stdout });
    const text = await pilotty.run('replay', file, '--screen-at', at);
    expect({ label, screen: text.stdout }).toEqual({ label, screen: cursor.stdout });
  };
}

test('a label that is empty is refused, as a file is', async ({ pilotty }) => {
  await pilotty.spawn('s', ['cat']);
  await pilotty.run('record', 'start', '-s', 's');
  for (const action of ['mark', 'stop'])
    expect((await pilotty.run('record', action, '-s', 's', '')).error()).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('is empty'),
    });
  expect((await pilotty.run('record', 'mark', '-s', 's')).json().label).toBe('');
});

test('the screen at each marker is the screen that was there: vim, from its first output on', async ({
  pilotty,
}) => {
  needs('vim');
  const file = join(pilotty.home, 'vim.cast');
  writeFileSync(join(pilotty.home, 'a.c'), 'int main(void) {\n\treturn 0; /* äöü 漢字 */\n}\n');
  const started = await pilotty.run(
    'spawn',
    '--name',
    'ed',
    `--record=${file}`,
    'vim',
    '-u',
    'NONE',
    '-N',
    '-c',
    'syntax on',
    'a.c',
  );
  expect(started.json().recorded_into).toEqual([file]);
  const compare: (() => Promise<void>)[] = [];
  await pilotty.run('wait', '-s', 'ed', '--text', 'return', '--settle', '100ms');
  compare.push(await markAndCompare(pilotty, 'ed', file, 'opened'));
  await pilotty.run(
    'send',
    '-s',
    'ed',
    'Go',
    'ünï 漢',
    'Escape',
    ':set',
    'Space',
    'list',
    'Enter',
    '--wait-settle',
    '100ms',
  );
  compare.push(await markAndCompare(pilotty, 'ed', file, 'edited'));
  await pilotty.run('resize', '-s', 'ed', '60', '12', '--wait-settle', '100ms');
  compare.push(await markAndCompare(pilotty, 'ed', file, 'smaller'));
  await pilotty.run('resize', '-s', 'ed', '132', '40', '--wait-settle', '100ms');
  compare.push(await markAndCompare(pilotty, 'ed', file, 'larger'));
  await pilotty.run('send', '-s', 'ed', ':q!', 'Enter', '--wait-exit');
  await ended(file);
  for (const each of compare) await each();
  expect(read(file).events.at(-1)).toEqual(['x', '0']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a recording that begins late begins with the screen as it is: htop and a shell', async ({
  pilotty,
}) => {
  needs('htop');
  const file = join(pilotty.home, 'htop.cast');
  await pilotty.run('spawn', '--name', 'top', '--size', '90x20', 'htop', '-d', '5');
  await pilotty.run('wait', '-s', 'top', '--text', 'PID');
  await pilotty.run('record', 'start', '-s', 'top', file);
  // It draws by itself: stopped, it shows the same when it is marked and when it is looked at.
  await pilotty.run('signal', '-s', 'top', 'STOP', '--wait-settle', '300ms');
  const compare = await markAndCompare(pilotty, 'top', file, 'stopped');
  await pilotty.run('signal', '-s', 'top', 'CONT');
  await pilotty.run('key', '-s', 'top', 'F2', '--wait-text', 'Meters');
  await pilotty.run('resize', '-s', 'top', '70', '18', '--wait-settle', '50ms');
  await pilotty.run('record', 'stop', '-s', 'top');
  const { events } = read(file);
  expect(events.filter(([code]) => code !== 'o')).toEqual([
    ['m', 'stopped'],
    ['r', '70x18'],
  ]);
  await compare();
});

const MODES = String.raw`\x1b[?1049h\x1b[?1h\x1b[5;20r\x1b[?25l\x1b(0qqq\x1b(B\x1b[31;4mred\x1b[8;10H\x1b[2;3Hx`;

test('modes, margins, character sets and half of a character are taken up by a recording that begins late', async ({
  pilotty,
}) => {
  const file = join(pilotty.home, 'late.cast');
  // The first bytes of a character; its last comes when it is asked for.
  const script = `printf '${MODES.replaceAll('\\x1b', '\\033')}\\342\\202'; read -r _; printf '\\254 end\\033[20;1Hbottom\\n\\n'; read -r _`;
  await pilotty.spawn('late', ['/bin/sh', '-c', `stty -echo; ${script}`]);
  await pilotty.run('wait', '-s', 'late', '--text', 'red', '--settle', '50ms');
  await pilotty.run('record', 'start', '-s', 'late', file);
  const begun = await markAndCompare(pilotty, 'late', file, 'begun');
  await pilotty.run('key', '-s', 'late', 'Enter', '--wait-text', 'bottom', '--wait-settle', '50ms');
  const gone = await markAndCompare(pilotty, 'late', file, 'gone on');
  await pilotty.run('record', 'stop', '-s', 'late');
  await begun();
  await gone();
  expect((await pilotty.run('replay', file, '--screen-at', 'end')).stdout).toContain('€ end');
});

test('output is recorded as UTF-8 to the character, wherever it was cut, and how the program ended', async ({
  pilotty,
}) => {
  const text = 'äöü€漢字😀'.repeat(500);
  const file = join(pilotty.home, 'utf8.cast');
  writeFileSync(join(pilotty.home, 'text'), `${text}\xff`);
  writeFileSync(join(pilotty.home, 'end'), Buffer.from([0xf0, 0x9f]));
  const script = 'dd if=text bs=7 2>/dev/null; cat end; kill -TERM $$';
  await pilotty.run(
    'spawn',
    '--name',
    'utf8',
    `--record=${file}`,
    '--',
    '/bin/sh',
    '-c',
    `stty -opost; ${script}`,
  );
  await pilotty.run('wait', '-s', 'utf8', '--exit');
  await ended(file);
  expect(outputOf(read(file))).toBe(`${text}\xff\ufffd`);
  expect(read(file).events.at(-1)).toEqual(['x', '143']);
});

test('version 2 is written on request, and read by what reads version 2', async ({ pilotty }) => {
  const file = join(pilotty.home, 'two.cast');
  await pilotty.run('spawn', '--name', 'two', 'cat');
  await pilotty.run('record', 'start', '-s', 'two', file, '--format', 'v2');
  await pilotty.run('send', '-s', 'two', 'hello', 'Enter', '--wait-text', 'hello');
  await pilotty.run('record', 'stop', '-s', 'two');
  const [header = '', ...events] = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(JSON.parse(header)).toMatchObject({ version: 2, width: 80, height: 24, command: 'cat' });
  const times = events.map((line) => (JSON.parse(line) as [number])[0]);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(outputOf(read(file))).toBe('hello\r\nhello\r\n');
});

test('the length of a recording is that until its end, however long ago that was', async ({ pilotty }) => {
  const session = await pilotty.spawn('short', ['/bin/cat']);
  await pilotty.run('record', 'start', '-s', session, join(pilotty.home, 'short.cast'));
  const { recordings } = await pilotty.client.request('recording.stop', { session });
  // Takes longer than a millisecond.
  await pilotty.run('spawn', '--name', 'meanwhile', 'cat');
  const listed = await pilotty.client.request('recording.list', {});
  expect(listed.recordings).toEqual(recordings);
});

test('input is recorded only on request, and no secret is', async ({ pilotty }) => {
  const [without, withInput] = [join(pilotty.home, 'a.cast'), join(pilotty.home, 'b.cast')];
  await pilotty.run(
    'spawn',
    '--name',
    'in',
    '--',
    '/bin/sh',
    '-c',
    'read -r a; echo "got $a"; read -r _; stty -echo; printf "Code: "; read -r b; stty echo; echo; echo done; exec cat',
  );
  await pilotty.run('record', 'start', '-s', 'in', without);
  await pilotty.run('record', 'start', '-s', 'in', withInput, '--input');
  await pilotty.run('send', '-s', 'in', 'typed', 'Enter', '--wait-text', 'got typed');
  // The terminal is asked after it was typed, and is not to have its echo off by then.
  await until('the first Enter is in the file', () => readFileSync(withInput, 'utf8').includes('"i", "\\r"'));
  // The echo goes off right behind it: whether that was a secret is not known.
  await pilotty.run('key', '-s', 'in', 'Enter');
  await pilotty.run('wait', '-s', 'in', '--text', 'Code:', '--password');
  await pilotty.run('send', '-s', 'in', 'hunter2', 'Enter', '--wait-text', 'done');
  await pilotty.run('type', '-s', 'in', '--secret', 'file:/dev/stdin', '--force', '--enter', {
    input: 'hidden',
  });
  await pilotty.run('send', '-s', 'in', 'last', 'Enter', '--wait-text', 'last');
  await until('the last input is in the file', () => readFileSync(withInput, 'utf8').includes('"i", "last'));
  await pilotty.run('record', 'stop', '-s', 'in');
  const typed = read(withInput)
    .events.filter(([code]) => code === 'i')
    .map(([, data]) => data)
    .join('');
  expect(typed).toMatch(/^typed\r\r?last\r$/);
  expect(read(without).events.filter(([code]) => code === 'i')).toEqual([]);
});

test('input of programs that read key by key is recorded, and what they ask as a secret is not, however it is typed', async ({
  pilotty,
}) => {
  needs('bash');
  const file = join(pilotty.home, 'keys.cast');
  // As sudo with pwfeedback, a dialog, and a prompt that shows what is typed.
  const asks = [
    'stty -echo -icanon',
    'printf "[sudo] password for me: "; read -r -n 3 a; printf "***\\n"',
    'printf "Password\\n+-----+\\n| "; read -r -n 3 b; printf "\\n"',
    'stty echo',
    'printf "API token: "; read -r -n 3 c',
    'stty sane; printf "\\nasked\\n"',
  ].join('\n');
  writeFileSync(join(pilotty.home, 'asks.sh'), asks);
  await pilotty.run('spawn', '--name', 'keys', `--record=${file}`, '--record-input', 'bash', '--norc');
  await pilotty.run('wait', '-s', 'keys', '--prompt');
  await pilotty.run('send', '-s', 'keys', 'read -s hidden', 'Enter', '--wait-password');
  await pilotty.run('send', '-s', 'keys', 'hunter0', 'Enter', '--wait-prompt');
  await pilotty.run('send', '-s', 'keys', 'bash asks.sh', 'Enter', '--wait-text', 'for me:');
  for (const key of ['x', 'y']) await pilotty.run('key', '-s', 'keys', key);
  await pilotty.run('key', '-s', 'keys', 'z', '--wait-text', '| ');
  for (const key of ['x', 'y']) await pilotty.run('key', '-s', 'keys', key);
  await pilotty.run('key', '-s', 'keys', 'z', '--wait-text', 'API token:');
  for (const key of ['x', 'y']) await pilotty.run('key', '-s', 'keys', key, '--wait-text', `: x`);
  await pilotty.run('key', '-s', 'keys', 'z', '--wait-prompt');
  await pilotty.run('send', '-s', 'keys', 'clear; echo my password', 'Enter', '--wait-prompt');
  await pilotty.run('type', '-s', 'keys', 'last');
  await until('the last input is in the file', () => readFileSync(file, 'utf8').includes('"i", "last'));
  const typed = read(file).events.flatMap(([code, data]) => (code === 'i' ? [data] : []));
  // The echo goes off right behind the first: whether that was a secret is not known.
  expect(typed.join('').replace(/^(?:read -s hidden)?\r?/, '')).toBe(
    'bash asks.sh\rclear; echo my password\rlast',
  );
});

test('a secret that comes in pieces is in no file: recordings with --redact and PILOTTY_REDACT, and reports', async ({
  pilotty,
}) => {
  const file = join(pilotty.home, 'redacted.cast');
  const env = { PILOTTY_REDACT: 'token-[a-z0-9]+' };
  await pilotty.run('daemon', { env });
  const script =
    'for part in to ken -ab c12 3; do printf %s "$part"; read -r _; done; printf "\\033[31mpin\\033[0m=4711\\n"; read -r _';
  writeFileSync(join(pilotty.home, 'script'), `stty -echo\n${script}\n`);
  await pilotty.run(
    'spawn',
    '--name',
    'secret',
    `--record=${file}`,
    '--record-redact',
    'pin=[0-9]+',
    '--',
    '/bin/sh',
    'script',
  );
  await pilotty.run('wait', '-s', 'secret', '--text', 'to');
  for (const seen of ['token', 'token-ab', 'token-abc12', 'token-abc123', 'pin=4711'])
    await pilotty.run('key', '-s', 'secret', 'Enter', '--wait-text', seen);
  await pilotty.run('record', 'mark', '-s', 'secret', 'a token-abc9');
  const report = await pilotty.run('inspect', '-s', 'secret');
  await pilotty.run('record', 'stop', '-s', 'secret');
  const recorded = read(file);
  expect(outputOf(recorded)).toBe('************\x1b[31m***\x1b[0m*****\r\n');
  expect(recorded.events.filter(([code]) => code === 'm')).toEqual([['m', 'a **********']]);
  expect(readFileSync(file, 'utf8')).not.toMatch(/abc|4711/);
  expect(report.json().redacted).toBe(true);
  expect(report.stdout).not.toContain('token-');
  expect(report.stdout).toContain('=4711');
});

/** What a secret is cut by lies below the cursor, where the screen that is written ends. */
const CUT =
  'printf "\\n\\nbelow\\033[2A\\rto"; read -r _; printf ken-abc12; read -r _; printf end; read -r _';

test('a secret that is cut by the beginning of a recording, or of its next file, is in none of them', async ({
  pilotty,
}) => {
  const [late, rotated] = [join(pilotty.home, 'late.cast'), join(pilotty.home, 'next.cast')];
  const redacted = ['--redact', 'token-[a-z0-9]+'];
  writeFileSync(join(pilotty.home, 'script'), `stty -echo; read -r _; seq 20000; ${CUT}`);
  await pilotty.run('spawn', '--name', 'cut', '--', '/bin/sh', 'script');
  const limit = ['--max-size', '64K', '--rotate', '5'];
  await pilotty.run('record', 'start', '-s', 'cut', rotated, ...redacted, ...limit);
  await pilotty.run('key', '-s', 'cut', 'Enter', '--wait-text', 'below');
  await pilotty.run('record', 'start', '-s', 'cut', late, ...redacted);
  await pilotty.run('key', '-s', 'cut', 'Enter', '--wait-text', 'token-abc12');
  await pilotty.run('key', '-s', 'cut', 'Enter', '--wait-text', 'token-abc12end');
  await pilotty.run('record', 'stop', '-s', 'cut');
  const names = readdirSync(pilotty.home).filter((name) => name.endsWith('.cast') || name.includes('.cast.'));
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    const file = join(pilotty.home, name);
    const { stdout } = await pilotty.run('replay', file, '--screen-at', 'end');
    const has = `${readFileSync(file, 'utf8')}${stdout}`.includes('abc12');
    expect({ name, has }).toEqual({ name, has: false });
  }
  expect(outputOf(read(late))).toContain('*********');
});

test('at its limit a recording says so and ends, or goes on in a new file that begins with the screen', async ({
  pilotty,
}) => {
  const [ended, rotated] = [join(pilotty.home, 'ended.cast'), join(pilotty.home, 'rotated.cast')];
  await pilotty.run(
    'spawn',
    '--name',
    'many',
    '--',
    '/bin/sh',
    '-c',
    'read -r _; seq 40000; echo all; read -r _',
  );
  await pilotty.run('record', 'start', '-s', 'many', ended, '--max-size', '64K');
  await pilotty.run('record', 'start', '-s', 'many', rotated, '--max-size', '64K', '--rotate', '2');
  await pilotty.run('key', '-s', 'many', 'Enter', '--wait-text', 'all');
  const live = await pilotty.run('snapshot', '-s', 'many', '--format', 'text');
  const { recordings } = (await pilotty.run('record', 'stop', '-s', 'many')).json();
  expect(recordings.map((recording: { file: string }) => recording.file)).toEqual([rotated]);
  const first = (await pilotty.run('record', 'list', '-s', 'many')).json().recordings[0];
  expect(first).toMatchObject({ file: ended, state: 'ended', ended_because: 'limit' });
  expect(first.note).toContain('65536 bytes');
  expect(read(ended).events.at(-1)?.[1]).toContain('recording ended: the limit');
  expect(
    readdirSync(pilotty.home)
      .filter((name) => name.startsWith('rotated'))
      .sort(),
  ).toEqual(['rotated.cast', 'rotated.cast.1', 'rotated.cast.2']);
  expect((await pilotty.run('replay', rotated, '--screen-at', 'end')).stdout).toBe(live.stdout);
  for (const name of [ended, rotated, `${rotated}.1`]) {
    expect(read(name).isCut).toBe(false);
    expect(statSync(name).size).toBeLessThan(64 * 1024 * 4);
  }
  const events = (await pilotty.run('events', '--past', '--after', '0', '--type', 'recording_ended')).stdout;
  expect(events).toContain('the limit of 65536 bytes was reached');
});

test('what cannot be recorded is refused with nothing done', async ({ pilotty }) => {
  const file = join(pilotty.home, 'there.cast');
  writeFileSync(file, 'precious');
  const refused = await pilotty.run('spawn', '--name', 'no', `--record=${file}`, 'cat');
  expect(refused.error()).toMatchObject({ code: 'UNAVAILABLE' });
  expect(refused.error().message).toContain('exists already');
  expect(readFileSync(file, 'utf8')).toBe('precious');
  const elsewhere = await pilotty.run('spawn', '--name', 'no', '--record=/nowhere/x.cast', 'cat');
  expect(elsewhere.error().message).toContain('its directory does not exist');
  const regex = await pilotty.run('spawn', '--name', 'no', '--record', '--record-redact', '(', 'cat');
  expect(regex.error().code).toBe('INVALID_INPUT');
  const program = await pilotty.run('spawn', '--name', 'no', `--record=${file}.2`, '/nowhere/program');
  expect(program.error().code).toBe('SPAWN_FAILED');
  expect((await pilotty.run('list-sessions', '--all')).json().sessions).toEqual([]);
  expect((await pilotty.run('record', 'list')).json().recordings).toEqual([]);
  expect(readdirSync(pilotty.home).filter((name) => name.endsWith('.cast.2'))).toEqual([]);
  await pilotty.run('spawn', '--name', 'yes', 'cat');
  const none = await pilotty.run('record', 'stop', '-s', 'yes');
  expect(none.error().message).toContain("'yes' is not being recorded");
});

test('the word after --record is the program', async ({ pilotty }) => {
  const spawned = await pilotty.run('spawn', '--name', 'word', '--record', 'cat');
  expect(spawned.json().argv).toEqual(['cat']);
  const [file = ''] = spawned.json().recorded_into ?? [];
  expect(file.startsWith(join(pilotty.home, '.local/state/pilotty/recordings/word-'))).toBe(true);
  expect((await pilotty.run('status', '-s', 'word')).json().recorded_into).toEqual([file]);
});

processTest(
  'a daemon that is killed leaves recordings that are whole but for the last moment',
  async ({ pilotty }) => {
    const directory = join(pilotty.home, 'all');
    await pilotty.run('daemon', '--record-dir', directory);
    await pilotty.run(
      'spawn',
      '--name',
      'lost',
      '--',
      '/bin/sh',
      '-c',
      'i=0; while i=$((i+1)); do echo "line $i"; sleep 0.01; done',
    );
    await pilotty.run('wait-for', '-s', 'lost', 'line 20');
    const [name = ''] = readdirSync(directory);
    expect(name).toMatch(/^lost-\d{8}-\d{6}-[0-9a-f]+\.cast$/);
    const file = join(directory, name);
    await until('the first lines are in the file', () => readFileSync(file, 'utf8').includes('line 20'));
    const { pid } = (await pilotty.run('info')).json();
    process.kill(pid, 'SIGKILL');
    await until('the daemon is gone', () => !pilotty.processes().some((each) => each.pid === pid));
    const recorded = read(file);
    expect(recorded.isCut).toBe(false);
    expect(outputOf(recorded)).toContain('line 20');
    expect((await pilotty.run('replay', file, '--screen-at', 'end')).stdout).toMatch(/line \d+/);
    for (const left of pilotty.processes()) process.kill(left.pid, 'SIGKILL');
  },
);
