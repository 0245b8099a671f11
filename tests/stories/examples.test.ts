/** The scripts of docs/examples run as they stand. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { root } from '../architecture/workspaces.ts';
import { test } from '../harness/pilotty.ts';

test('the demo runs to its end and leaves nothing behind', async ({ pilotty }) => {
  const env = { ...pilotty.env, PILOTTY_DIST: dirname(pilotty.command), TMPDIR: pilotty.directory };
  const demo = join(root, 'docs/examples/demo.sh');
  const { stdout, stderr } = await promisify(execFile)('/bin/sh', [demo], { env, cwd: pilotty.home });
  expect(stderr).toBe('');
  expect(stdout).toContain('\nwho are you? Ada\nhello, Ada\n');
  expect(stdout).toContain('\nexit code: 130\n');
  expect(pilotty.processes()).toEqual([]);
});
