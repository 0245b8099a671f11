import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

test('text that is printed right before the exit is found, every time', async ({ pilotty }) => {
  const script = 'sleep 0.0$1; echo DONE';
  const waits = Array.from({ length: 40 }, async (_, round) => {
    const name = `w${round}`;
    await pilotty.run('spawn', '--name', name, 'sh', '-c', script, 'sh', String(round % 10));
    return pilotty.run('wait-for', '-s', name, 'DONE');
  });
  for (const answer of await Promise.all(waits))
    expect(answer.json().outcome, answer.transcript).toBe('matched');
});

test('a prompt is found by the space behind it, as text and at the end of a line', async ({ pilotty }) => {
  await pilotty.run('spawn', 'sh', '-c', 'printf ">>> "; cat');
  expect((await pilotty.run('wait-for', '>>> ')).json()).toMatchObject({
    outcome: 'matched',
    match: { row: 0, col: 0 },
  });
  expect((await pilotty.run('wait-for', '-r', '^>>> $')).code).toBe(0);
});

test('a line that only wrapped is one line, and a match says where it is', async ({ pilotty }) => {
  await pilotty.run('spawn', '--size', '10x5', 'printf', 'ab\\n0123456789XYZ-tail');
  const { match } = (await pilotty.run('wait-for', '-r', '9(X)Y(Q)?Z')).json();
  expect(match).toEqual({ text: '9XYZ', row: 1, col: 9, groups: ['X', null] });
});

test('a deadline exits 3 and shows the screen, an end without it exits 4', async ({ pilotty }) => {
  await pilotty.run('spawn', 'sh', '-c', 'echo here; read line');
  await pilotty.run('wait-for', 'here');
  const late = await pilotty.run('wait-for', 'never', '-t', '10ms');
  expect(late.code).toBe(3);
  expect(late.json()).toMatchObject({
    outcome: 'deadline',
    screen: { text: 'here' },
    note: expect.stringContaining('"never"'),
  });
  const waiting = pilotty.start('wait-for', 'never');
  await pilotty.run('type', '', '--enter');
  const ended = await waiting.answer;
  expect(ended.code).toBe(4);
  expect(ended.json()).toMatchObject({ outcome: 'exited', exit: { exit_code: 0 } });
  // On a session that has ended a wait answers at once, whatever its deadline.
  expect((await pilotty.run('wait-for', 'never', '-t', '1h')).code).toBe(4);
  expect((await pilotty.run('wait-for', 'here', '-t', '1h')).code).toBe(0);
});

test('a deadline explains itself: the nearest line, who has the keyboard, a password that is asked for', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', 'sh', '-c', 'stty -echo; printf "Password: "; read secret; cat');
  await pilotty.run('wait-for', 'Password: ');
  const late = (await pilotty.run('wait-for', 'Passwort', '-t', '10ms')).json();
  expect(late).toMatchObject({
    outcome: 'deadline',
    nearest_line: 'Password:',
    foreground: { argv: expect.arrayContaining(['sh']) },
    terminal: { echo: false, canonical: true, processes_output: true, password_prompt: true },
    last_output_ms: expect.any(Number),
    note: expect.stringMatching(
      /nearest line is "Password:".*'sh .*has the keyboard.*asks for a password.*--secret/,
    ),
  });
});

test.for<[string, string[], string[], RegExp]>([
  [
    'a line that was not sent off',
    ['bash'],
    ['--text', 'x'],
    /'bash' has .*was not submitted; 'pilotty key -s default Enter'/,
  ],
  [
    'an echo',
    ['bash'],
    ['--new', '--text', 'echo late'],
    /only as typed input, or from before.*without --new, 'pilotty wait-for -s default TEXT'/,
  ],
  [
    'the prompt of a full-screen program',
    ['less', '/etc/passwd'],
    ['--prompt'],
    /full-screen program has no prompt/,
  ],
  [
    'a shell without marks',
    ['sh'],
    ['--command-finished'],
    /This program emits no marks for commands.*wait for the prompt/,
  ],
])('a deadline tells what no longer wait would bring: %s', async ([, argv, waits, says], { pilotty }) => {
  needs(argv[0] as string);
  await pilotty.run('spawn', '--wait-any', '--wait-prompt', '--wait-settle', '300ms', '--', ...argv);
  await pilotty.run('type', argv[0] === 'less' ? '' : 'echo late', '--wait-settle', '50ms');
  const late = (await pilotty.run('wait', ...waits, '-t', '200ms')).json();
  expect(late).toMatchObject({ outcome: 'deadline', note: expect.stringMatching(says) });
});

test('a deadline of a wait for a prompt does not say that it is at its prompt', async ({ pilotty }) => {
  needs('fish');
  await pilotty.run('spawn', '--wait-prompt', 'fish');
  const late = await pilotty.run('type', "echo 'open", '--enter', '--wait-prompt', '--wait-timeout', '3s');
  expect(late.json().wait).toMatchObject({
    outcome: 'deadline',
    note: expect.stringMatching(
      /waiting for a prompt\. It is still at the prompt at which the input was submitted/,
    ),
  });
});

test('a deadline of a wait on many says who was not ready, and where nobody is meant', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--tag', 'ci', 'cat');
  const notes = ['ci', 'cd'].map(
    async (tag) => (await pilotty.run('wait', '--tag', tag, '--exit', '-t', '50ms')).json().note,
  );
  expect(await Promise.all(notes)).toEqual([
    "Timed out after 50 ms: one session was not ready. 'pilotty gather' shows what they printed last.",
    "Timed out after 50 ms: no session matches. 'pilotty list-sessions --all' lists all sessions.",
  ]);
});

test('the rest of a statement is asked for with a prompt too', async ({ pilotty }) => {
  needs('python3');
  await pilotty.run('spawn', '--wait-prompt', 'python3');
  const { code, stderr } = await pilotty.run(
    'type',
    'if 1:',
    '--enter',
    '--wait-prompt',
    '--wait-timeout',
    '10s',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a look at a program that has just been started shows its first screen', async ({ pilotty }) => {
  needs('htop');
  await pilotty.run('spawn', 'htop');
  const { outcome, text } = (await pilotty.run('snapshot')).json();
  // On a busy machine its youth may be over before it has drawn anything; and it may be still in the middle of its first screen.
  if (outcome === 'settled') expect(text.trim()).not.toBe('');
  else expect(outcome).toBe('immediate');
  await pilotty.untilShown('Load average');
  // One that draws nothing is not waited for longer than its first half second.
  await pilotty.run('spawn', '--name', 'silent', 'cat');
  expect((await pilotty.run('snapshot', '-s', 'silent')).json()).toMatchObject({
    outcome: 'immediate',
    text: '',
  });
});

test('a pattern that cannot be compiled is refused, one that would take for ever is not slow', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--size', '1000x100', 'sh', '-c', `yes ${'a'.repeat(900)} | head -90; cat`);
  expect((await pilotty.run('wait-for', '-r', '(')).error()).toMatchObject({ code: 'INVALID_INPUT' });
  expect((await pilotty.run('wait-for', '-r', '(a+)+$b', '-t', '1ms')).code).toBe(3);
  expect((await pilotty.run('wait-for', '-r', '(a|aa)*$')).code).toBe(0);
});

test('a highlight that moves is a change, though not a character differs', async ({ pilotty }) => {
  await pilotty.run('spawn', ...program('menu.cjs'));
  await pilotty.run('wait-for', 'water');
  const before = (await pilotty.run('snapshot', '--settle', '20')).json();
  await pilotty.run('key', 'Down');
  const after = (await pilotty.run('snapshot', '--await-change', String(before.content_hash))).json();
  expect(after).toMatchObject({ outcome: 'changed', text: before.text });
  expect(after.content_hash).not.toBe(before.content_hash);
  expect(Number.isSafeInteger(after.content_hash)).toBe(true);
  expect(after.revision).toBeGreaterThan(before.revision);
  // The revision serves as well as the hash.
  const same = await pilotty.run('snapshot', '--await-change', String(after.revision), '-t', '10ms');
  expect(same.code).toBe(3);
  expect(same.json()).toMatchObject({ outcome: 'deadline', note: expect.any(String) });
});

test('settled means still since the last input, not since long ago', async ({ pilotty }) => {
  // Answers each line a moment after it was read.
  await pilotty.run(
    'spawn',
    'sh',
    '-c',
    'stty -echo; echo ready; while read line; do sleep 0.1; echo "got $line"; done',
  );
  await pilotty.run('wait-for', 'ready');
  for (const word of ['one', 'two', 'three']) {
    await pilotty.run('type', word, '--enter');
    const { text, outcome } = (await pilotty.run('snapshot', '--settle', '300')).json();
    expect(outcome).toBe('settled');
    expect(text).toContain(`got ${word}`);
  }
});

test('a snapshot says what happened: immediate, exited, deadline', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'busy', 'sh', '-c', 'while :; do date +%N; done');
  await pilotty.run('wait-for', '-s', 'busy', '-r', '\\d');
  expect((await pilotty.run('snapshot', '-s', 'busy')).json().outcome).toBe('immediate');
  const never = await pilotty.run('snapshot', '-s', 'busy', '--settle', '1s', '-t', '100ms');
  expect(never.code).toBe(3);
  expect(never.json()).toMatchObject({
    outcome: 'deadline',
    note: expect.stringContaining('still for 1000 ms'),
  });
  await pilotty.run('kill', '-s', 'busy');
  expect((await pilotty.run('snapshot', '-s', 'busy', '--strict')).code).toBe(4);
});

test('a frame that is half drawn is not shown, one that is never finished is', async ({ pilotty }) => {
  const begin = '\\033[?2026h';
  const end = '\\033[?2026l';
  await pilotty.run(
    'spawn',
    'sh',
    '-c',
    `printf 'old'; read x; printf '${begin}\\033[2J\\033[Hnew'; read x; printf '${end}'; read x; printf '${begin} open'; cat`,
  );
  await pilotty.run('wait-for', 'old');
  const { revision } = (await pilotty.run('snapshot')).json();
  await pilotty.run('type', '', '--enter');
  // Held back for at most a second, then shown as it is.
  const shown = (await pilotty.run('snapshot', '--await-change', String(revision))).json();
  expect(shown.text).toMatch(/^(old\n?|new)$/);
  await pilotty.run('type', '', '--enter');
  expect((await pilotty.run('wait-for', 'new')).code).toBe(0);
  await pilotty.run('type', '', '--enter');
  expect((await pilotty.run('wait-for', 'open')).code).toBe(0);
});

test('a program that queries its terminal is answered without any viewer', async ({ pilotty }) => {
  await pilotty.run('spawn', ...program('ask-terminal.cjs'));
  expect((await pilotty.run('wait-for', 'all answered')).code).toBe(0);
});

test('vim, fish and less start without waiting for a terminal that does not answer', async ({ pilotty }) => {
  needs('vim', 'fish', 'less');
  for (const [name, shown] of [
    ['vim', 'VIM'],
    ['fish', '>|#'],
  ] as const) {
    await pilotty.run('spawn', '--name', name, name);
    expect((await pilotty.run('wait-for', '-s', name, '-r', shown)).code).toBe(0);
  }
});

test('twenty floods and a quiet session: all make progress, and the quiet one answers', async ({
  pilotty,
}) => {
  const floods = Array.from({ length: 20 }, (_, index) => `flood-${index}`);
  await Promise.all(
    floods.map((name) => pilotty.run('spawn', '--name', name, 'yes', 'all work and no play')),
  );
  await pilotty.run('spawn', '--name', 'quiet', 'cat');
  await pilotty.run('type', '-s', 'quiet', 'hello', '--enter');
  expect((await pilotty.run('wait-for', '-s', 'quiet', 'hello')).code).toBe(0);
  const totals = async () =>
    Promise.all(
      floods.map(async (name) => (await pilotty.run('status', '-s', name)).json().retention.total_bytes),
    );
  const before = await totals();
  await until('every flood to go on', async () =>
    (await totals()).every((total, index) => total > (before[index] ?? 0)),
  );
});
