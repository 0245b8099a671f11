import { equal } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const passwordPrompt: SdkTask = async (pilotty) => {
  const login = await pilotty.spawn(['sh', 'login.sh'], { wait: { password: true } });
  await login.type('sesame', { secret: true, enter: true, wait: { exit: true } });
  const { output } = await login.output({ tail: 1 });
  equal(output, 'welcome\n');
};
