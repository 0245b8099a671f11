/** What `pilotty examples` shows, run line by line as it stands, by somebody who has just installed it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';

test('the examples run in order, from nothing', async ({ pilotty }) => {
  needs('bash', 'jq', 'python3', 'vim');
  const examples = (await pilotty.run('examples')).stdout;
  const lines = examples.split('\n').filter((line) => line.startsWith('  '));
  writeFileSync(
    join(pilotty.directory, 'pilotty'),
    `#!/bin/sh\nexec '${process.execPath}' '${pilotty.command}' "$@"\n`,
    { mode: 0o755 },
  );
  const env = { ...pilotty.env, PATH: `${pilotty.directory}:${pilotty.env.PATH}` };
  const script = ['set -e', ...lines].join('\n');
  const { stdout, stderr } = await runFile('/bin/sh', ['-c', script], { env, cwd: pilotty.home });
  expect(stderr).toBe('');
  expect(readFileSync(join(pilotty.home, 'notes.txt'), 'utf8')).toBe('Remember the milk.\n');
  expect(readFileSync(join(pilotty.home, 'out.log'), 'utf8')).toBe('test in /tmp\n');
  expect(stdout).toMatch(/"exit_code":\s*0[\s\S]*"outcome":"matched"[\s\S]*\n24 80\n[\s\S]*\n3\.14159/);
});
