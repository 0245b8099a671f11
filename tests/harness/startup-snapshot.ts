/** Startup snapshots for what tests and benchmarks start (docs/decisions/0043-startup-snapshot.md). */
import { join } from 'node:path';
import { leaveSnapshot } from '../../apps/daemon/src/leave-snapshot.ts';
import { daemonArguments } from '../../packages/client/src/node.ts';
import { socketPathsIn } from '../../packages/protocol/src/index.ts';

/** As a daemon does once it is at rest: the next ones of this build are started from it. Only where this Node makes one. */
export async function leaveSnapshotIn(dist: string): Promise<void> {
  const program = join(dist, 'pilotty-daemon.cjs');
  const words = daemonArguments(program, socketPathsIn('/'));
  const execArgv = words.slice(0, words.indexOf(program));
  const { execPath, pid, version } = process;
  await leaveSnapshot({ argv: [execPath, program], env: {}, execArgv, execPath, pid, version });
}
