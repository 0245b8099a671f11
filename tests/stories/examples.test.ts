/** The scripts of docs/examples run as they stand. */
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { readText, root } from '../architecture/workspaces.ts';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';

test('the demo runs to its end and leaves nothing behind', async ({ pilotty }) => {
  const env = { ...pilotty.env, PILOTTY_DIST: dirname(pilotty.command), TMPDIR: pilotty.directory };
  const demo = join(root, 'docs/examples/demo.sh');
  const { stdout, stderr } = await runFile('/bin/sh', [demo], { env, cwd: pilotty.home });
  expect(stderr).toBe('');
  expect(stdout).toContain('\nwho are you? Ada\nhello, Ada\n');
  expect(stdout).toContain('\nexit code: 130\n');
  // 'stop' has answered; the process ends right after that.
  await until('no process to be left', () => pilotty.processes().length === 0);
});

test('a loop over a fleet is told of every end once', async ({ pilotty }) => {
  needs('jq');
  const env = { ...pilotty.env, PILOTTY_DIST: dirname(pilotty.command) };
  const { stdout } = await runFile('/bin/sh', [join(root, 'docs/examples/fleet.sh')], { env });
  const ends = stdout.trim().split('\n').toSorted();
  expect(ends).toEqual(
    Array.from({ length: 12 }, (_, index) => {
      const number = index + 1;
      return `build-${String(number).padStart(2, '0')} ${number % 3 === 0 ? 'failed' : 'passed'}`;
    }),
  );
});

test('the picture of the README is what its script makes', async ({ pilotty }) => {
  needs('vim');
  const env = { ...pilotty.env, PILOTTY_DIST: dirname(pilotty.command), TMPDIR: pilotty.directory };
  const script = join(root, 'docs/examples/picture.sh');
  const { stdout } = await runFile('/bin/sh', [script], { env, cwd: pilotty.home });
  const shown = textOf(stdout);
  expect(shown).toContain('Welcome,Ada.');
  expect(shown).toEqual(textOf(readText('docs/hero.svg')));
  // 'stop' has answered; the process ends right after that.
  await until('no process to be left', () => pilotty.processes().length === 0);
});

test('the picture of many sessions shows each, and what it is doing', async ({ pilotty }) => {
  needs('bash', 'python3', 'top', 'vim');
  const env = { ...pilotty.env, PILOTTY_DIST: dirname(pilotty.command), TMPDIR: pilotty.directory };
  const script = join(root, 'docs/examples/watch-picture.sh');
  const { stdout, stderr } = await runFile('/bin/sh', [script], { env, cwd: pilotty.home });
  expect(stderr).toBe('');
  const shown = textOf(stdout).join('');
  for (const each of [
    'api-testsended,exitcode1',
    'deployasksforapassword',
    '▸?agentasks:Applythischange?[y/n]',
  ])
    expect(shown).toContain(each);
  await until('no process to be left', () => pilotty.processes().length === 0);
});

/** Row by row, without blanks: versions of vim color a line in other pieces. */
function textOf(svg: string): string[] {
  return [...svg.matchAll(/<text .*?<\/text>/g)].map(([row]) => row.replaceAll(/<[^>]*>|\s/g, ''));
}
