/** A project of its own with the built package in its node_modules, and a runner of this repository to run in it. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtProgram } from '../harness/pilotty.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const runners = {
  node: [process.execPath, '--test'],
  vitest: [process.execPath, `${root}/node_modules/vitest/vitest.mjs`, 'run'],
  jest: [process.execPath, `${root}/node_modules/jest/bin/jest.js`],
} as const;

export function makeProject(directory: string): void {
  const dist = dirname(dirname(builtProgram('sdk/testing.mjs')));
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, 'pilotty'), { recursive: true });
  symlinkSync(dist, join(modules, 'pilotty', 'dist'));
  cpSync(join(root, 'package.json'), join(modules, 'pilotty', 'package.json'));
  symlinkSync(join(root, 'node_modules/vitest'), join(modules, 'vitest'));
  const jest = { testEnvironment: 'node', transform: {}, testMatch: ['**/*.test.cjs'], testTimeout: 60_000 };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'kit-user', private: true, jest }));
  writeFileSync(join(directory, 'vitest.config.mjs'), 'export default { test: { testTimeout: 60000 } };\n');
}

/** The environment of a runner that is not run by another. */
export function runnerEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|VITE_|TINYPOOL|NODE_OPTIONS|CI$|TEST$|NODE_ENV)/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...more };
}

export async function runTests(
  runner: keyof typeof runners,
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: unknown; output: string }> {
  const [file, ...before] = runners[runner];
  return await new Promise((resolve) => {
    execFile(file, [...before, ...words], { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}
