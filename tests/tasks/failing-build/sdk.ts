import { equal } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const failingBuild: SdkTask = async (pilotty) => {
  const build = await pilotty.spawn(['sh', 'build.sh']);
  const { exit } = await build.waitFor({ exit: true, timeout_ms: 300_000 });
  equal(exit?.exit_code, 2);
  const { output } = await build.output({ tail: 1 });
  equal(output, 'error: part 5 does not link\n');
};
