/** What a program has of this process. */
import { callerEnvironment } from '@pilotty/client';
import type { SpawnRequest } from './link.ts';
import type { SpawnParams } from './protocol-types.ts';

/** The request with a directory and a whole environment. */
export function withInherited(
  { clean_env: isClean = false, env = {}, cwd, ...params }: SpawnRequest,
  own: { env: Readonly<Record<string, string | undefined>>; cwd: string },
): SpawnParams {
  const all = { ...(isClean ? {} : callerEnvironment(own.env)), ...env };
  const set = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...params, cwd: cwd ?? own.cwd, env: Object.fromEntries(set) };
}
