/** What a program has of this process. */
import { callerEnvironment } from '@pilotty/client';
import type { SpawnRequest } from './link.ts';
import type { SpawnParams } from './protocol-types.ts';

/** The request with a directory and a whole environment. */
export function withInherited(
  { clean_env: isClean = false, env = {}, cwd, in: place, ...params }: SpawnRequest,
  own: { env: Readonly<Record<string, string | undefined>>; cwd: string },
): SpawnParams {
  const inherited = callerEnvironment(own.env);
  if (place !== undefined) {
    const inside = { place, cwd, env: setOf(env) };
    return { ...params, in: inside, cwd: own.cwd, env: inherited };
  }
  return { ...params, cwd: cwd ?? own.cwd, env: setOf({ ...(isClean ? {} : inherited), ...env }) };
}

function setOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set);
}
