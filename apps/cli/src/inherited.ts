/** What programs have of the client that has them started again, or all at once: not of one that is spawned alone. */
import { callerEnvironment, type Params } from '@pilotty/client';
import { requireDecoded } from '@pilotty/client/node';
import type { Io } from './io.ts';

export async function inheritedOf(io: Io): Promise<Inherited> {
  if (io.surroundings !== undefined) {
    const { home: _home, ...inherited } = await io.surroundings();
    return inherited;
  }
  const env = callerEnvironment(io.env);
  await requireDecoded(io, { variables: Object.keys(env), directory: undefined });
  return { env, ...(await io.inheritance()) };
}

type Inherited = Pick<Params<'session.spawn'>, 'env' | 'umask' | 'nice' | 'limits'>;
