import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

test('rows, styles and what is above the screen', async ({ pilotty }) => {
  await pilotty.run(
    'spawn',
    '--size',
    '20x4',
    'sh',
    '-c',
    'seq 1 9; printf "\\033[1;31mred\\033[0m plain"; cat',
  );
  await pilotty.run('wait-for', 'plain');
  const look = async (...args: string[]) => (await pilotty.run('snapshot', ...args)).json();
  expect((await look()).text).toBe('7\n8\n9\nred plain');
  expect(await look('--rows', '1:2')).toMatchObject({ text: '8\n9', first_row: 1 });
  expect(await look('--scrollback', '2')).toMatchObject({ text: '5\n6\n7\n8\n9\nred plain', first_row: -2 });
  expect(await look('--rows=-3:-2')).toMatchObject({ text: '4\n5', first_row: -3 });
  expect(await look('--scrollback', '1000')).toMatchObject({ first_row: -6 });
  const { lines, text } = await look('--styles', '--format', 'compact', '--rows', '3:3');
  expect(text).toBeUndefined();
  expect(lines).toEqual([[{ text: 'red', fg: 1, bold: true }, { text: ' plain' }]]);
});

test('what changed since a revision is all that is told', async ({ pilotty }) => {
  await pilotty.run(
    'spawn',
    '--size',
    '60x20',
    'sh',
    '-c',
    'seq -f "a line of some length, number %g" 1 30; exec cat',
  );
  await pilotty.run('wait-for', 'number 30');
  const before = (await pilotty.run('snapshot')).json();
  await pilotty.run('type', 'hello', '--enter');
  await pilotty.run('wait-for', '-r', 'hello\\nhello');
  const after = (await pilotty.run('snapshot', '--since', String(before.revision))).json();
  expect(after.text).toBeUndefined();
  expect(after.changes).toEqual({
    since: before.revision,
    scrolled: 2,
    rows: [
      { row: 17, text: 'hello' },
      { row: 18, text: 'hello' },
    ],
  });
  // A revision that nobody has seen is answered with the whole screen.
  expect((await pilotty.run('snapshot', '--since', '123456')).json().text).toContain('hello');
});

test('status tells what the program says beside the text', async ({ pilotty }) => {
  const said = [
    '\\033]2;a title\\a',
    '\\033]7;file://host/tmp\\a',
    '\\033]9;4;1;42\\a',
    '\\a',
    '\\033]52;c;aGk=\\a',
  ];
  await pilotty.run('spawn', 'sh', '-c', `printf '${said.join('')}done'; cat`);
  await pilotty.run('wait-for', 'done');
  expect((await pilotty.run('status')).json()).toMatchObject({
    title: 'a title',
    current_directory: '/tmp',
    progress: { state: 'running', percent: 42 },
    bell_count: 1,
    clipboard_writes: 1,
  });
});

test('the screen as ansi, page, drawing and picture', async ({ pilotty }) => {
  await pilotty.run('spawn', 'sh', '-c', 'printf "\\033[44m<b>&\\033[0m 漢字"; cat');
  await pilotty.run('wait-for', '漢字');
  const as = async (format: string) => (await pilotty.run('snapshot', '--format', format)).stdout;
  expect(await as('ansi')).toContain('\x1b[44m<b>&\x1b[0m 漢字');
  expect(await as('html')).toContain('&#60;b&#62;&#38;');
  expect(await as('svg')).toMatch(/^<svg [\s\S]*漢[\s\S]*<\/svg>\n$/);
  const png = (await pilotty.run('snapshot', '--format', 'png', '--json')).json();
  expect(Buffer.from(png.data_base64, 'base64').subarray(1, 4).toString()).toBe('PNG');
});

test.for([
  [['--format', 'text', '--since', '1'], '--since needs --format full'],
  [['--format', 'png', '--elements'], '--styles and --elements need --format'],
  [['--rows', '30:40'], 'there is no row 30'],
] as const)('what would be left out in silence is refused: %s', async ([args, reason], { pilotty }) => {
  await pilotty.run('spawn', 'cat');
  const answer = await pilotty.run('snapshot', ...args);
  expect(answer.error()).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(reason) });
});

test('a picture is written to stdout byte for byte', async ({ pilotty }) => {
  await pilotty.run('spawn', ...program('menu.cjs'));
  await pilotty.run('wait-for', 'water');
  const file = join(pilotty.home, 'shot.sh');
  writeFileSync(file, `node '${pilotty.command}' snapshot --format png | head -c 8 | od -An -tx1`);
  expect((await pilotty.run('run', 'sh', file)).stdout.trim()).toBe('89 50 4e 47 0d 0a 1a 0a');
});

test('a snapshot and a status leave out what is as in a new terminal', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('plain', [
    'sh',
    '-c',
    'echo ready; read x; printf "\\033[?1049h\\033[?2004h\\033[?7l\\033]2;T\\007full"; read y',
  ]);
  const wait = { text: 'ready' };
  const plain = await client.request('session.snapshot', { session, wait });
  expect(Object.keys(plain)).toEqual([
    'type',
    'session',
    'session_id',
    'size',
    'cursor',
    'text',
    'content_hash',
    'revision',
    'seq',
    'modes',
    'outcome',
    'wait',
  ]);
  expect(plain.modes).toEqual({});
  const { screen } = await client.request('session.key', {
    session,
    keys: 'Enter',
    wait: { text: 'full' },
    snapshot: {},
  });
  const modes = { bracketed_paste: true, wraparound: false };
  expect(screen).toMatchObject({ modes, title: 'T', alternate_screen: true });
  expect(await client.request('session.status', { session })).toMatchObject({
    modes,
    alternate_screen: true,
  });
});

test('the screen stands in an answer once, also where a wait failed', async ({ pilotty }) => {
  const session = await pilotty.spawn('cat', ['cat']);
  const wait = { text: 'never', timeout_ms: 0 };
  const acted = await pilotty.client.request('session.key', { session, keys: 'x', wait, snapshot: {} });
  expect([acted.wait?.holds, acted.wait?.screen, acted.screen?.text]).toEqual([
    false,
    undefined,
    expect.any(String),
  ]);
  const looked = await pilotty.client.request('session.snapshot', { session, wait });
  expect([looked.wait?.holds, looked.wait?.screen, looked.text]).toEqual([
    false,
    undefined,
    expect.any(String),
  ]);
  const bare = await pilotty.client.request('session.key', { session, keys: 'x', wait });
  expect(bare.wait?.screen?.text).toEqual(expect.any(String));
});
