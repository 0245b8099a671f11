/** What counts as new: not what stood there before, not the echo of what was typed, and nothing is missed. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';

const shells = [
  ['bash', '--norc', '--noprofile'],
  ['dash', '-i'],
  ['zsh', '-f'],
  ['fish', '--no-config'],
] as const;

test.for(shells)('what is typed into %s is no answer, what it prints is', async (argv, { pilotty }) => {
  needs(argv[0]);
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', argv);
  await client.request('session.wait', { session, prompt: true });
  for (const word of ['one', 'two', 'two']) {
    // The word stands in the line that is typed, and on screen from the round before.
    const { wait } = await client.request('session.type', {
      session,
      text: `printf '<%s>\\n' ${word}`,
      enter: true,
      wait: { text: word, prompt: true },
    });
    expect(wait).toMatchObject({ outcome: 'matched', held: ['text', 'prompt'], match: { col: 1 } });
  }
});

test('an echo that comes late is one all the same: typed before its reader was ready', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('slow', [
    'bash',
    '-c',
    'read go; PS1="% " exec bash --norc --noprofile',
  ]);
  await client.request('session.type', { session, text: '\necho read-it', enter: true });
  const waited = await client.request('session.wait', { session, new: true, regex: '^read-it$' });
  expect(waited.match).toMatchObject({ text: 'read-it', col: 0 });
  // Once from the terminal, once from the line editor behind its prompt; neither was the answer.
  const { text = '' } = await client.request('session.snapshot', { session });
  expect(
    text
      .split('\n')
      .slice(0, (waited.match?.row ?? 0) + 1)
      .join('\n'),
  ).toMatch(/% echo read-it\nread-it$/);
});

test('a password that is not echoed, and text in a full-screen program, are waited for as well', async ({
  pilotty,
}) => {
  needs('vim');
  const { client } = pilotty;
  const login = await pilotty.spawn('login', [
    'sh',
    '-c',
    'stty -echo; printf "Password: "; read p; echo; echo in $p',
  ]);
  await client.request('session.wait', { session: login, text: 'Password: ' });
  const answer = await client.request('session.type', {
    session: login,
    text: 'tiger',
    enter: true,
    wait: { text: 'tiger' },
  });
  expect(answer.wait).toMatchObject({ outcome: 'matched', match: { row: 1 } });

  const vim = await pilotty.spawn('vim', ['vim', '-u', 'NONE', '-i', 'NONE', '-N', 'notes']);
  await client.request('session.wait', { session: vim, text: 'notes' });
  await client.request('session.type', { session: vim, text: 'ihello' });
  const saved = await client.request('session.key', {
    session: vim,
    keys: 'Escape : w Enter',
    // The line said "notes" before, too.
    wait: { text: 'written' },
  });
  expect(saved.wait?.outcome).toBe('matched');
});

test('where nothing is echoed, a line that is printed back is an answer', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('cat', ['sh', '-c', 'stty -echo; echo ready; cat']);
  await client.request('session.wait', { session, text: 'ready' });
  await client.request('session.type', { session, text: 'hello', enter: true });
  expect((await client.request('session.wait', { session, new: true, text: 'hello' })).outcome).toBe(
    'matched',
  );
});

test('new text is found where the same text stood before, but not as long as only that stands there', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('cat', [
    'sh',
    '-c',
    'stty -echo; echo ready; while read x; do echo "is $x"; done',
  ]);
  await client.request('session.wait', { session, text: 'ready' });
  const again = await client.request('session.type', {
    session,
    text: 'other',
    enter: true,
    wait: { text: 'ready', new: true, timeout_ms: 100 },
  });
  expect(again.wait).toMatchObject({
    outcome: 'deadline',
    holds: false,
    note: expect.stringContaining('from before the last input'),
  });
  const found = await client.request('session.type', {
    session,
    text: 'ready',
    enter: true,
    wait: { text: 'ready' },
  });
  expect(found.wait).toMatchObject({ outcome: 'matched', match: { row: 2, col: 3 } });
});

test('after the screen has been cleared everything on it is new', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('sh', [
    'sh',
    '-c',
    'stty -echo; echo same; while read x; do clear; echo same; done',
  ]);
  await client.request('session.wait', { session, text: 'same' });
  const { wait } = await client.request('session.type', {
    session,
    text: '',
    enter: true,
    wait: { text: 'same' },
  });
  expect(wait?.outcome).toBe('matched');
});

test.for([1000, 3, 0])(
  'a line that has come and gone is found, with %s lines of scrollback',
  async (scrollback, { pilotty }) => {
    const { client } = pilotty;
    const session = await pilotty.spawn(
      'flood',
      ['sh', '-c', 'stty -echo; echo ready; read go; seq 1 60000; cat'],
      {
        scrollback,
      },
    );
    await client.request('session.wait', { session, text: 'ready' });
    const line = 31_313;
    const waiting = [{ regex: `^${line}$` }, { text: String(line) }].map((condition) =>
      client.request('session.wait', { session, ...condition }),
    );
    const { wait } = await client.request('session.type', {
      session,
      text: '',
      enter: true,
      wait: { regex: `^${line}$` },
    });
    expect(wait).toMatchObject({ outcome: 'matched', match: { text: String(line) } });
    for (const { match } of await Promise.all(waiting)) expect(match?.text).toBe(String(line));
  },
);

test('what has left the scrollback before anybody waited is found, its echo is not', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', ['bash', '--norc', '--noprofile']);
  await client.request('session.wait', { session, prompt: true });
  await client.request('session.type', {
    session,
    text: 'echo Ne""edle; seq 5000; echo over; # typed',
    enter: true,
    wait: { regex: '^over', prompt: true },
  });
  for (const more of [{ new: true }, {}]) {
    for (const wanted of [{ text: 'Needle' }, { regex: '^77$' }]) {
      const found = await client.request('session.wait', { session, ...wanted, ...more });
      expect(found).toMatchObject({ outcome: 'matched', match: { col: 0 } });
      expect(found.match?.row).toBeLessThan(-1000);
    }
    const echo = await client.request('session.wait', { session, text: '# typed', timeout_ms: 300, ...more });
    expect(echo.outcome).toBe('deadline');
  }
  const ended = await pilotty.spawn('ended', ['seq', '3000']);
  await client.request('session.wait', { session: ended, exit: true });
  const found = await client.request('session.wait', { session: ended, new: true, regex: '^77$' });
  expect(found).toMatchObject({ holds: true, match: { text: '77' } });
  const little = await pilotty.spawn(
    'little',
    ['sh', '-c', 'stty -echo; echo ready; read x; seq 5000; cat'],
    {
      retain_bytes: 1000,
    },
  );
  await client.request('session.wait', { session: little, text: 'ready' });
  await client.request('session.type', { session: little, text: '\n', wait: { regex: '^5000$' } });
  const gone = await client.request('session.wait', { session: little, regex: '^77$', timeout_ms: 200 });
  expect(gone.note).toMatch(/The first \d+ bytes printed since the last input are no longer retained/);
});

test('a line of many rows holds up no search', async ({ pilotty }) => {
  const { client } = pilotty;
  const long = 'stty -echo; echo ready; read go; head -c 30000 /dev/zero | tr "\\0" x; echo; echo over; cat';
  const session = await pilotty.spawn('long', ['sh', '-c', long]);
  await client.request('session.wait', { session, text: 'ready' });
  const { wait } = await client.request('session.type', {
    session,
    text: '\n',
    wait: { regex: ['^over$', '^x+$'] },
  });
  expect(wait?.outcome).toBe('matched');
});

test('an answer that comes in bursts is whole once it has settled, or once its prompt is back', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('model', program('streaming.cjs', '40', '120', '10', '200', '0'));
  await client.request('session.wait', { session, text: 'you> ' });
  const settled = await client.request('session.type', {
    session,
    text: 'a question',
    enter: true,
    wait: { settle_ms: 1500 },
    snapshot: {},
  });
  expect(settled.screen?.text).toMatch(/some words 4\s+that is all about 10 letters\.\nyou>$/);
  // Its prompt stands there from the last answer: only the next one counts.
  const prompted = await client.request('session.type', {
    session,
    text: 'more',
    enter: true,
    wait: { text: 'you> ' },
    snapshot: {},
  });
  expect(prompted.wait?.outcome).toBe('matched');
  expect(prompted.screen?.text).toMatch(/that is all about 4 letters\.\nyou>$/);
  await client.request('session.type', { session, text: 'again', enter: true });
  const later = await client.request('session.wait', {
    session,
    new: true,
    text: 'that is all',
    prompt: true,
  });
  expect(later).toMatchObject({ outcome: 'matched', held: ['text', 'prompt'] });
});

test.for([
  ['python3', ['python3', '-q'], '6*7', '42'],
  ['node', ['node'], '6*7', '42'],
  ['sqlite3', ['sqlite3'], 'select 6*7;', '42'],
] as const)(
  'the prompt of %s is told from what it prints',
  async ([name, argv, typed, answer], { pilotty }) => {
    needs(name);
    const { client } = pilotty;
    const session = await pilotty.spawn('repl', argv);
    expect((await client.request('session.wait', { session, prompt: true })).outcome).toBe('matched');
    const { wait, screen } = await client.request('session.type', {
      session,
      text: typed,
      enter: true,
      wait: { prompt: true },
      snapshot: {},
    });
    expect(wait?.outcome).toBe('matched');
    expect(screen?.text).toContain(`${typed}\n${answer}\n`);
  },
);

test('no expression holds up the daemon, whatever it is searched in', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn(
    'rows',
    ['sh', '-c', 'stty -echo; seq -f "%.0f aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" 1 10000; cat'],
    {
      scrollback: 10_000,
    },
  );
  await client.request('session.wait', { session, regex: '^10000 ' });
  const quiet = await pilotty.spawn('quiet', ['cat']);
  const hostile = ['(a+)+$x', '(a|a)*b.*c', '(.*)(.*)(.*)(.*)(.*)=', '((a{0,50}){0,10})+z'].map((regex) =>
    // `new` counts from the beginning: all rows above the screen are searched.
    client.request(
      'session.wait',
      { session, regex, new: true, timeout_ms: 20_000 },
      { signal: ended.signal },
    ),
  );
  for (let round = 0; round < 20; round++) await client.request('session.snapshot', { session: quiet });
  // Twenty requests were served while the search was on.
  ended.abort();
  expect(await Promise.allSettled(hostile)).toEqual(
    hostile.map(() => expect.objectContaining({ status: 'rejected' })),
  );
});

const ended = new AbortController();

test('two who act at once both see what came after their own input', async ({ pilotty }) => {
  const { client } = pilotty;
  const slow = 'stty -echo; echo ready; read a; read b; sleep 0.2; echo both';
  const session = await pilotty.spawn('slow', ['sh', '-c', slow]);
  await client.request('session.wait', { session, text: 'ready' });
  const waits = ['one\n', 'two\n'].map((text) =>
    client.request('session.type', { session, text, wait: { text: 'both' } }),
  );
  expect((await Promise.all(waits)).map(({ wait }) => wait?.outcome)).toEqual(['matched', 'matched']);
});
