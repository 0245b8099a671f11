/** What is written down of the input of a session that is recorded, and what never is. */
import { expect } from 'vitest';
import { hides, secretAskedOn } from '../../packages/daemon/src/input/hidden-input.ts';
import { InputJournal, type JournaledSession } from '../../packages/daemon/src/input/journal.ts';
import type { Look } from '../../packages/daemon/src/input/look.ts';
import { evidenceOf } from '../../packages/daemon/src/scripts/evidence.ts';
import { stepsOf } from '../../packages/daemon/src/scripts/steps.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

test('keys by their names, text, paste, mouse and size, with what each has brought', async ({ pilotty }) => {
  await pilotty.run('spawn', '--keep-input', '--name', 'x', '--', 'sh', '-c', 'echo ready; exec cat');
  await pilotty.run('wait-for', '-s', 'x', 'ready');
  const { client } = pilotty;
  const session = 'x';
  await client.request('session.type', {
    session,
    text: 'one',
    enter: true,
    wait: { text: 'one' },
  });
  await client.request('session.key', { session, keys: 'C-u a <CR>' });
  await client.request('session.send', { session, parts: [{ word: 'two' }, { key: 'Enter' }] });
  await client.request('session.paste', { session, text: 'three', enter: true });
  await client.request('session.type', {
    session,
    data_base64: Buffer.from('fo\x7f\x1b[A\r').toString('base64'),
  });
  await client.request('session.click', { session, row: 1, col: 2, force: true });
  await client.request('session.resize', { session, cols: 70, rows: 20 });
  await client.request('session.change', { session, cols: 60, rows: 20 });
  await client.request('session.signal', { session, signal: 'int' });
  await client.request('session.wait', { session, exit: true });
  const { inputs, size, argv } = (await pilotty.run('inputs', '-s', 'x')).json();
  expect(
    inputs.map(({ method, params }: (typeof inputs)[number]) => [method.replace('session.', ''), params]),
  ).toEqual([
    ['type', { text: 'one', enter: true }],
    ['key', { keys: 'Ctrl+U a Enter' }],
    ['send', { parts: [{ word: 'two' }, { key: 'Enter' }] }],
    ['paste', { text: 'three', enter: true }],
    ['send', { parts: [{ text: 'fo' }, { key: 'Backspace' }, { key: 'Up' }, { key: 'Enter' }] }],
    ['click', { row: 1, col: 2, button: 'left', count: 1, force: true }],
    ['resize', { cols: 70, rows: 20 }],
    ['resize', { cols: 60, rows: 20 }],
    ['signal', { signal: 'SIGINT' }],
  ]);
  expect(inputs[0].shown).toEqual(['one', 'one']);
  const numbers = inputs.map(({ seq }: { seq: number }) => seq);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect({ size, argv }).toEqual({
    size: { cols: 80, rows: 24 },
    argv: ['sh', '-c', 'echo ready; exec cat'],
  });
});

const ASKS = `stty -echo; printf 'Password: '; read -r given; stty echo; echo; echo done; exec cat`;

test.for([
  ['type', ['hunter2', '--enter']],
  ['send', ['hunter2', 'Enter']],
  ['key', ['h u n t e r 2 Enter']],
] as const)(
  '%s at a password prompt is counted, and stands nowhere',
  async ([command, words], { pilotty }) => {
    await pilotty.run('spawn', '--keep-input', '--name', 'x', '--', 'sh', '-c', ASKS);
    await pilotty.run('wait', '-s', 'x', '--password');
    await pilotty.run(command, '-s', 'x', ...words, '--wait-text', 'done');
    await pilotty.run('type', '-s', 'x', 'seen');
    const answers = ['json', 'vitest', 'shell'].map((format) =>
      pilotty.run('inputs', '-s', 'x', '--format', format),
    );
    const [list, ...scripts] = await Promise.all(answers);
    const told = (list?.json().inputs ?? []).map(
      ({ hidden, params }: { hidden?: true; params?: unknown }) => ({ hidden, params }),
    );
    expect(told).toEqual([
      { hidden: true, params: undefined },
      { hidden: undefined, params: { text: 'seen' } },
    ]);
    const all = [list, ...scripts].map((answer) => answer?.stdout).join('\n');
    expect(all).not.toMatch(/hunter|h u n/);
    expect(scripts[0]?.stdout).toContain(
      "session.type(process.env.SECRET_1 ?? '', { enter: true, secret: true",
    );
    expect(scripts[1]?.stdout).toContain('--secret env:SECRET_1 --enter');
  },
);

test('an act that reaches a password prompt in between is hidden as a whole; a secret always is', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--keep-input', '--name', 'x', '--', 'sh', '-c', `read -r go; ${ASKS}`);
  // The second part is sent once the prompt is there.
  const parts = [{ text: 'go' }, { key: 'Enter' }, { text: 'hunter2' }, { key: 'Enter' }];
  await pilotty.client.request('session.send', {
    session: 'x',
    parts,
    delay_ms: 1500,
    wait: { text: 'done' },
  });
  await pilotty.run(
    'spawn',
    '--keep-input',
    '--name',
    'raw',
    '--',
    'sh',
    '-c',
    'stty raw -echo; echo raw; exec cat > /dev/null',
  );
  await pilotty.run('wait-for', '-s', 'raw', 'raw');
  await pilotty.run('type', '-s', 'raw', '--secret', 'env:PW', { env: { PW: 'hunter3' } });
  const { stdout } = await pilotty.run('inputs', '-s', 'x');
  const raw = (await pilotty.run('inputs', '-s', 'raw')).json();
  expect(raw.inputs).toMatchObject([{ hidden: true, method: 'session.type' }]);
  expect(stdout).not.toContain('hunter');
  expect(JSON.parse(stdout).inputs).toMatchObject([{ hidden: true }]);
});

test('nothing is recorded unless it was asked for', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'x', '--', 'cat');
  expect((await pilotty.run('inputs', '-s', 'x')).error()).toMatchObject({
    code: 'UNAVAILABLE',
    suggestion: "Start the program with 'pilotty spawn --keep-input'.",
  });
});

test('what was refused, or sent nothing, is no input', async ({ pilotty }) => {
  await pilotty.run('spawn', '--keep-input', '--name', 'x', '--', ...program('menu.cjs'));
  await pilotty.run('wait-for', '-s', 'x', 'water');
  await pilotty.run('key', '-s', 'x', 'Down', '--if-text', 'no such text');
  await pilotty.run('click', '-s', 'x', '1', '1');
  await pilotty.run('choose', '-s', 'x', '--text', 'no such element');
  await pilotty.run('key', '-s', 'x', 'Down', '--wait-change');
  const { inputs } = (await pilotty.run('inputs', '-s', 'x')).json();
  expect(inputs).toMatchObject([{ method: 'session.key', params: { keys: 'Down' } }]);
});

const ECHOED = { echo: true, canonical: true, processesOutput: true };

test.for([
  ['Password: ', true],
  ['[sudo] password for me: ', true],
  ["Enter passphrase for key '/home/me/.ssh/id': ", true],
  ['PIN: ****', true],
  ['Verification code: ', true],
  ['API token: ', true],
  ['me@host:~/secret-service$ ', false],
  ['>>> password = "x"', false],
  ['Name: ', false],
] as const)('%j asks for a secret: %s', ([line, isSecret]) => {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0 });
  screen.write(Buffer.from(line));
  expect(hides(ECHOED, secretAskedOn(screen))).toBe(isSecret);
});

test('input is hidden where a line is read with the echo off, or a dialog above the field asks for a password', () => {
  const raw = { echo: false, canonical: false, processesOutput: true };
  const nothing = { onLine: false, near: false };
  expect(hides({ ...ECHOED, echo: false }, nothing)).toBe(true);
  expect(hides(undefined, nothing)).toBe(true);
  expect(hides(raw, nothing)).toBe(false);
  expect(hides(raw, { onLine: false, near: true })).toBe(true);
  expect(hides(ECHOED, { onLine: false, near: true })).toBe(false);
});

test.for([
  ['| ', true],
  ['> ', true],
  ['me@host:~$ ', false],
  ['me@host:~$ ls -l', false],
  ['\x1b]133;A\x07~ \x1b]133;B\x07ls', false],
] as const)('a row above asks for a password, and the cursor stands behind %j: %s', ([line, isNear]) => {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0 });
  screen.write(Buffer.from(`[sudo] password for me:\r\n${line}`));
  expect(secretAskedOn(screen).near).toBe(isNear);
});

const BLANK = {
  cursor: { row: 0, col: 0, visible: true },
  alternateScreen: false,
  isAtPrompt: false,
  focused: [],
};
let hash = 0;
const look = (rows: string[], more: Partial<Look> = {}): Look => ({ ...BLANK, hash: ++hash, rows, ...more });

test('the journal of a session is bounded, and what comes beyond is counted', () => {
  const journal = new InputJournal({ cols: 80, rows: 24 }, []);
  const session = { seq: 1, run: { began: 1 }, revision: 1 } as unknown as JournaledSession;
  const screen = look(['x'.repeat(250_000)]);
  for (let index = 0; index < 12; index++)
    journal.add(session, { method: 'session.key', params: { keys: 'a' } }, false, {
      ...screen,
      rows: [...screen.rows],
    });
  expect([journal.inputs.length, journal.missed]).toEqual([8, 4]);
  const small = new InputJournal({ cols: 80, rows: 24 }, []);
  for (let index = 0; index < 5_010; index++)
    small.add(
      session,
      { method: 'session.key', params: { keys: 'a' } },
      false,
      screen.rows.length ? look([]) : screen,
    );
  expect([small.inputs.length, small.missed]).toEqual([5_000, 10]);
});

test.for([
  [
    'words before numbers',
    ['a'],
    ['a', '12:04:11', 'Saved the file'],
    '',
    { kind: 'text', text: 'Saved the file' },
  ],
  [
    'an answer before the echo',
    ['> '],
    ['> print(6*7)', '42', '> '],
    'print(6*7)',
    { kind: 'text', text: '42' },
  ],
  [
    'a part of a row that is boxed',
    ['│ a │'],
    ['│ Choose one │ b │'],
    '',
    { kind: 'text', text: 'Choose one' },
  ],
  ['what has gone', ['text', '-- INSERT --'], ['text'], '', { kind: 'gone', text: '-- INSERT --' }],
  ['an echo, where there is no more', ['$ '], ['$ hello'], 'hello', { kind: 'echo', text: 'hello' }],
  ['a change without a word', ['same'], ['same'], '', { kind: 'change' }],
] as const)('what an input has brought is told by %s', ([, before, after, typed, evidence]) => {
  expect(evidenceOf({ before: look([...before]), after: look([...after]), typed })).toEqual(evidence);
});

test('an element that has the focus now is named; the cursor only where it is all there is', () => {
  const row = (text: string) => ({ kind: 'list_row', text });
  const before = look(['a', 'b'], { focused: [row('a')] });
  const after = look(['a', 'b'], { focused: [row('b')], cursor: { row: 1, col: 0, visible: true } });
  expect(evidenceOf({ before, after, typed: '' })).toEqual({ kind: 'focus', element: 'list_row', text: 'b' });
  const moved = look(['a', 'b'], { cursor: { row: 1, col: 0, visible: true } });
  expect(evidenceOf({ before: look(['a', 'b']), after: moved, typed: '' })).toEqual({
    kind: 'cursor',
    row: 1,
    col: 0,
  });
});

test('what a person typed key by key is one text, up to where more than its echo came of it', () => {
  const session = { seq: 1, run: { began: 1 }, revision: 1 } as unknown as JournaledSession;
  const typed = (screens: [string, string[]][], last: string[]) => {
    const journal = new InputJournal({ cols: 80, rows: 24 }, []);
    for (const [text, rows] of screens) {
      const parts = [text === '\r' ? { key: 'Enter' } : { text }];
      journal.add(session, { method: 'session.send', params: { parts } }, false, look(rows));
    }
    return stepsOf(journal, look(last), false).map(({ action }) => action);
  };
  expect(
    typed(
      [
        ['l', ['$ ']],
        ['s', ['$ l']],
        ['\r', ['$ ls']],
      ],
      ['$ ls', 'notes.txt', '$ '],
    ),
  ).toEqual([{ parts: [{ text: 'ls' }, { key: 'Enter' }] }]);
  expect(
    typed(
      [
        ['i', ['']],
        ['h', ['', '-- INSERT --']],
        ['o', ['h', '-- INSERT --']],
      ],
      ['ho', '-- INSERT --'],
    ),
  ).toEqual([{ parts: [{ text: 'i' }] }, { parts: [{ text: 'ho' }] }]);
});
