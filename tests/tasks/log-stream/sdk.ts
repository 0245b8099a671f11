import { equal } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const logStream: SdkTask = async (pilotty) => {
  const log = await pilotty.spawn(['sh', 'logger.sh'], { name: 'log' });
  await log.waitFor({ text: 'ERROR' });
  const { matches } = await pilotty.grep('ERROR', { sessions: ['log'] });
  equal(matches[0]?.line, 'ERROR disk full');
  await log.kill();
};
