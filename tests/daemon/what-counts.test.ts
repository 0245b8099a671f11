/** One rule for what counts, in every spelling: no echo, nothing above a command, old text once the input is taken, with `new` only new text. */
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';

/** Each types a line into the session 'x', with Enter, and then waits for a text: in one command or in two, in HTTP's words or the original's. */
const spellings: [string, (pilotty: Pilotty, line: string, text: string) => Promise<unknown>][] = [
  [
    'type, key, wait-for',
    async (pilotty, line, text) => {
      await pilotty.run('type', '-s', 'x', line);
      await pilotty.run('key', '-s', 'x', 'Enter');
      return (await pilotty.run('wait-for', '-s', 'x', text, '-t', '20s')).json();
    },
  ],
  [
    'type, wait',
    async (pilotty, line, text) => {
      await pilotty.run('type', '-s', 'x', line, '--enter');
      return (await pilotty.run('wait', '-s', 'x', '--text', text, '-t', '20s')).json();
    },
  ],
  [
    'type, snapshot',
    async (pilotty, line, text) => {
      await pilotty.run('type', '-s', 'x', line, '--enter');
      return (await pilotty.run('snapshot', '-s', 'x', '--wait-text', text, '--wait-timeout', '20s')).json()
        .wait;
    },
  ],
  [
    'one act',
    async (pilotty, line, text) => {
      const words = ['--enter', '--wait-text', text, '--wait-timeout', '20s'];
      return (await pilotty.run('type', '-s', 'x', line, ...words)).json().wait;
    },
  ],
  [
    'batch',
    async (pilotty, line, text) => {
      const input = `type -s x '${line}' --enter\nwait-for -s x '${text}' -t 20s\n`;
      const { stdout } = await pilotty.run('batch', { input });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '').result;
    },
  ],
  [
    'a wait on many',
    async (pilotty, line, text) => {
      await pilotty.run('type', '-s', 'x', line, '--enter');
      const { ready } = (await pilotty.run('wait', '--tag', 't', '--text', text, '-t', '20s')).json();
      return ready[0];
    },
  ],
];

const shells = [
  ['bash', '--norc', '--noprofile'],
  ['dash', '-i'],
  ['zsh', '-f'],
  ['fish', '--no-config'],
] as const;

test.for(spellings)(
  '%s: what was typed is no answer, what comes of it is',
  async ([, typeAndWait], { pilotty }) => {
    await pilotty.run('spawn', '--name', 'x', '--tag', 't', '--wait-prompt', 'bash', '--norc', '--noprofile');
    // The second time the words stand there from the first, both typed and printed.
    for (const seconds of [0.3, 0.4]) {
      const answer = await typeAndWait(
        pilotty,
        `sleep ${seconds}; echo "finish"ed; echo "<finished>"`,
        '<finished>',
      );
      expect(answer).toMatchObject({ match: { text: '<finished>', col: 0 } });
      expect(answer).not.toHaveProperty('match.old');
      await pilotty.run('wait', '-s', 'x', '--prompt');
    }
  },
);

test.for(spellings)('%s: a sign of a prompt is the next one', async ([, typeAndWait], { pilotty }) => {
  await pilotty.run('spawn', '--name', 'x', '--tag', 't', '--wait-prompt', 'bash', '--norc', '--noprofile');
  await pilotty.run('type', '-s', 'x', "PS1='me$ '", '--enter', '--wait-regex', '^me\\$ $');
  // The output that comes before the end must not make the prompts of before count.
  for (const round of ['one', 'two']) {
    const answer = await typeAndWait(pilotty, `echo ${round}; sleep 0.3; echo over`, '$');
    const { text } = (await pilotty.run('snapshot', '-s', 'x')).json();
    expect(answer).toMatchObject({ match: { text: '$', col: 2 } });
    expect(text).toMatch(new RegExp(`\\n${round}\\nover\\nme\\$$`));
  }
});

test.for(shells)(
  'a script that waits for $ waits for the prompt of %s, whatever its sign',
  async (argv, { pilotty }) => {
    needs(argv[0]);
    await pilotty.run('spawn', '--name', 'x', ...argv);
    const first = (await pilotty.run('wait-for', '-s', 'x', '$', '-t', '10s')).json();
    await pilotty.run('type', '-s', 'x', 'sleep 0.3; echo fin"ish"ed');
    await pilotty.run('key', '-s', 'x', 'Enter');
    const second = (await pilotty.run('wait-for', '-s', 'x', '$', '-t', '10s')).json();
    const { text } = (await pilotty.run('snapshot', '-s', 'x')).json();
    expect([first.outcome, second.outcome]).toEqual(['matched', 'matched']);
    expect(second.match.text).toMatch(/^[$#%>]$/);
    expect(text).toMatch(/\nfinished\n/);
  },
);

test('a dialog that shows a word all the while answers at once, whatever key was pressed', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('menu', program('menu.cjs'));
  await client.request('session.wait', { session, text: 'water' });
  for (const keys of ['Tab', 'Down', 'Up', 'x']) {
    await client.request('session.key', { session, keys });
    const shown = await client.request('session.wait', { session, text: 'water', timeout_ms: 10_000 });
    expect(shown).toMatchObject({ outcome: 'matched', match: { old: true } });
    const acted = await client.request('session.key', {
      session,
      keys,
      wait: { text: 'water', timeout_ms: 10_000 },
    });
    expect(acted.wait).toMatchObject({ outcome: 'matched', match: { old: true } });
    const none = await client.request('session.wait', { session, text: 'water', new: true, timeout_ms: 20 });
    expect(none).toMatchObject({ outcome: 'deadline', note: expect.stringContaining('without --new') });
  }
});

test.runIf(process.platform === 'linux')(
  'what stood there before counts only once the program has taken the input',
  async ({ pilotty }) => {
    const { client } = pilotty;
    const script = 'stty -echo; echo old; read x; sleep 0.5; clear; echo new; cat';
    const session = await pilotty.spawn('slow', ['sh', '-c', script]);
    await client.request('session.wait', { session, text: 'old', reads: true });
    // It does not read while it sleeps, and then the old text is gone.
    const { wait } = await client.request('session.type', {
      session,
      text: 'go\n',
      wait: { text: ['old'], timeout_ms: 2000 },
    });
    expect(wait?.outcome).toBe('deadline');
    const deaf = await pilotty.spawn('deaf', ['sh', '-c', 'stty -echo; echo ready; exec sleep 1000']);
    await client.request('session.wait', { session: deaf, text: 'ready' });
    await client.request('session.key', { session: deaf, keys: 'x' });
    expect(
      await client.request('session.wait', { session: deaf, text: 'ready', timeout_ms: 400 }),
    ).toMatchObject({
      outcome: 'deadline',
      note: expect.stringContaining('has not processed the last input'),
    });
  },
);

test('the echo of a line typed before others is no answer either', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', ['bash', '--norc', '--noprofile']);
  await client.request('session.wait', { session, prompt: true });
  await client.request('session.type', { session, text: 'sleep 0.6; echo "<ready>"', enter: true });
  await client.request('session.key', { session, keys: 'Enter' });
  await client.request('session.type', { session, text: ':', enter: true });
  const { match } = await client.request('session.wait', { session, text: '<ready>' });
  expect(match).toMatchObject({ col: 0 });
});

test.for(shells)(
  'of lines typed ahead of the prompt of %s neither an echo nor an earlier answer counts',
  async (argv, { pilotty }) => {
    needs(argv[0]);
    const { client } = pilotty;
    const session = await pilotty.spawn('shell', argv);
    await client.request('session.wait', { session, prompt: true });
    const word = { regex: '(<*)WORD' };
    const type = (text: string, wait?: { regex: string }) =>
      client.request('session.type', { session, text, enter: true, wait });
    // The whole line of an answer has come: of one that is read in parts, the rest would come after the next input.
    const whole = (end: string) => client.request('session.wait', { session, regex: `^${end}$`, new: true });
    const answers = [await type('sleep 0.2; printf "<%s>\\n,\\n" WORD', word)];
    await whole(',');
    await type('sleep 0.2');
    answers.push(await type('sleep 0.2; printf "<<%s>>\\n;\\n" WORD', word));
    await whole(';');
    await type('sleep 0.2');
    await type('printf "<<<%s>>>\\n" WORD');
    answers.push(await type(':', word));
    expect(answers.map(({ wait }) => wait?.match?.groups)).toEqual([['<'], ['<<'], ['<<<']]);
  },
);

test.for(shells)('nor an echo that %s shows only after later input', async (argv, { pilotty }) => {
  needs(argv[0]);
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', argv);
  await client.request('session.wait', { session, prompt: true });
  const send = (text: string, wait?: { regex: string }) =>
    client.request('session.type', { session, data_base64: Buffer.from(text).toString('base64'), wait });
  await send('sleep 0.2\n');
  // Both are sent before the terminal has shown the first.
  const [, { wait }] = await Promise.all([
    send('printf "<%s>\\n" WORD\n'),
    send(':\n', { regex: '(<*)WORD' }),
  ]);
  expect(wait?.match?.groups).toEqual(['<']);
});

test('what a program prints where the keys were pressed is its answer', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('raw', program('echo-keys.cjs'));
  await client.request('session.wait', { session, text: 'ready' });
  for (const [keys, text] of [
    ['Ctrl+C', '03'],
    ['Up Enter', '1b5b410d'],
    ['x Left Enter', '781b5b440d'],
  ] as const) {
    const { wait } = await client.request('session.key', { session, keys, wait: { text } });
    expect(wait).toMatchObject({ outcome: 'matched', match: { row: 1 } });
  }
});

test('before any input all that was printed counts, for one session and for many', async ({ pilotty }) => {
  const spawned = await pilotty.run('spawn', '--name', 'log', 'sh', '-c', 'echo ALARM; seq 100; exec cat');
  const { event_cursor: cursor } = spawned.json();
  await pilotty.run('wait', '-s', 'log', '--text', '100');
  const ALARM = { text: 'ALARM', row: -78, col: 0, groups: [] };
  expect((await pilotty.run('wait-for', '-s', 'log', 'ALARM')).json().match).toEqual(ALARM);
  for (const after of [[], ['--after', String(cursor)]]) {
    const { ready } = (await pilotty.run('wait', '-s', 'lo*', '--text', 'ALARM', ...after)).json();
    expect(ready).toMatchObject([{ session: 'log', match: ALARM }]);
  }
  await pilotty.run('type', '-s', 'log', 'x', '--enter');
  expect((await pilotty.run('wait-for', '-s', 'log', 'ALARM', '-t', '200ms')).code).toBe(3);
});

test('what a full-screen program leaves behind is its answer, wherever its keys were pressed', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'x', '--', ...program('menu.cjs'));
  await pilotty.run('wait-for', '-s', 'x', 'water');
  await pilotty.run('key', '-s', 'x', 'Down', '--wait-change');
  const { code, stdout } = await pilotty.run('key', '-s', 'x', 'Enter', '--wait-text', 'chose tea');
  expect({ code, match: JSON.parse(stdout).wait.match }).toEqual({
    code: 0,
    match: { text: 'chose tea', row: 0, col: 0, groups: [] },
  });
});

test('what comes back with a larger screen is no answer to the resize, nor to a key before it', async ({
  pilotty,
}) => {
  const lines = 'i=0; while [ $i -lt 40 ]; do echo "line $i of forty"; i=$((i + 1)); done';
  await pilotty.run(
    'spawn',
    '--size',
    '12x6',
    '--',
    '/bin/sh',
    '-c',
    `stty -echo; ${lines}; read -r _; read -r _; echo new; cat`,
  );
  await pilotty.run('wait', '--text', 'line 39');
  await pilotty.run('key', 'Enter');
  const higher = ['resize', '12x20', '--wait-text', 'line 36', '--wait-new', '--wait-timeout', '0'];
  expect(await pilotty.run(...higher)).toMatchObject({ code: 3 });
  expect((await pilotty.run('wait', '--new', '--text', 'line 36', '-t', '0')).code).toBe(3);
  const wider = ['resize', '60x20', '--wait-text', 'line 25 of', '--wait-new', '--wait-timeout', '0'];
  expect(await pilotty.run(...wider)).toMatchObject({ code: 3 });
  expect((await pilotty.run('snapshot', '-f', 'text')).stdout).toContain('line 25 of forty');
  expect((await pilotty.run('key', 'Enter', '--wait-text', 'new', '--wait-new')).code).toBe(0);
});
