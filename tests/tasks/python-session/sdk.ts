import { equal, match } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const pythonSession: SdkTask = async (pilotty) => {
  const python = await pilotty.spawn('python3', { wait: { prompt: true } });
  await python.exec('def area(r): return 3 * r * r');
  const looped = await python.exec('for r in (1, 2): print(r, area(r))');
  equal(looped.stdout, '1 3\n2 12\n');
  const failed = await python.exec('area("two")');
  equal(failed.error, true);
  match(failed.stderr, /TypeError/);
  const { stdout } = await python.exec('area(2)');
  equal(stdout, '12\n');
  await python.kill();
};
