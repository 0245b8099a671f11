import { equal } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const fourMonitors: SdkTask = async (pilotty) => {
  const tags = ['disks'];
  for (const number of [1, 2, 3, 4]) {
    await pilotty.spawn(['sh', 'monitor.sh', `${number}`], { name: `disk-${number}`, tags });
  }
  const { ready } = await pilotty.waitFor({ tags, text: 'ALARM' });
  equal(ready[0]?.session, 'disk-3');
  const { matches } = await pilotty.grep('ALARM', { tags });
  equal(matches[0]?.line, 'ALARM: disk 3 is full');
  await pilotty.kill({ tags });
};
