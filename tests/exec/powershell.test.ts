/** PowerShell, for which a program stands in that has its documented hooks: what it marks, and what exec makes of that. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Pilotty } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { test } from './shell-session.ts';

/** @returns its path, which ends in the name of PowerShell */
function standIn({ home }: Pilotty): string {
  const path = join(home, 'bin', 'pwsh');
  mkdirSync(join(home, 'bin'));
  const words = program('pwsh.cjs').map((word) => `'${word}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return path;
}

test('PowerShell is read the script that marks its prompts: exec has the output alone, and how each command ended', async ({
  pilotty,
  shells,
}) => {
  const session = await shells.start([standIn(pilotty), '-NoLogo', '-nop']);
  await shells.client.request('session.wait', { session, prompt: true });
  const idle = await shells.client.request('session.status', { session });
  expect(idle).toMatchObject({
    cwd: join(pilotty.home, 'work'),
    shell: { integration: 'pwsh', at_prompt: true },
    work_state: { name: 'idle', why: 'prompt' },
  });
  const error = "Get-Item: Cannot find path 'nope' because it does not exist.\n";
  const cases: [command: string, stdout: string, exitCode: number | null][] = [
    ['echo out', 'out\n', 0],
    ['sh -c "echo error >&2; exit 3"', 'error\n', 3],
    // A program that ended well leaves an older code behind.
    ['$LASTEXITCODE', '3\n', 0],
    ['exit 3', '', 3],
    ['true', '', 0],
    // Its own errors are 1, as pwsh itself ends with then.
    ['Get-Item nope', error, 1],
    ['false', '', 1],
    // A program before it, or in the same line, has failed too: which of the two came last is not known.
    ['Get-Item nope', error, null],
    ['Get-Item nope; exit 5', error, null],
    ['cd /', '', 0],
    ['printf "a\\\\;b"', 'a\\;b', 0],
    ['{\necho one\necho two }', 'one\ntwo\n', 0],
    ['', '', null],
  ];
  for (const [command, stdout, exit_code] of cases)
    expect([command, await shells.exec(session, command)]).toMatchObject([command, { stdout, exit_code }]);
  const { commands } = await shells.client.request('session.commands', { session });
  expect(commands.slice(0, 2)).toMatchObject([
    { command: 'echo out', exit_code: 0 },
    { command: 'sh -c "echo error >&2; exit 3"', exit_code: 3 },
  ]);
  expect(commands.at(-2)).toMatchObject({ command: 'printf "a\\\\;b"', cwd: '/', exit_code: 0 });
  expect(commands).toHaveLength(cases.length - 1);
});

test('a question of PowerShell itself is no prompt, and one that was interrupted has no exit code', async ({
  pilotty,
  shells,
}) => {
  const session = await shells.start([standIn(pilotty)]);
  await shells.client.request('session.wait', { session, prompt: true });
  await shells.client.request('session.type', { session, text: 'Read-Host Go-on>', enter: true });
  await pilotty.untilShown('Go-on>:', session);
  await expect(shells.exec(session, 'echo out', { timeout_ms: 10_000 })).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
  });
  await shells.client.request('session.type', { session, text: 'yes', enter: true, wait: { prompt: true } });
  await pilotty.untilShown('was told yes', session);
  expect(await shells.exec(session, 'echo out')).toMatchObject({ stdout: 'out\n', exit_code: 0 });

  const late = await shells.exec(session, 'echo begun; exec sleep 1000', { timeout_ms: 500 });
  expect(late).toMatchObject({ outcome: 'deadline', exit_code: null });
  await pilotty.untilShown('begun', session);
  await shells.client.request('session.key', { session, keys: 'Ctrl+C' });
  expect(await shells.exec(session, undefined)).toMatchObject({ outcome: 'matched', exit_code: null });
});

test('its prompt is known by its marks, whatever it looks like', async ({ pilotty, shells }) => {
  const session = await shells.start([standIn(pilotty)], { PROMPT: 'what now' });
  await shells.client.request('session.wait', { session, prompt: true });
  for (const word of ['one', 'two'])
    expect(await shells.exec(session, `echo ${word}`)).toMatchObject({ stdout: `${word}\n`, exit_code: 0 });
  await shells.client.request('session.type', { session, text: 'typed' });
  await pilotty.untilShown('now typed', session);
  await expect(shells.exec(session, 'echo three')).rejects.toMatchObject({ code: 'CONDITION_FAILED' });
});

test.for([['-NoExit', '-Command', 'Get-Item'], ['-File', 'a.ps1'], ['-Version']])(
  'PowerShell that is asked for something else than a prompt is left alone: %s',
  async (words, { pilotty, shells }) => {
    const path = standIn(pilotty);
    writeFileSync(path, '#!/bin/sh\necho "$@"; exec cat\n');
    const session = await shells.start([path, ...words]);
    await pilotty.untilShown(words.join(' '), session);
    const { shell } = await shells.client.request('session.status', { session });
    expect(shell).toEqual({ at_prompt: null, last_command_number: null });
  },
);
