/** A command that passed its deadline and was interrupted: what its shell takes next, and what is listed of it. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Pilotty } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { type Shells, test } from './shell-session.ts';

const MARKING_BASH = fileURLToPath(
  new URL('../../packages/daemon/shell-integration/pilotty.bash', import.meta.url),
);
const UNMARKED = ['bash --norc', 'dash', 'zsh -f'] as const;
const MARKED = ['bash', 'zsh', 'fish'] as const;

test.for([...UNMARKED, ...MARKED])(
  'at the prompt of %s after Ctrl+C the next command is taken, whether its shell was asked by then or is',
  { timeout: 60_000 },
  async (words, { shells, pilotty }) => {
    const session = await begin(shells, words);
    await late(shells, session, 'sleep 30');
    await interrupt(shells, pilotty, session, 'answered');
    expect((await shells.exec(session, 'echo one')).stdout).toBe('one\n');
    await late(shells, session, 'sleep 30');
    // The prompt is there, and its shell has not been asked yet.
    await interrupt(shells, pilotty, session, 'prompt');
    expect((await shells.exec(session, 'echo two')).stdout).toBe('two\n');
  },
);

test('so it is where the prompt looks like none, and where the command has started the shell of the last one', async ({
  shells,
  pilotty,
}) => {
  const odd = await begin(shells, 'bash --norc');
  await shells.exec(odd, "PS1='sure? '");
  await late(shells, odd, 'sleep 30');
  await interrupt(shells, pilotty, odd, 'answered');
  expect((await shells.exec(odd, 'echo one')).stdout).toBe('one\n');
  const inner = await begin(shells, 'bash --norc');
  await late(shells, inner, 'dash; sleep 30', { pty: true });
  await shells.exec(inner, 'true');
  await pilotty.run('type', '-s', inner, 'exit', '--enter');
  const status = () => shells.client.request('session.status', { session: inner });
  await until('the rest of it', async () => (await status()).foreground?.argv[0] === 'sleep');
  await interrupt(shells, pilotty, inner, 'answered');
  expect((await shells.exec(inner, 'echo two')).stdout).toBe('two\n');
});

test('a question after that is a question: nothing is typed to it', async ({ shells, pilotty }) => {
  for (const words of ['bash --norc', 'dash']) {
    const session = await begin(shells, words);
    await late(shells, session, 'sleep 30');
    await interrupt(shells, pilotty, session, 'answered');
    await pilotty.run('type', '-s', session, "printf 'sure# '; read -r answer", '--enter');
    await pilotty.run('wait', '-s', session, '--regex', '^sure# $');
    await expect(shells.exec(session, 'echo no')).rejects.toMatchObject({ code: 'CONDITION_FAILED' });
    await pilotty.run('type', '-s', session, 'yes', '--enter', '--wait-prompt');
    expect((await shells.exec(session, 'echo $answer')).stdout).toBe('yes\n');
  }
});

test('a command that Ctrl+C or a signal is about to end is waited for', async ({ shells, pilotty }) => {
  needs('python3');
  const session = await begin(shells, 'bash');
  const ready = join(pilotty.home, 'work', 'ready');
  const endsSlowly = [
    'import signal, time',
    'end = lambda *_: (time.sleep(0.1), exit())',
    'signal.signal(signal.SIGINT, end), signal.signal(signal.SIGTERM, end)',
    'open("ready", "w"), time.sleep(30)',
  ].join('; ');
  for (const act of [
    () => interrupt(shells, pilotty, session),
    () => shells.client.request('session.signal', { session, signal: 'TERM' }),
  ]) {
    rmSync(ready, { force: true });
    await late(shells, session, `python3 -c '${endsSlowly}'`);
    await until('it to heed signals', () => existsSync(ready));
    await act();
    expect((await shells.exec(session, 'echo next')).stdout).toBe('next\n');
  }
});

test('a command that goes on after Ctrl+C still runs', async ({ shells, pilotty }) => {
  const session = await begin(shells, 'bash');
  await late(shells, session, 'env --ignore-signal=INT sleep 30');
  await interrupt(shells, pilotty, session);
  await expect(shells.exec(session, 'echo no')).rejects.toThrow('still runs');
});

test.for(MARKED)(
  'what asks %s how a command ended is listed nowhere, and takes no number',
  { timeout: 60_000 },
  async (shell, { shells, pilotty }) => {
    const session = await begin(shells, shell);
    await late(shells, session, 'sleep 30');
    await interrupt(shells, pilotty, session, 'answered');
    expect(await listed(shells, session)).toEqual([
      ['true', 0],
      ['sleep 30', 130],
    ]);
    const output = await pilotty.run('output', '-s', session, '--cmd', '-1');
    expect(output.stderr).toContain('Command 2 of session');
    await shells.exec(session, 'false');
    expect((await listed(shells, session)).at(-1)).toEqual(['false', 1]);
    expect((await shells.client.request('session.status', { session })).shell).toMatchObject({
      last_command_number: 3,
    });
    const { stdout } = await pilotty.run(
      ...['events', '-s', session, '--past', '--type', 'command_started', '--type', 'command_finished'],
    );
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type !== 'events_end');
    expect(events.map(({ type, command }) => [type, command])).toEqual([
      ['command_started', 'true'],
      ['command_finished', 'true'],
      ['command_started', 'sleep 30'],
      ['command_finished', 'sleep 30'],
      ['command_started', 'false'],
      ['command_finished', 'false'],
    ]);
  },
);

test('nor is what asks the shell outside of one that has ended, or of a relay', async ({
  shells,
  pilotty,
}) => {
  needs('script');
  const session = await begin(shells, 'bash');
  for (const line of ['bash --norc', 'script -qec dash /dev/null']) {
    await pilotty.run('type', '-s', session, line, '--enter', '--wait-prompt');
    expect(await shells.exec(session, 'exit 3')).toMatchObject({ outcome: 'exited', exit_code: 3 });
  }
  expect((await shells.exec(session, 'echo out')).stdout).toBe('out\n');
  expect(await listed(shells, session)).toEqual([
    ['true', 0],
    ['bash --norc', 3],
    ['script -qec dash /dev/null', 3],
    ['echo out', 0],
  ]);
});

test('a shell that marks its prompts behind a relay has the commands in its list, not the lines that were typed', async ({
  shells,
}) => {
  needs('script');
  const session = await shells.start(['script', '-qec', `bash --rcfile '${MARKING_BASH}'`, '/dev/null']);
  await shells.exec(session, 'echo one');
  await shells.exec(session, 'echo two; false');
  expect(await listed(shells, session)).toEqual([
    ['echo one', 0],
    ['echo two; false', 1],
  ]);
});

async function begin(shells: Shells, words: string): Promise<string> {
  const argv = words.split(' ');
  needs(argv[0] as string);
  const session = await shells.start(argv);
  // The deadline is not for a shell that starts.
  await shells.exec(session, 'true');
  return session;
}

async function late(shells: Shells, session: string, command: string, more = {}): Promise<void> {
  const { outcome } = await shells.exec(session, command, { timeout_ms: 300, ...more });
  expect(outcome).toBe('deadline');
}

/** Presses Ctrl+C. @param awaited the prompt is shown, or the end of the command is known, which no client waits for */
async function interrupt(
  shells: Shells,
  pilotty: Pilotty,
  session: string,
  awaited?: 'prompt' | 'answered',
): Promise<void> {
  const before = channelsOf(pilotty);
  await shells.client.request('session.key', { session, keys: 'Ctrl+C' });
  if (awaited === 'prompt') await shells.client.request('session.wait', { session, prompt: true });
  // At the end of a command its files get another path.
  if (awaited === 'answered')
    await until('the end to be known', () => channelsOf(pilotty).join() !== before.join());
}

function channelsOf({ socketDir }: Pilotty): string[] {
  const [directory = ''] = readdirSync(socketDir).filter((name) => name.startsWith('pilotty.exec-'));
  return readdirSync(join(socketDir, directory)).sort();
}

async function listed(shells: Shells, session: string): Promise<unknown[]> {
  const { commands } = await shells.client.request('session.commands', { session });
  return commands.map(({ command, exit_code }) => [command, exit_code]);
}
