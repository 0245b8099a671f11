/** Where shells and editors show what was typed: beside a right prompt, folded, completed, on a status line. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

const LONG = `echo ${'a line that is longer than the terminal is wide, '.repeat(4)}; `;

const shells = [
  { argv: ['bash', '--norc', '--noprofile'], setUp: "PS1='[\\t]\\n~ $ '" },
  { argv: ['zsh', '-f'], setUp: "PROMPT='~ %# ' RPROMPT='[%* right]'" },
  { argv: ['fish', '--no-config'], setUp: 'function fish_right_prompt; date +%H:%M:%S; end' },
] as const;

test.for(shells)(
  '$argv: an echo is none of the answer, wherever it comes',
  async ({ argv, setUp }, { pilotty }) => {
    needs(argv[0]);
    const { client } = pilotty;
    const session = await pilotty.spawn('shell', argv);
    await client.request('session.wait', { session, prompt: true });
    const answer = async (text: string) => {
      const { wait } = await client.request('session.type', {
        session,
        text,
        enter: true,
        wait: { text: 'WORD', timeout_ms: 5000 },
      });
      return wait?.match?.col;
    };
    const slowly = 'sleep 0.2; printf "<%s>\\n" WORD';
    const answers = [await answer(slowly)];
    await client.request('session.type', { session, text: setUp, enter: true, wait: { prompt: true } });
    answers.push(await answer(slowly), await answer(LONG + slowly));
    await client.request('session.key', { session, keys: 'Ctrl+L', wait: { settle_ms: 100 } });
    answers.push(await answer(slowly));
    await client.request('session.resize', { session, cols: 70, rows: 20, wait: { settle_ms: 100 } });
    answers.push(await answer(slowly));
    // Typed before the prompt is back: shown where the cursor stands, and again behind the prompt.
    await client.request('session.type', { session, text: 'sleep 0.2', enter: true });
    answers.push(await answer(slowly));
    answers.push(await answer(`clear; ${slowly}`));
    expect(answers).toEqual(answers.map(() => 1));
  },
);

/** Echoes all but the last character of a line, and on a signal the rest, and an answer. */
const IN_PIECES = `process.stdin.setRawMode(true);
let rest = '';
process.stdin.on('data', (data) => {
  // Enter may come together with what is typed next.
  const text = data.toString().replaceAll('\\r', '');
  rest += text.slice(-1);
  process.stdout.write(text.slice(0, -1));
});
process.on('SIGUSR1', () => {
  process.stdout.write(rest + '\\r\\nalpha was answered\\r\\n$ ');
  rest = '';
});
process.stdout.write('$ ');`;

test('an echo of which only the beginning has come is none of the answer', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('slow', [process.execPath, '-e', IN_PIECES]);
  await client.request('session.wait', { session, text: '$' });
  for (const row of [1, 3]) {
    await client.request('session.type', { session, text: 'alpha beta' });
    await pilotty.untilShown('alpha bet', session);
    const alpha = { session, text: 'alpha', new: true };
    const early = await client.request('session.wait', { ...alpha, timeout_ms: 100 });
    expect(early.outcome).toBe('deadline');
    const waiting = client.request('session.wait', alpha);
    await client.request('session.signal', { session, signal: 'SIGUSR1' });
    expect((await waiting).match).toMatchObject({ row, col: 0 });
    await pilotty.untilShown(`${'$ alpha beta\nalpha was answered\n'.repeat((row + 1) / 2)}$`, session);
    await client.request('session.key', { session, keys: 'Enter' });
  }
});

/** As a terminal shows a line that comes while the program prints: where it is, and the program prints on right behind it. */
const PRINTED_ON = `stty "$1" -echo; echo ready; read -r line; printf "$2%sanswer: miss\\n" "$line"
stty "$3"; echo done; while read -r line; do echo "over: $line"; done`;

test.for([
  ['an echo where it was typed', 'icanon', '', 'echo', 0],
  ['an echo further down', 'icanon', '\\n', 'echo', 0],
  ['an answer, where the terminal shows nothing', 'icanon', '\\n', '-echo', 1],
  ['an answer of a program that reads key by key', '-icanon', '\\n', '-echo', 1],
] as const)('a line that a program prints on behind it begins with %s', async (row, { pilotty }) => {
  const { client } = pilotty;
  const [, before, newLine, after, firings] = row;
  const argv = ['sh', '-c', PRINTED_ON, 'sh', before, newLine, after];
  const session = await pilotty.spawn('busy', argv);
  await client.request('session.wait', { session, text: 'ready' });
  const awaited = { regex: '^hit \\d' };
  const { rule } = await client.request('rules.add', { sessions: [session], ...awaited, repeat: 'each' });
  await client.request('session.type', { session, text: 'hit 2', enter: true, wait: { text: 'done' } });
  const { outcome } = await client.request('session.wait', {
    session,
    ...awaited,
    new: true,
    timeout_ms: 100,
  });
  expect(outcome).toBe(firings === 0 ? 'deadline' : 'matched');
  const last = await client.request('rules.add', { sessions: [session], text: 'over: end' });
  // It is the line of an earlier input from here on.
  await client.request('session.type', { session, text: 'end', enter: true, wait: { text: 'over: end' } });
  await client.request('rules.wait', { rules: [last.rule] });
  const [known] = (await client.request('rules.list', { rules: [rule] })).rules;
  expect(known?.firings).toBe(firings);
});

test('what a line editor completes is new, what was typed for it is not', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', ['bash', '--norc', '--noprofile']);
  await client.request('session.type', {
    session,
    text: 'touch a-long-name; echo HISTORY',
    enter: true,
    wait: { regex: '^HISTORY', prompt: true },
  });
  await client.request('session.type', { session, text: 'echo ./a-lo' });
  const completed = await client.request('session.key', {
    session,
    keys: 'Tab',
    wait: { text: 'a-long-name' },
  });
  const typed = await client.request('session.type', {
    session,
    text: 'HISTORY',
    wait: { text: 'HISTORY', new: true, timeout_ms: 300 },
  });
  const sent = await client.request('session.key', {
    session,
    keys: 'Enter',
    wait: { regex: 'a-long-name (\\w+)' },
  });
  expect([completed.wait?.outcome, typed.wait?.outcome, sent.wait?.match?.col]).toEqual([
    'matched',
    'deadline',
    2,
  ]);
});

test("a full-screen program's line for commands is an echo, what replaces it is not", async ({ pilotty }) => {
  needs('vim');
  const { client } = pilotty;
  const session = await pilotty.spawn('vim', ['vim', '-u', 'NONE', '-i', 'NONE', 'notes']);
  await client.request('session.wait', { session, text: 'notes' });
  await client.request('session.key', { session, keys: 'g g' });
  const answer = async (text: string, words: string) => {
    const { wait } = await client.request('session.type', {
      session,
      text,
      enter: true,
      wait: { text: words, timeout_ms: 1000 },
    });
    return [wait?.outcome, wait?.match?.col];
  };
  expect([
    await answer(':set nu', 'nu'),
    await answer(':echo "hello"', 'hello'),
    // The same once more: the command has stood there in between.
    await answer(':echo "hello"', 'hello'),
  ]).toEqual([
    ['deadline', undefined],
    ['matched', 0],
    ['matched', 0],
  ]);
});
