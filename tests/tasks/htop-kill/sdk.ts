import { equal } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const htopKill: SdkTask = async (pilotty) => {
  const victim = await pilotty.spawn(['sleep', '1000']);
  const top = await pilotty.spawn(['htop', '-p', `${victim.created?.pid}`], { wait: { text: 'sleep 1000' } });
  await top.key('F9', { wait: { text: 'Send signal' } });
  await top.key('Enter', { only_if: { text: 'Send signal' } });
  const { exit } = await victim.waitFor({ exit: true });
  equal(exit?.signal, 'SIGTERM');
  await top.key('q', { wait: { exit: true } });
};
