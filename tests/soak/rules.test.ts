/** The short form of `npm run soak -- --rules 1000`. */
import { expect } from 'vitest';
import { builtProgram, test } from '../harness/pilotty.ts';
import { rulesUnderFire } from './rules-under-fire.ts';

test('rules under fire: each line fires once, whatever other actions do, through an upgrade too', async ({
  pilotty,
}) => {
  const { faults, fired } = await rulesUnderFire({
    client: pilotty.client,
    env: pilotty.env,
    upgrade: async () => {
      await pilotty.client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
    },
    ...{ sessions: 8, rules: 200, rounds: 6 },
  });
  expect(faults).toEqual([]);
  // For each line the rule of each time, for one of them that of one time; and for the first line of one session three more.
  expect(fired).toBe(8 * (6 + 1) + 3);
});
