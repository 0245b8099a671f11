/** The policy of a daemon that has one; nothing of it is loaded by others. */
import fs from 'node:fs';
import { RotatingFile, type Settings, type SocketPaths } from '@pilotty/protocol';
import type { Governed, Policy } from './policy.ts';

export async function policyMaker(
  { audit }: SocketPaths,
  { policyFile }: Settings,
): Promise<((governed: Governed) => Policy) | undefined> {
  if (policyFile === undefined) return undefined;
  const [{ Policy }, { AuditTrail }] = await Promise.all([import('./policy.ts'), import('./audit.ts')]);
  const trail = new AuditTrail(new RotatingFile(audit, fs));
  return (governed) => new Policy(policyFile, trail, governed);
}
