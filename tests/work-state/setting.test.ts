/** A program that says what it is doing: its own session's state, and for how long that counts. */
import { expect } from 'vitest';
import { processTest as test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

interface Event {
  type: string;
  from: string | null;
  to: string | null;
  why?: string;
  text?: string;
}

/** A shell in which the command is called as its user would. */
const SHELL = ['sh', '-c', 'echo ready; while read -r line; do eval "$line"; done'];

test('a program sets the state of its own session, and it is listed, waited for and an event', async ({
  pilotty,
}) => {
  const { client, command } = pilotty;
  const call = (words: string) => `'${process.execPath}' '${command}' state ${words} >/dev/null; echo $?`;
  for (const name of ['a', 'b']) {
    await client.request('session.spawn', {
      argv: SHELL,
      name,
      tags: ['agent'],
      cwd: pilotty.home,
      env: pilotty.env,
    });
    await client.request('session.wait', { session: name, text: 'ready' });
  }
  // The name in its environment is another's by then.
  await client.request('session.rename', { session: 'a', name: 'first' });
  await client.request('session.rename', { session: 'b', name: 'a' });
  const waiting = pilotty.start('wait', '--tag', 'agent', '--state', 'asking', '--fields', 'ready');
  const { wait } = await client.request('session.type', {
    session: 'first',
    text: call("asking 'Delete 3 files?'"),
    enter: true,
    wait: { state: 'asking' },
  });
  const state = { name: 'asking', began_at: expect.any(String), why: 'set', text: 'Delete 3 files?' };
  expect(wait).toMatchObject({ outcome: 'matched', held: ['state'], work_state: state });
  expect((await waiting.answer).json()).toMatchObject({
    ready: [{ session: 'first', outcome: 'matched', work_state: state }],
  });
  expect((await pilotty.run('list-sessions')).json()).toMatchObject({
    sessions: [{ name: 'first', work_state: state }, { name: 'a' }],
  });
  expect((await pilotty.run('state', '-s', 'first')).json()).toMatchObject({
    type: 'state',
    work_state: state,
  });
  const events = async () => {
    const { stdout } = await pilotty.run(
      'events',
      '--past',
      '--after',
      '0',
      '--type',
      'state',
      '-s',
      'first',
    );
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
  };
  expect(await events()).toContainEqual(
    expect.objectContaining({ type: 'state', to: 'asking', why: 'set', text: 'Delete 3 files?' }),
  );
  // The answer ends it, and then it reads, where the kernel says so.
  if (process.platform !== 'linux') return;
  const answered = await client.request('session.type', {
    session: 'first',
    text: ':',
    enter: true,
    wait: { state: 'idle' },
  });
  expect(answered.wait).toMatchObject({ holds: true, work_state: { name: 'idle', why: 'reads' } });
  expect((await events()).at(-2)).toMatchObject({ to: 'idle', why: 'reads' });
  // What has been finished stays so while nothing new is begun.
  await client.request('session.type', {
    session: 'first',
    text: call('done'),
    enter: true,
    wait: { state: 'done' },
  });
  await client.request('session.type', { session: 'first', text: 'x' });
  expect((await pilotty.run('state', '-s', 'first')).json()).toMatchObject({
    work_state: { name: 'done', why: 'set' },
  });
});

test('hooks: the text is a member of the JSON that they get, and outside of a session nothing is done', async ({
  pilotty,
}) => {
  const { client, command } = pilotty;
  const outside = await pilotty.run('state', 'asking');
  expect([outside.code, outside.error().code]).toEqual([1, 'UNAVAILABLE']);
  expect(await pilotty.run('state', 'asking', '--hook', { input: '{' })).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  });
  const foreign = await pilotty.run('state', 'done', { env: { PILOTTY_STATE_KEY: 'not-a-key' } });
  expect(foreign.code).not.toBe(0);
  const hook = `echo '{"message":"May I?","n":1}' | '${process.execPath}' '${command}' state asking --key message --hook; echo said; sleep 1000`;
  await client.request('session.spawn', {
    argv: ['sh', '-c', hook],
    name: 'h',
    cwd: pilotty.home,
    env: pilotty.env,
  });
  const waited = await client.request('session.wait', { session: 'h', state: ['asking', 'done'] });
  expect(waited.work_state).toMatchObject({ name: 'asking', why: 'set', text: 'May I?' });
  await client.request('session.wait', { session: 'h', text: 'said' });
  const screen = await client.request('session.snapshot', { session: 'h' });
  expect(screen.text?.trim()).toBe('said');
  for (const agent of ['claude', 'codex'])
    expect((await pilotty.run('state', '--hooks', agent)).stdout).toMatch(/pilotty.{1,6}state.*--hook/s);
});

test.skipIf(process.platform !== 'linux')(
  'a session that has ended and is started again is followed again',
  async ({ pilotty }) => {
    const { client } = pilotty;
    const session = await pilotty.spawn('again', ['sh', '-c', 'read x; exit 3']);
    const { wait } = await client.request('session.key', {
      session,
      keys: 'Enter',
      wait: { state: 'failed' },
    });
    expect(wait?.work_state).toMatchObject({ name: 'failed', why: 'exit', text: 'exit code 3' });
    const { event_cursor: after } = await client.request('session.list', {});
    await client.request('session.restart', { session });
    // Nobody asks: the event comes by itself.
    const ends = new AbortController();
    const followed = client.request(
      'events.follow',
      { sessions: [session], types: ['state'], after },
      { signal: ends.signal, onEvent: ({ to }) => void (to === 'idle' && ends.abort()) },
    );
    await expect(followed).rejects.toThrow();
    expect(ends.signal.aborted).toBe(true);
  },
);

test.skipIf(process.platform !== 'linux')(
  'an agent is followed through its turn, whatever it draws',
  async ({ pilotty }) => {
    const { client } = pilotty;
    await client.request('session.spawn', {
      argv: program('agent.cjs', 'framed'),
      name: 'g',
      cwd: pilotty.home,
      env: pilotty.env,
    });
    const state = async (wait: 'asking' | 'working' | 'done' | 'idle') =>
      (await client.request('session.wait', { session: 'g', state: wait })).work_state;
    await client.request('session.wait', { session: 'g', text: 'shortcuts' });
    await client.request('session.type', {
      session: 'g',
      text: 'fix it',
      enter: true,
      wait: { text: 'interrupt' },
    });
    expect(await state('working')).toMatchObject({ name: 'working' });
    await client.request('session.type', { session: 'g', text: 'a' });
    expect(await state('asking')).toMatchObject({
      why: 'question',
      text: expect.stringContaining('Do you want to proceed?'),
    });
    await client.request('session.key', { session: 'g', keys: '1', wait: { text: 'interrupt' } });
    expect(await state('working')).toMatchObject({ name: 'working' });
    await client.request('session.type', { session: 'g', text: 'n' });
    expect(await state('done')).toMatchObject({ why: 'notification', text: 'Agent: Turn complete' });
    await until('the events', async () => {
      const { stdout } = await pilotty.run('events', '--past', '--after', '0', '--type', 'state', '-s', 'g');
      const names = stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Event).to);
      return ['working', 'asking', 'done'].every((name) => names.includes(name));
    });
  },
);
