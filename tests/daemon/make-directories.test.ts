/** Directories of the user's choice: for recordings, and for what is kept. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeDirectories } from '../../packages/daemon/src/make-directories.ts';
import { test } from '../harness/pilotty.ts';

test('what is missing is made, for its owner only, and what is there stays', async ({ pilotty }) => {
  const there = join(pilotty.directory, 'there');
  mkdirSync(there, { mode: 0o755 });
  const directory = join(there, 'a', 'b');
  await Promise.all([makeDirectories(directory), makeDirectories(directory)]);
  const modes = [there, join(there, 'a'), directory].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o755, 0o700, 0o700]);
});

test('where none can be made the reason is told', async ({ pilotty }) => {
  const file = join(pilotty.directory, 'file');
  writeFileSync(file, '');
  await expect(makeDirectories(join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  // Node's own way to make parents tries for ever in there.
  if (process.platform === 'linux')
    await expect(makeDirectories('/proc/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
});
