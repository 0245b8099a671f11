/** `npm run soak -- --rules N`: rules under fire for as long as it is told to, no faster than their rates let through. */
import { join } from 'node:path';
import { createLocalClient } from '../../packages/client/src/node.ts';
import type { Place } from '../bench/place.ts';
import { rulesUnderFire } from './rules-under-fire.ts';

interface Asked {
  dist: string;
  minutes: number;
  sessions: number;
  rules: number;
}

/** All rules together fire a hundred times a second in the long run, and one of them five times. */
const MS_FOR_EACH = 12;
const MIN_ROUND_MS = 250;
const MIN_ROUNDS = 6;
/** Of a daemon in which all has happened once. */
const MAX_GROWTH_MB = 20;
const SAID_EVERY = 10;

/** @returns whether all is as it must be */
export async function soakRules(place: Place, { dist, minutes, sessions, rules }: Asked): Promise<boolean> {
  const program = join(dist, 'pilotty-daemon.cjs');
  const client = createLocalClient({ env: place.env, cwd: '/', daemonProgram: program });
  const roundMs = Math.max(MIN_ROUND_MS, sessions * MS_FOR_EACH);
  try {
    const { faults, fired, memoryMb } = await rulesUnderFire({
      ...{ client, env: place.env, sessions, rules, roundMs },
      rounds: Math.max(MIN_ROUNDS, Math.round((minutes * 60_000) / roundMs)),
      upgrade: async () => void (await client.request('daemon.upgrade', { program })),
      progress: (round, megabytes) => {
        if (round % SAID_EVERY === 0) console.log(`round ${round}: ${megabytes.toFixed(1)} MB`);
      },
    });
    const { first, last } = memoryMb;
    const hasGrown = last - first > MAX_GROWTH_MB;
    for (const fault of faults) console.error(`fault: ${fault}`);
    console.log(`${fired} firings, each once; ${faults.length} faults`);
    console.log(
      `memory ${first.toFixed(1)} → ${last.toFixed(1)} MB (at most +${MAX_GROWTH_MB}): ${hasGrown ? 'GREW' : 'flat'}`,
    );
    return faults.length === 0 && !hasGrown;
  } finally {
    await client.request('daemon.stop', {});
    await client.disconnected();
    client.close();
  }
}
