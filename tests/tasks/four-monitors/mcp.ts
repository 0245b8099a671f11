import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';

export const fourMonitors: McpTask = async (call) => {
  const tags = ['disks'];
  for (const number of [1, 2, 3, 4]) {
    const argv = ['sh', 'monitor.sh', `${number}`];
    await call('spawn', { argv, name: `disk-${number}`, tags, screen: 'none' });
  }
  match(await call('wait_many', { tags, text: 'ALARM' }), /disk-3: matched\n.*ALARM: disk 3 is full/);
  await call('kill', { tags });
};
