/** The short form of `npm run soak -- --kills`. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtProgram, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runKills } from './kills/kills.ts';

test.runIf(process.platform === 'linux')(
  'killed at any moment, the daemon is followed by one that serves, and that tells what was lost and what is left',
  { timeout: 180_000 },
  async ({ pilotty }) => {
    needs('script');
    const dist = join(builtProgram('pilotty-daemon.cjs'), '..');
    const { directory, env } = pilotty;
    const result = await runKills({ dist, directory, env, seed: 1, kills: 3 });
    expect(result).toMatchObject({ kills: 3, faults: [] });
    // Otherwise nothing of it has been tried.
    const { faults: _, ...counts } = result;
    for (const count of Object.values(counts)) expect(count, JSON.stringify(counts)).toBeGreaterThan(0);
  },
);
