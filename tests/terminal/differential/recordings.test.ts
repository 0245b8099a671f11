/**
 * Real programs: what they sent, recorded once at each size, draws the same screen in tmux and here.
 *
 * With RECORD=1 the programs that run (`-t vim` for one) are recorded anew first. They see no machine but
 * their own: a process table, a host name and a home of the recording.
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { needs } from '../../harness/programs.ts';
import { looksAfter, oneByOne, SIZES } from './compare.ts';
import { expectExplained } from './differences.ts';
import { type Program, programs } from './programs.ts';
import { prefixes, readRecordings, record, recordingPath, writeRecordings } from './recording.ts';
import { Tmux } from './tmux.ts';

let tmux: Tmux | undefined;
beforeAll(async () => {
  tmux = await Tmux.start().catch(() => undefined);
});
afterAll(() => tmux?.close());

test.each(Object.keys(programs))('%s draws the same in tmux and here, at every size', async (name) => {
  needs('tmux');
  if (process.env.RECORD) await recordAnew(name);
  const recordings = readRecordings(recordingPath(name));
  expect(recordings.map(({ size }) => size)).toEqual(SIZES);
  const looks = recordings.flatMap(({ size, steps }) => prefixes(steps).map((prefix) => ({ size, prefix })));
  expect(looks.length).toBeGreaterThanOrEqual(SIZES.length);
  await oneByOne(looks, async ({ size, prefix }) => {
    // What an erased screen leaves in tmux's history says nothing about a program.
    expectExplained(name, size, await looksAfter(tmux as Tmux, size, prefix), { ignored: 'scrollback' });
  });
});

async function recordAnew(name: string): Promise<void> {
  const home = join(tmpdir(), 'demo');
  const unshare = ['unshare', '--user', '--map-root-user', '--pid', '--uts', '--fork', '--mount-proc'];
  const wrapper = [...unshare, '--kill-child', 'sh', '-c', 'hostname demo; exec "$@"', '-'];
  const recordings = [];
  for (const size of SIZES) {
    recordings.push(await record(programs[name] as Program, size, { home, wrapper }));
    rmSync(home, { recursive: true });
  }
  writeRecordings(recordingPath(name), recordings);
}
