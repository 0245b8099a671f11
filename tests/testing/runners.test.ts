/**
 * The kit in a project of its own, under each runner: the built package stands in its node_modules. The runners are those
 * of this repository.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { needs } from '../harness/programs.ts';
import { makeProject, runnerEnvironment, runTests } from './project.ts';

const project = mkdtempSync(join(tmpdir(), 'pilotty-kit-'));
const env = runnerEnvironment({ PILOTTY_TRACE_DIR: join(project, 'traces') });

const goldens = {
  node: 'node.test.mjs',
  vitest: 'vitest.test.mjs',
  jest: 'jest.test.cjs',
};
const names = Object.keys(goldens) as (keyof typeof goldens)[];

beforeAll(() => {
  cpSync(fileURLToPath(new URL('fixtures', import.meta.url)), project, { recursive: true });
  makeProject(project);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Each starts a runner two or three times, with vim, dialog and mc in it: half a minute and more on a busy machine. */
const LONG = { timeout: 180_000 };

function run(runner: keyof typeof goldens, more: NodeJS.ProcessEnv = {}, ...words: string[]) {
  return runTests(runner, [goldens[runner], ...words], project, { ...env, ...more });
}

test.each(names)(
  '%s: vim, dialog and mc are tested, and goldens are written and then hold',
  LONG,
  async (runner) => {
    needs('vim', 'mc', 'dialog');
    const first = await run(runner);
    expect(first.code, first.output).toBe(0);
    const directory = join(project, '__screens__', goldens[runner]);
    expect(readdirSync(directory).sort()).toEqual([
      'panels.txt',
      'question-60x15.styled.txt',
      'question-80x24.styled.txt',
    ]);
    expect(readFileSync(join(directory, 'panels.txt'), 'utf8')).toContain('~/work');
    const again = await run(runner, { CI: 'true' });
    expect(again.code, again.output).toBe(0);
  },
);

const DIALOG = { KIT_CASES: 'dialog' };
const UPDATE = { node: [], vitest: ['-u'], jest: ['-u'] };

test.each(names)(
  '%s: a golden that is no longer right fails, and its own flag writes it anew',
  LONG,
  async (runner) => {
    needs('vim', 'mc', 'dialog');
    const path = join(project, '__screens__', goldens[runner], 'question-80x24.styled.txt');
    await run(runner, DIALOG);
    const right = readFileSync(path, 'utf8');
    writeFileSync(path, right.replace('Go on?', 'Go off?'));
    const wrong = await run(runner, DIALOG);
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain('differs from its golden');
    expect(wrong.output).toMatch(/- .*Go off\?/);
    expect(wrong.output).toMatch(/\+ .*Go on\?/);
    // Node 20 has no such flag.
    const more = runner === 'node' ? { PILOTTY_UPDATE_SCREENS: '1' } : {};
    const updated = await run(runner, { ...DIALOG, ...more }, ...UPDATE[runner]);
    expect(updated.code, updated.output).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(right);
  },
);

test.each(names)('%s: a golden that is missing in CI is a failure, and is not written', async (runner) => {
  needs('dialog');
  const path = join(project, '__screens__', goldens[runner], 'question-60x15.styled.txt');
  rmSync(path, { force: true });
  const { code, output } = await run(runner, { ...DIALOG, CI: 'true' });
  expect(code).not.toBe(0);
  expect(output).toContain(`there is no golden ${path}`);
  expect(existsSync(path)).toBe(false);
});

test.each(names)('%s: a failed assertion says what there was, and where its trace is', async (runner) => {
  needs('dialog');
  const { code, output } = await run(runner, { KIT_CASES: 'failing' });
  expect(code).not.toBe(0);
  expect(output).toContain('expect(screen).toShow("Good-bye") failed: not shown within 500 ms');
  expect(output).toContain('Hello there');
  expect(output).toMatch(/\d s {2}key Left/);
  const [, path = ''] = /Trace: (\S+\.html)/.exec(output) ?? [];
  const page = readFileSync(path, 'utf8');
  expect(page).toContain('a line of the log \\u003c/script>');
  expect(page).not.toMatch(/https?:\/\//);
});
