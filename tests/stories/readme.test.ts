/** What README.md shows is what happens: every command of its session is run, and its output compared. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readText } from '../architecture/workspaces.ts';
import { test } from '../harness/pilotty.ts';
import { needs, PATH } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';

const [, session = ''] = /```console\n(.*?)```/s.exec(readText('README.md')) ?? [];
const steps = session
  .split(/^\$ /m)
  .slice(1)
  .map((step) => {
    const [command = '', ...output] = step.split('\n');
    return { command, output: output.join('\n') };
  });

test('the session of the README', async ({ pilotty }) => {
  needs('vim');
  writeFileSync(join(pilotty.directory, 'pilotty'), `#!/bin/sh\nexec node '${pilotty.command}' "$@"\n`, {
    mode: 0o755,
  });
  const env = { ...pilotty.env, PATH: `${pilotty.directory}:${PATH}` };
  const happened: typeof steps = [];
  for (const { command } of steps) {
    const { stdout } = await runFile('/bin/sh', ['-c', command], { env, cwd: pilotty.home });
    happened.push({ command, output: stdout });
  }
  expect(steps.length).toBeGreaterThan(5);
  expect(happened).toEqual(steps);
});
