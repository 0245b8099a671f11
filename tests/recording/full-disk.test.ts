/** A real disk that is full, where one can be mounted: a small tmpfs. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

test('a full disk ends the recording, with an event and a note, and the session goes on', async ({
  pilotty,
}) => {
  const disk = join(pilotty.home, 'disk');
  mkdirSync(disk);
  const options = ['-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', disk];
  const mounted = spawnSync('mount', options, { encoding: 'utf8' });
  // Nobody but root can, and not in every container: that is no fault of the machine.
  if (mounted.status !== 0) {
    console.warn(`skipped: no disk can be mounted here: ${mounted.stderr ?? mounted.error}`);
    return;
  }
  try {
    await fillUp(pilotty, join(disk, 'full.cast'));
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
});

async function fillUp(pilotty: Pilotty, file: string): Promise<void> {
  const script = 'read -r _; seq 100000; echo all; exec cat';
  await pilotty.run('spawn', '--name', 'full', `--record=${file}`, '--', '/bin/sh', '-c', script);
  await pilotty.run('key', '-s', 'full', 'Enter', '--wait-text', 'all');
  const ended = async () => (await pilotty.run('record', 'list')).json().recordings[0];
  await until('the recording has ended', async () => (await ended()).state === 'ended');
  const note = 'the file could not be written: the disk is full (ENOSPC)';
  expect(await ended()).toMatchObject({ ended_because: 'failed', note });
  const events = await pilotty.run('events', '--past', '--after', '0', '--type', 'recording_ended');
  expect(events.stdout).toContain(note);
  expect((await pilotty.run('record', 'stop', '-s', 'full')).error().message).toContain(note);
  // The session has lost nothing, and goes on.
  await pilotty.run('send', '-s', 'full', 'still here', 'Enter', '--wait-text', 'still here');
  expect(statSync(file).size).toBeGreaterThan(100_000);
  expect(readFileSync(file, 'utf8')).toContain('"version":3');
  expect((await pilotty.run('replay', file, '--screen-at', 'end')).code).toBe(0);
}
