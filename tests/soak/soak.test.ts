/** The short form of `npm run soak`. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtProgram, test } from '../harness/pilotty.ts';
import { growthOf, hasGrown } from './growth.ts';
import { runLoad } from './load.ts';

test('under load every request is answered once, by its own answer, and nothing is left open afterwards', async ({
  pilotty,
}) => {
  const { ledger, rests } = await runLoad({
    dist: join(builtProgram('pilotty-daemon.cjs'), '..'),
    ...{ directory: pilotty.directory, env: pilotty.env },
    ...{ rounds: 2, roundMs: 1000, sessions: 10, clients: 10, seed: 1 },
  });
  expect({ faults: ledger.faults, refused: ledger.refused }).toEqual({
    faults: [],
    refused: expect.anything(),
  });
  const counted = growthOf(rests).filter(({ most }) => most === 0);
  expect(counted.filter(hasGrown), JSON.stringify(rests.map(({ open }) => open))).toEqual([]);
});
