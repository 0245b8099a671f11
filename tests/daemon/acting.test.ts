/** Act, wait, look: one request, and nothing in between. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';

test('keys are sent only if the screen still shows what they are for', async ({ pilotty }) => {
  const { client } = pilotty;
  const asks =
    'stty -echo; printf "Delete 1 file? "; read x; clear; printf "Delete 200 files? "; read y; cat';
  const session = await pilotty.spawn('asks', ['sh', '-c', asks]);
  const { revision } = await client.request('session.snapshot', { session, wait: { text: 'Delete 1 file' } });
  const first = await client.request('session.key', {
    session,
    keys: 'y Enter',
    only_if: { text: 'Delete 1 file', gone: 'Delete 200 files', revision },
    wait: { text: 'Delete 200' },
  });
  expect(first.wait?.outcome).toBe('matched');
  for (const only_if of [{ text: 'Delete 1 file' }, { gone: 'Delete 200' }, { revision }]) {
    await expect(client.request('session.key', { session, keys: 'y Enter', only_if })).rejects.toMatchObject({
      code: 'CONDITION_FAILED',
      details: {
        session_id: expect.any(String),
        screen: { outcome: 'immediate', text: 'Delete 200 files?', revision: expect.any(Number) },
      },
    });
  }
  // Nothing was sent: the question still stands.
  const { seq } = await client.request('session.status', { session });
  expect(seq).toBe((await client.request('session.snapshot', { session })).seq);
  const cli = await pilotty.run('key', '-s', 'asks', 'Enter', '--if-text', 'Delete 1 file');
  expect([cli.code, cli.error().code]).toEqual([1, 'CONDITION_FAILED']);
});

test('what a program has printed before the act is looked at, also when it is not drawn yet', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('flood', [
    'sh',
    '-c',
    'stty -echo; read go; seq 1 200000; printf "safe? "; cat',
  ]);
  await client.request('session.type', { session, text: '\n' });
  const answer = await client
    .request('session.type', {
      session,
      text: 'yes',
      enter: true,
      only_if: { gone: 'safe? ' },
    })
    .catch((error: { code: string }) => error);
  const { text = '' } = await client.request('session.snapshot', {
    session,
    wait: { text: 'safe? ', settle_ms: 100 },
  });
  // It was sent while numbers were on the screen, or refused because the question was.
  expect('seq' in answer || answer.code === 'CONDITION_FAILED').toBe(true);
  expect(text).toContain('safe?');
});

test('a key is answered with the screen it led to', async ({ pilotty }) => {
  needs('less');
  const { client } = pilotty;
  const session = await pilotty.spawn('less', ['sh', '-c', 'seq 1 500 | less']);
  await client.request('session.wait', { session, text: ':' });
  const { screen } = await client.request('session.key', {
    session,
    keys: 'G',
    snapshot: { format: 'text' },
  });
  expect(screen).toMatchObject({ outcome: 'settled', text: expect.stringContaining('500') });
  const quit = await client.request('session.key', {
    session,
    keys: 'q',
    wait: { exit: true },
    snapshot: {},
  });
  expect(quit).toMatchObject({ wait: { outcome: 'exited', holds: true }, screen: { outcome: 'exited' } });
});

test('a key that does nothing is answered too', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('deaf', ['sh', '-c', 'stty -echo; echo ready; exec sleep 1000']);
  await client.request('session.wait', { session, text: 'ready' });
  const { wait } = await client.request('session.key', { session, keys: 'x', wait: { settle_ms: 20 } });
  expect(wait?.outcome).toBe('settled');
});

test('every way to act waits and looks: mouse, paste, resize, signal, choose, spawn', async ({ pilotty }) => {
  const { client } = pilotty;
  const env = pilotty.env;
  const created = await client.request('session.spawn', {
    name: 'mouse',
    argv: program('mouse.cjs', '1000'),
    cwd: '/',
    env,
    wait: { text: 'listening' },
    snapshot: {},
  });
  expect(created).toMatchObject({
    wait: { outcome: 'matched' },
    screen: { text: expect.stringContaining('[ OK ]') },
  });
  const clicked = await client.request('session.click', {
    session: 'mouse',
    row: 1,
    col: 2,
    wait: { change: true },
  });
  expect(clicked.wait?.outcome).toBe('matched');

  const trap = 'trap "echo hup" HUP; stty -echo; echo ready; while :; do read -r x && echo "<$x>"; done';
  const session = await pilotty.spawn('traps', ['bash', '-c', trap]);
  await client.request('session.wait', { session, text: 'ready' });
  const pasted = await client.request('session.paste', {
    session,
    text: 'pasted\n',
    wait: { text: '<pasted>' },
  });
  const signalled = await client.request('session.signal', { session, signal: 'HUP', wait: { text: 'hup' } });
  const sized =
    'process.stdout.on("resize", () => console.log(process.stdout.columns, "wide")); setInterval(() => {}, 9e8); console.log("ready")';
  await pilotty.spawn('sized', [process.execPath, '-e', sized]);
  await client.request('session.wait', { session: 'sized', text: 'ready' });
  const resized = await client.request('session.resize', {
    session: 'sized',
    cols: 66,
    rows: 11,
    wait: { text: '66 wide' },
  });
  expect([pasted, signalled, resized].map(({ wait }) => wait?.outcome)).toEqual([
    'matched',
    'matched',
    'matched',
  ]);
});

test('the exit code of an act is that of its wait', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'cat', '--', 'sh', '-c', 'stty -echo; echo ready; cat', {});
  await pilotty.run('wait-for', 'ready');
  const found = await pilotty.run('type', 'hello', '--enter', '--wait-text', 'hello', '--snapshot', 'text');
  expect([found.code, found.json().screen.text]).toEqual([0, expect.stringContaining('hello')]);
  expect((await pilotty.run('key', 'x', '--wait-text', 'never', '--wait-timeout', '20ms')).code).toBe(3);
  expect((await pilotty.run('key', 'Ctrl+C', '--wait-text', 'never')).code).toBe(4);
  const usage = await pilotty.run('key', 'x', '--wait-any');
  expect([usage.code, usage.error().message]).toEqual([2, expect.stringContaining('--wait-any')]);
});

test('a client that disconnects while it waits after an act ends the wait, and others act meanwhile', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('cat', ['cat']);
  const abort = new AbortController();
  const waiting = client.request(
    'session.type',
    { session, text: 'first\n', wait: { text: 'never', timeout_ms: 2_000_000 } },
    { signal: abort.signal },
  );
  const { wait } = await client.request('session.type', {
    session,
    text: 'second\n',
    wait: { text: 'second', new: false },
  });
  expect(wait?.outcome).toBe('matched');
  abort.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});

test('a menu that is nothing but rows and a highlight is chosen from, wherever the highlight is', async ({
  pilotty,
}) => {
  for (const [item, keys] of [
    ['water', ['Down', 'Down', 'Enter']],
    ['tea', ['Down', 'Enter']],
  ] as const) {
    await pilotty.run('spawn', '--name', item, '--', ...program('menu.cjs'));
    await pilotty.run('wait-for', '-s', item, 'water');
    const words = ['--text', item, '--wait-text', `chose ${item}`];
    const { code, stdout, stderr } = await pilotty.run('choose', '-s', item, ...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).keys).toEqual(keys);
  }
});
