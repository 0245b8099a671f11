/** What is typed as a secret stands nowhere: not in arguments, logs, files, errors or answers; and not on the screen. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** Its first letters are what is looked for: JSON would write the backslash twice. */
const SECRET = 'hunter2-\\q-of-Tuesday';
const SAYS_WHETHER_RIGHT = `stty -echo; printf 'Password: '; IFS= read -r given; stty echo
[ "$given" = '${SECRET}' ] && echo welcome || echo wrong; cat`;

/** Asks for a password, and says whether it was the secret. */
async function spawnAsking(pilotty: Pilotty, level = 'trace'): Promise<void> {
  const env = { PILOTTY_LOG_LEVEL: level };
  writeFileSync(join(pilotty.home, 'ask.sh'), SAYS_WHETHER_RIGHT);
  await pilotty.run('spawn', 'sh', 'ask.sh', { env });
  await pilotty.run('wait-for', 'Password: ');
}

/** Everything in the socket directory, by the file's name; a socket cannot be read. */
function filesOf(pilotty: Pilotty): string[] {
  return readdirSync(pilotty.socketDir)
    .map((name) => join(pilotty.socketDir, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'));
}

test.for([
  ['a variable', ['env:PW'], { env: { PW: SECRET } }],
  ['a file', ['file:pw'], {}],
  ['stdin', ['-'], { input: `${SECRET}\n` }],
] as const)('a secret from %s arrives, and stands nowhere', async ([, source, options], { pilotty }) => {
  writeFileSync(join(pilotty.home, 'pw'), `${SECRET}\n`);
  await spawnAsking(pilotty);
  const typed = await pilotty.run('type', '--secret', ...source, '--enter', { ...options });
  expect(typed.code).toBe(0);
  expect((await pilotty.run('wait-for', '-r', 'welcome|wrong')).json().match.text).toBe('welcome');
  const answers = await Promise.all(
    [
      ['status'],
      ['ls', '--all'],
      ['info'],
      ['output', '--ansi'],
      ['logs'],
      ['snapshot', '--scrollback', '100'],
    ].map(async (words) => (await pilotty.run(...words)).transcript),
  );
  expect(answers.join()).toContain('welcome');
  for (const text of [typed.transcript, ...answers, ...filesOf(pilotty)])
    expect(text).not.toContain('hunter2');
  expect(pilotty.log()).toContain('session.type');
});

test('a secret goes with what must hold before and what is waited for after', async ({ pilotty }) => {
  await spawnAsking(pilotty);
  const words = ['type', '--secret', '-', '--enter', '--if-text', 'Password: '];
  const typed = await pilotty.run(...words, '--wait-text', 'never', '--wait-timeout', '3s', {
    input: SECRET,
  });
  expect(typed.json()).toMatchObject({
    type: 'typed',
    wait: { outcome: 'deadline', screen: { text: 'Password: welcome' } },
  });
  expect(typed.transcript).not.toContain('hunter2');
});

test('no process has a secret among its arguments while it is typed', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  // It is refused after a while, in which the terminal is looked at again and again.
  const typing = pilotty.start('type', '--secret', 'env:PW', { env: { PW: SECRET } });
  let hasEnded = false;
  const ended = typing.answer.then((answer) => {
    hasEnded = true;
    return answer;
  });
  const seen = new Set<string>();
  await until('the command to end', () => {
    for (const { command } of pilotty.processes()) seen.add(command);
    return hasEnded;
  });
  expect((await ended).error()).toMatchObject({ code: 'CONDITION_FAILED' });
  expect([...seen].join('\n')).toMatch(/--secret env:PW/);
  expect([...seen].join('\n')).not.toContain('hunter2');
});

describe('a secret that would be shown is not typed', () => {
  test('where the terminal echoes, unless it is forced', async ({ pilotty }) => {
    await pilotty.run('spawn', 'cat');
    const options = { env: { PW: SECRET } };
    const refused = await pilotty.run('type', '--secret', 'env:PW', options);
    expect(refused.code).toBe(1);
    expect(refused.error()).toMatchObject({
      code: 'CONDITION_FAILED',
      message: expect.stringMatching(/not typed into 'default': the terminal echoes input/),
      suggestion: expect.stringContaining('pilotty wait-for -s default assword'),
      details: { session: 'default', terminal: { echo: true }, screen: { text: '' } },
    });
    expect(refused.transcript).not.toContain('hunter2');
    await pilotty.run('type', '--secret', 'env:PW', '--force', options);
    expect((await pilotty.run('wait-for', SECRET)).code).toBe(0);
  });

  test('at the prompt of a shell', async ({ pilotty }) => {
    needs('bash');
    await pilotty.run('spawn', '--env', 'PS1=ready> ', 'bash', '--norc');
    await pilotty.run('wait-for', 'ready> ');
    const refused = await pilotty.run('type', '--secret', '-', '--enter', { input: SECRET });
    expect(refused.error()).toMatchObject({
      code: 'CONDITION_FAILED',
      message: expect.stringMatching(/a line editor such as a shell prompt|echoes input/),
    });
    expect((await pilotty.run('output')).stdout).not.toContain('hunter2');
  });

  test('but is where the echo is switched off only after the prompt', async ({ pilotty }) => {
    const script =
      'printf "Password: "; sleep 0.1; stty -echo; read secret; echo; echo "$secret" | wc -c; cat';
    await pilotty.run('spawn', 'sh', '-c', script);
    await pilotty.run('wait-for', 'Password: ');
    const typed = await pilotty.run('type', '--secret', '-', '--enter', { input: 'abcdef' });
    expect(typed).toMatchObject({ code: 0, stderr: '' });
    expect((await pilotty.run('wait-for', '-r', '^7$')).code).toBe(0);
    expect((await pilotty.run('output')).stdout).not.toContain('abcdef');
  });

  test('but is into the field of a dialog, which shows nothing of it', async ({ pilotty }) => {
    needs('dialog');
    await pilotty.run('spawn', 'dialog', '--passwordbox', 'Your password', '8', '40');
    await pilotty.run('wait-for', 'Your password');
    const typed = await pilotty.run('type', '--secret', '-', { input: 'abcdef' });
    expect(typed).toMatchObject({ code: 0, stderr: '' });
    await pilotty.run('snapshot', '--settle', '100');
    expect((await pilotty.run('output', '--ansi')).stdout).not.toContain('abcdef');
  });
});

describe('an error does not quote a secret', () => {
  test('that has an escape which does not exist', async ({ pilotty }) => {
    await spawnAsking(pilotty);
    const refused = await pilotty.run('type', '--escapes', '--secret', '-', { input: SECRET });
    expect(refused.error()).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('escape'),
    });
    expect(refused.transcript).not.toContain('\\q');
  });

  test('to a session that has ended, or is not there', async ({ pilotty }) => {
    await pilotty.run('spawn', 'true');
    await pilotty.run('wait-for', 'nothing');
    for (const [session, code] of [
      ['default', 'SESSION_EXITED'],
      ['nobody', 'SESSION_NOT_FOUND'],
    ] as const) {
      const refused = await pilotty.run('type', '-s', session, '--secret', '-', { input: SECRET });
      expect(refused.error().code).toBe(code);
      expect(refused.transcript).not.toContain('hunter2');
    }
  });
});

test('a log without environment and arguments, whatever its level', async ({ pilotty }) => {
  const env = { PILOTTY_LOG_LEVEL: 'trace', TOKEN: 'from-the-environment' };
  await pilotty.run('spawn', '--env', 'OTHER=from-an-option', 'sh', '-c', ': from-an-argument; cat', { env });
  await pilotty.run('type', 'from-the-keyboard', '--enter');
  await pilotty.run('wait-for', '-r', 'from-the-(key)board');
  await pilotty.run('kill');
  expect(pilotty.log()).toContain('session ended');
  for (const text of filesOf(pilotty)) expect(text).not.toMatch(/from-/);
});

describe('PILOTTY_REDACT', () => {
  test('leaves what matches out of the log, which stays JSON, and out of nothing else', async ({
    pilotty,
  }) => {
    const env = { PILOTTY_REDACT: 'acme-[a-z]+|"', PILOTTY_LOG_LEVEL: 'debug' };
    await pilotty.run('spawn', '--name', 'build-for-acme-corp', 'cat', { env });
    expect((await pilotty.run('ls')).json().sessions[0].name).toBe('build-for-acme-corp');
    await pilotty.run('kill');
    const lines = pilotty.log().trimEnd().split('\n');
    const started = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'session started');
    expect(started).toMatchObject({ session: 'build-for-[redacted]', program: 'cat', level: 30 });
    expect(pilotty.log()).not.toContain('acme');
  });

  test('that is no regular expression is refused, and not quoted', async ({ pilotty }) => {
    const refused = await pilotty.run('spawn', 'cat', { env: { PILOTTY_REDACT: '(hunter2' } });
    expect(refused.error()).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('PILOTTY_REDACT'),
    });
    expect(refused.transcript).not.toContain('hunter2');
  });
});
