/** A session that is started with its first input. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

test.for(['bash', 'zsh', 'fish', 'dash', 'python3'])(
  '%s: its first input is read at its first prompt',
  async (name, { pilotty }) => {
    needs(name);
    const line = name === 'python3' ? "print('a' + 'b')" : 'echo a""b';
    const started = await pilotty.run('spawn', '--send', line, '--wait-prompt', '--snapshot', 'text', name);
    const { wait, screen } = started.json();
    expect([started.code, wait.outcome, screen.text]).toEqual([0, 'matched', expect.stringMatching(/^ab$/m)]);
    // It is read once: nothing of it was typed ahead.
    expect(screen.text.split(line).length).toBe(2);
  },
);

test('a program without a prompt has its first input, and the wait counts from it', async ({ pilotty }) => {
  const { client } = pilotty;
  const env = pilotty.env;
  const argv = ['bash', '-c', 'sleep 1; read line; read -t 1 more; echo "<$line>$?"; exec cat'];
  // A line end at its end is not sent beside the Enter that follows: the second read finds nothing.
  const wait = { text: '<hello>142' };
  const params = { argv, cwd: pilotty.home, env, send: 'hello\n', wait };
  expect((await client.request('session.spawn', params)).wait?.outcome).toBe('matched');
});

test('a first input that cannot be sent leaves the session, and the error names it', async ({ pilotty }) => {
  const { client } = pilotty;
  const base = { cwd: pilotty.home, env: pilotty.env };
  await expect(
    client.request('session.spawn', { ...base, argv: ['true'], name: 'ends', send: 'x' }),
  ).rejects.toMatchObject({ code: 'SESSION_EXITED', details: { session: 'ends' } });
  const long = { ...base, argv: ['cat'], name: 'reads', send: 'x'.repeat(5000) };
  await expect(client.request('session.spawn', long)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect((await client.request('session.list', {})).sessions.map(({ name }) => name)).toEqual(['reads']);
});
