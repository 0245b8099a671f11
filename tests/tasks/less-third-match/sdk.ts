import { equal } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const lessThirdMatch: SdkTask = async (pilotty) => {
  const pager = await pilotty.spawn(['less', 'log.txt'], { wait: { text: 'log.txt' } });
  await pager.send(['/needle', 'Enter', 'n', 'n'], { wait: { text: '70 needle' } });
  const { text } = await pager.snapshot({ rows: { first: 0, last: 0 } });
  equal(text, '70 needle');
  await pager.send(['q'], { wait: { exit: true } });
};
