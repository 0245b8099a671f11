/** A file that is watched: no change of it is missed, whenever it comes. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Io } from '../../apps/cli/src/io.ts';
import { onEachChange } from '../../apps/cli/src/project/watch-project.ts';

test('a change that comes while the last one is carried out is carried out after it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pt-watch-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [file, named] = [join(directory, 'pilotty.json'), join(directory, 'x.env')];
  writeFileSync(file, '1');
  const stop = new AbortController();
  let runs = 0;
  let isRunning = false;
  const watching = onEachChange({ signal: stop.signal } as Io, async ({ changed, watch }) => {
    expect(isRunning).toBe(false);
    isRunning = true;
    runs += 1;
    for (const path of [file, named]) watch(path);
    // The second comes of a file that there was none of.
    if (runs <= 2) {
      expect(changed.aborted).toBe(false);
      writeFileSync(runs === 1 ? file : named, String(runs));
      await once(changed, 'abort');
    }
    if (runs === 4) stop.abort();
    await new Promise((resolve) => setImmediate(resolve));
    isRunning = false;
    if (runs === 3) writeFileSync(named, 'again');
  });
  await expect(watching).rejects.toThrow();
  expect(runs).toBe(4);
});
