import { equal } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const rules: SdkTask = async (pilotty) => {
  const about = { sessions: ['release'] };
  const parts = [{ text: 'y' }, { key: 'Enter' }];
  await pilotty.addRule({ ...about, text: '? [y/n]', ended: false, input: { parts } });
  const { rule } = await pilotty.addRule({ ...about, regex: 'error: .*' });
  await pilotty.spawn(['sh', 'release.sh'], { name: 'release' });
  const { rule_events } = await pilotty.waitForRule({ rules: [rule], timeout_ms: 60_000 });
  equal(rule_events[0]?.match_text, 'error: package b is there already');
};
