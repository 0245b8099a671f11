/**
 * The kit in a project of its own, under each runner: the built package stands in its node_modules. The runners are those
 * of this repository.
 */
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'pilotty-kit-'));
const traces = join(project, 'traces');
const env = { ...process.env, PILOTTY_TRACE_DIR: traces };
for (const name of Object.keys(env))
  if (/^(VITEST|VITE_|TINYPOOL|NODE_OPTIONS|CI$|TEST$|NODE_ENV)/.test(name))
    delete (env as NodeJS.ProcessEnv)[name];

const runners = {
  node: [process.execPath, '--test', 'node.test.mjs'],
  vitest: [process.execPath, `${root}/node_modules/vitest/vitest.mjs`, 'run', 'vitest.test.mjs'],
  jest: [process.execPath, `${root}/node_modules/jest/bin/jest.js`, 'jest.test.cjs'],
} as const;
const names = Object.keys(runners) as (keyof typeof runners)[];
const goldens = {
  node: 'node.test.mjs',
  vitest: 'vitest.test.mjs',
  jest: 'jest.test.cjs',
};

beforeAll(() => {
  cpSync(fileURLToPath(new URL('fixtures', import.meta.url)), project, { recursive: true });
  const dist = dirname(dirname(builtProgram('sdk/testing.mjs')));
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'pilotty'), { recursive: true });
  symlinkSync(dist, join(modules, 'pilotty', 'dist'));
  cpSync(join(root, 'package.json'), join(modules, 'pilotty', 'package.json'));
  symlinkSync(join(root, 'node_modules/vitest'), join(modules, 'vitest'));
  const jest = { testEnvironment: 'node', transform: {}, testMatch: ['**/*.test.cjs'], testTimeout: 60_000 };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'kit-user', private: true, jest }));
  writeFileSync(join(project, 'vitest.config.mjs'), 'export default { test: { testTimeout: 60000 } };\n');
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

async function run(runner: keyof typeof runners, more: NodeJS.ProcessEnv = {}, ...args: string[]) {
  const [file, ...words] = runners[runner];
  return await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(file, [...words, ...args], { cwd: project, env: { ...env, ...more } }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

test.each(names)(
  '%s: vim, dialog and mc are tested, and goldens are written and then hold',
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
