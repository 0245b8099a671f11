/** The snippets of docs/testing-tuis.md, in a project of their own. */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readText, root } from '../architecture/workspaces.ts';
import { builtProgram } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const snippets = [...readText('docs/testing-tuis.md').matchAll(/^```js\n(.*?)^```$/gms)].map(
  ([, code = '']) => code,
);

/** Those that are no file by themselves, as parts of one. */
function asFile([launched, golden, matrix, faults]: readonly string[]): string {
  return `import { test } from 'node:test';
import { expect, launch, matrix } from 'pilotty/testing';
test('a launch and a golden', async () => {
${launched}
await expect(screen).toShow('my tui');
${golden}
await screen.close();
});
${matrix}
${faults}
matrix({ faults }, (options) => test(options.title, async () => {
  const screen = await launch('my-tui', options);
  await expect(screen).toShow('my tui');
  await screen.close();
}));
`;
}

test('every snippet of the guide runs as it stands', async () => {
  needs('vim', 'dialog');
  const project = temporaryDirectory();
  const modules = join(project, 'node_modules/pilotty');
  mkdirSync(modules, { recursive: true });
  symlinkSync(dirname(dirname(builtProgram('sdk/testing.mjs'))), join(modules, 'dist'));
  cpSync(join(root, 'package.json'), join(modules, 'package.json'));
  const program = join(project, 'my-tui');
  writeFileSync(program, '#!/bin/sh\necho "my tui, 12:30"\ntouch debug.log\ncat\n');
  chmodSync(program, 0o755);
  const [whole = '', ...parts] = snippets;
  expect(parts.length).toBe(4);
  writeFileSync(join(project, 'menu.test.mjs'), whole);
  writeFileSync(join(project, 'parts.test.mjs'), asFile(parts));
  const { NODE_OPTIONS: _, CI: __, ...env } = process.env;
  const run = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--test', '--test-reporter=tap', 'menu.test.mjs', 'parts.test.mjs'],
      { cwd: project, env: { ...env, PATH: `${project}${delimiter}${env.PATH}` } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
  expect(run.code, run.output).toBe(0);
  expect(run.output).toContain('# pass 10');
  rmSync(project, { recursive: true });
});
