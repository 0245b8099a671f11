/** Several lines in one act, and lines typed ahead: a wait answers after the last of them. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

const SHELLS = [
  ['bash', ['bash']],
  ['bash', ['bash', '--norc']],
  ['zsh', ['zsh', '-f']],
  ['zsh', ['zsh']],
  ['fish', ['fish']],
  ['dash', ['dash']],
] as const;

test.for(SHELLS)(
  '%s: the prompt that is waited for follows the last line: %j',
  async ([name, argv], { pilotty }) => {
    needs(name);
    const { client } = pilotty;
    const session = await pilotty.spawn('shell', [...argv]);
    await client.request('session.wait', { session, prompt: true });
    const last = async (text: string, more: object = {}) => {
      const answer = await client.request('session.type', {
        session,
        text,
        enter: true,
        wait: { prompt: true, ...more },
        snapshot: { format: 'text' },
      });
      const { wait, screen } = answer as { wait: { outcome: string }; screen: { text: string } };
      expect([wait.outcome, screen.text]).toEqual(['matched', expect.stringMatching(/done-4\d/)]);
      return [...screen.text.matchAll(/done-(4\d)/g)].at(-1)?.[1];
    };
    expect(await last('sleep 0.3\nsleep 0.3; echo done-4""2')).toBe('42');
    // Quicker than anybody looks.
    expect(await last('clear; echo one\n\necho two\necho done-4""3')).toBe('43');
    // Typed ahead by another act.
    await client.request('session.type', { session, text: 'sleep 0.3', enter: true });
    expect(await last('sleep 0.1; echo done-4""4')).toBe('44');
  },
);

test.for([
  ['bash', ['bash']],
  ['zsh', ['zsh']],
  ['fish', ['fish']],
] as const)('%s: the command that finished is the last one', async ([name, argv], { pilotty }) => {
  needs(name);
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', [...argv]);
  await client.request('session.wait', { session, prompt: true });
  const text = 'sleep 0.3\nsleep 0.3; echo done-4""2';
  const wait = { command_finished: true };
  const { wait: waited } = await client.request('session.type', { session, text, enter: true, wait });
  expect(waited?.outcome).toBe('matched');
  const { commands } = await client.request('session.commands', { session });
  expect(commands.at(-1)).toMatchObject({ command: expect.stringContaining('done-'), exit_code: 0 });
});

test('python: the prompt that is waited for follows the last line', async ({ pilotty }) => {
  needs('python3');
  const { client } = pilotty;
  const session = await pilotty.spawn('python', ['python3', '-q']);
  await client.request('session.wait', { session, prompt: true });
  const text = 'import time; time.sleep(0.3)\ntime.sleep(0.3); print("done", 40 + 2)';
  const answer = await client.request('session.type', {
    session,
    text,
    enter: true,
    wait: { prompt: true },
    snapshot: { format: 'text' },
  });
  expect(answer).toMatchObject({
    wait: { outcome: 'matched' },
    screen: { text: expect.stringMatching(/^done 42$/m) },
  });
});
