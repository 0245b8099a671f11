import type { SdkTask } from '../by-sdk.ts';

export const mcCopy: SdkTask = async (pilotty) => {
  const mc = await pilotty.spawn(['mc', '-u', 'from', 'to'], { wait: { text: 'report.txt' } });
  await mc.key('Down F5', { wait: { text: 'Copy file' } });
  // In both panels.
  await mc.key('Enter', { wait: { regex: 'report\\.txt.+report\\.txt' } });
  await mc.key('F10', { wait: { exit: true } });
};
