/** Text and keys in one call: each word as it was meant, in its order, as one act. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';

test('vim: a line is inserted, and the file saved, in one call', async ({ pilotty }) => {
  needs('vim');
  await pilotty.run('spawn', '--name', 'ed', '--wait-text', 'todo', 'vim', '-u', 'NONE', '-N', 'todo.txt');
  const sent = await pilotty.run('send', '-s', 'ed', 'icall Ada', 'Escape', ':wq', 'Enter', '--wait-exit');
  expect(sent.json()).toMatchObject({ type: 'sent', keys: ['Escape', 'Enter'], wait: { holds: true } });
  expect((await pilotty.run('run', 'cat', 'todo.txt')).stdout).toBe('call Ada\n');
});

test('each word arrives as a key or as text, in order, and nothing of another client between', async ({
  pilotty,
}) => {
  await pilotty.run(
    'spawn',
    '--name',
    'keys',
    '--wait-text',
    'ready',
    '--',
    ...program('echo-keys.cjs', '?1h'),
  );
  const words = ['ab', 'Up', '-l', 'Up', '--literal=Enter', 'Ctrl+C', '--', '-l'];
  await Promise.all([pilotty.run('send', '-s', 'keys', ...words), pilotty.run('type', '-s', 'keys', '~~~~')]);
  const sent = Buffer.from('ab\x1bOAUpEnter\x03-l').toString('hex');
  const { stdout } = await pilotty.run('wait', '-s', 'keys', '--idle', '300ms');
  expect(stdout).toContain('idle');
  const shown = (await pilotty.run('output', '-s', 'keys')).stdout.replace(/\W|ready/g, '');
  expect(shown).toContain(sent);
});

test('parts say what they are, and a batch has the command as well', async ({ pilotty }) => {
  const session = await pilotty.spawn('cat', ['cat']);
  const parts = [{ text: 'Enter' }, { key: 'Enter' }, { word: 'x' }, { word: 'Enter' }];
  const asked = await pilotty.client.request('session.send', {
    session,
    parts,
    wait: { text: 'x', new: true },
  });
  expect(asked).toMatchObject({ type: 'sent', session: 'cat', bytes: 8, keys: ['Enter', 'Enter'] });
  const input = "send -s cat 'y z' Enter --wait-settle 50ms -f text\n";
  const line = JSON.parse((await pilotty.run('batch', { input })).stdout);
  expect(line).toMatchObject({
    exit_code: 0,
    output: expect.stringContaining('y z\ny z\n'),
  });
});

test('what could be a key or text is refused with both ways to say it, and nothing is sent', async ({
  pilotty,
}) => {
  const session = await pilotty.spawn('cat', ['cat']);
  const { seq } = await pilotty.client.request('session.status', { session });
  for (const [words, message, suggestion] of [
    [['hi', 'enter'], 'the key Enter', '--literal enter'],
    [['hi', 'C-c'], 'the key Ctrl+C', '--literal C-c'],
    [['Escape : w q Enter'], 'several keys', "--literal 'Escape : w q Enter'"],
    [['hi', 'Ctrl+Entr'], 'Enter', 'pilotty'],
  ] as const) {
    const refused = await pilotty.run('send', '-s', 'cat', ...words);
    expect([refused.code, refused.error().code]).toEqual([2, 'INVALID_KEY']);
    expect(refused.error().message).toContain(message);
    expect(refused.error().suggestion).toContain(suggestion);
  }
  expect((await pilotty.client.request('session.status', { session })).seq).toBe(seq);
});

test('text given to key leads to send', async ({ pilotty }) => {
  await pilotty.spawn('cat', ['cat']);
  for (const [keys, line] of [
    [':wq', 'pilotty send :wq'],
    ['Escape :wq Enter', 'pilotty send Escape :wq Enter'],
  ] as const) {
    const { code, error } = await pilotty
      .run('key', keys)
      .then((answer) => ({ code: answer.code, error: answer.error() }));
    expect([code, error.code]).toEqual([2, 'INVALID_KEY']);
    expect(error.suggestion).toContain(line);
  }
});

test('Enter right after text is read apart from it, and what follows Escape is no Alt', async ({
  pilotty,
}) => {
  await pilotty.run(
    'spawn',
    '--name',
    'reads',
    '--wait-text',
    'ready',
    '--',
    ...program('echo-keys.cjs', '?1004h'),
  );
  await pilotty.run('send', '-s', 'reads', 'hi', 'Enter', 'Escape', 'x', '--wait-idle', '300ms');
  const { stdout } = await pilotty.run('output', '-s', 'reads');
  expect(stdout).toContain('6869 0d1b 78');
});
