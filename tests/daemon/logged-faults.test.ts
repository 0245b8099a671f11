/** What a daemon has logged as failed is counted, and its last said: by daemon.info and doctor. */

import * as fs from 'node:fs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { daemonLog } from '../../packages/daemon/src/log.ts';
import { LoggedFaults } from '../../packages/daemon/src/logged-faults.ts';
import { RotatingFile } from '../../packages/protocol/src/index.ts';

test('errors are counted with their session, and what is less is not; each is in the log', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lf-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'log');
  const file = new RotatingFile(path, fs);
  const faults = new LoggedFaults();
  const log = daemonLog(file, 'info', undefined, faults);
  log.debug('nothing');
  log.warn({ session: 'a' }, 'it is slow');
  expect(faults.facts).toBeUndefined();
  log.error({ session: 'a', err: new Error('lost') }, 'a fault in a session; it goes on');
  log.fatal({ err: new Error('lost') }, 'uncaught exception; sessions continue');
  expect(faults.facts).toMatchObject({ count: 2, last: 'uncaught exception; sessions continue' });
  log.error({ session: 'b', reason: 'no space left' }, 'recording ended');
  file.close();
  expect(faults.facts).toMatchObject({ count: 3, last: "recording ended: no space left (session 'b')" });
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).level)).toEqual([40, 50, 60, 50]);
});
