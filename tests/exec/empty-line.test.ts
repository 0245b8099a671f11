/** Whether text stands at a prompt is seen on the screen, whoever put it there and whatever keys came before. */
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { type Shells, test } from './shell-session.ts';

const STANDS = 'has text that was typed but not entered';

const shells: [string[], boolean][] = [
  [['bash'], true],
  [['zsh'], true],
  [['fish'], true],
  [['bash', '--norc'], false],
  [['zsh', '-f'], false],
];

async function start(shells: Shells, argv: string[], integration: boolean): Promise<string> {
  needs(argv[0] ?? '');
  const session = await shells.start(argv, {}, { shell_integration: integration });
  await shells.client.request('session.wait', { session, prompt: true });
  return session;
}

async function press(shells: Shells, session: string, ...keys: string[]): Promise<void> {
  for (const key of keys) await shells.client.request('session.key', { session, keys: key });
}

async function screenOf(shells: Shells, session: string): Promise<string> {
  return (await shells.client.request('session.snapshot', { session })).text ?? '';
}

for (const [argv, integration] of shells) {
  test(`${argv.join(' ')}: an empty line is one after whatever keys`, async ({ shells }) => {
    const session = await start(shells, argv, integration);
    const says = async (word: string) => (await shells.exec(session, `echo ${word}`)).stdout;
    const type = (text: string) => shells.client.request('session.type', { session, text });
    await type('abc');
    await expect(shells.exec(session, 'echo no')).rejects.toThrow(STANDS);
    await press(shells, session, 'Ctrl+U');
    expect(await says('erased')).toBe('erased\n');
    await type('ab');
    await press(shells, session, 'Backspace', 'Backspace');
    expect(await says('backspaced')).toBe('backspaced\n');
    await press(shells, session, 'Up', 'Down');
    expect(await says('browsed')).toBe('browsed\n');
    await press(shells, session, 'Left');
    expect(await says('left')).toBe('left\n');
    await press(shells, session, 'Escape');
    expect(await says('escaped')).toBe('escaped\n');
    await type('abc');
    await press(shells, session, 'Ctrl+A');
    await expect(shells.exec(session, 'echo no')).rejects.toThrow(STANDS);
    await press(shells, session, 'Ctrl+C');
    expect(await says('dropped')).toBe('dropped\n');
  });

  test(`${argv.join(' ')}: what was typed ahead of the prompt stands there`, async ({ shells }) => {
    const session = await start(shells, argv, integration);
    await shells.client.request('session.type', { session, text: 'sleep 0.5', enter: true });
    await shells.client.request('session.type', { session, text: 'touch made ' });
    await until('the text at the prompt', async () =>
      /[#>%$] touch made/.test(await screenOf(shells, session)),
    );
    await expect(shells.exec(session, 'echo no')).rejects.toThrow(/typed but not entered|may be a question/);
    await press(shells, session, 'Ctrl+C');
    expect((await shells.exec(session, 'echo *')).stdout).not.toContain('made');
  });
}

test('what a shell puts at its prompt itself is text too', async ({ shells }) => {
  const zsh = await start(shells, ['zsh'], true);
  await shells.exec(zsh, "print -z 'touch made'");
  await expect(shells.exec(zsh, 'echo no')).rejects.toThrow(STANDS);
  const fish = await start(shells, ['fish'], true);
  await shells.exec(fish, "commandline 'touch made'");
  await expect(shells.exec(fish, 'echo no')).rejects.toThrow(STANDS);
  shells.write('.bashrc', 'shopt -s histverify\n');
  const bash = await start(shells, ['bash'], true);
  await shells.client.request('session.wait', { session: bash, prompt: true });
  await shells.client.request('session.type', {
    session: bash,
    text: 'false',
    enter: true,
    wait: { prompt: true },
  });
  await shells.client.request('session.type', { session: bash, text: '!!', enter: true });
  await until('the line', async () =>
    /\$ false\n.*# false|# false\n.*# !!\n.*# false/.test(await screenOf(shells, bash)),
  );
  await expect(shells.exec(bash, 'echo no')).rejects.toMatchObject({ code: 'CONDITION_FAILED' });
});

test('a search of the history is no empty prompt', async ({ shells }) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const session = await start(shells, [shell], true);
    await press(shells, session, 'Ctrl+R');
    await until('the search', async () => /search/.test(await screenOf(shells, session)));
    await expect(shells.exec(session, 'echo no')).rejects.toMatchObject({ code: 'CONDITION_FAILED' });
  }
});

test.for([
  ['zsh', "bindkey -v; RPROMPT=right; PS1='%# '\n", '.zshrc'],
  ['bash', "set -o vi; bind 'set show-mode-in-prompt on'\n", '.bashrc'],
] as const)('keys of vi in %s do not get the command', async ([shell, rc, file], { shells }) => {
  needs(shell);
  shells.write(file, rc);
  const session = await start(shells, [shell], true);
  await shells.exec(session, '(exit 3)');
  await press(shells, session, 'Escape');
  expect((await shells.exec(session, 'echo $?')).stdout).toBe('3\n');
});

test('a pager that was left in python leaves an empty prompt', async ({ shells, pilotty }) => {
  needs('python3', 'less');
  const session = await shells.start(['python3', '-q'], { PAGER: 'less' });
  await pilotty.run('type', '-s', session, 'help(str)', '--enter', '--wait-text', 'Help on');
  await pilotty.run('key', '-s', session, 'q');
  expect((await shells.exec(session, '6 * 7')).stdout).toBe('42\n');
});
