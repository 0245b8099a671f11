/** The part that has NATS is a program of its own: faces load it where a fleet is meant, and have only its types. */
import { join } from 'node:path';
import { ConnectionError, type ErrorBody, RequestError } from '@pilotty/client';
import type { HostClient } from '@pilotty/client/node';
import type { FleetProgram } from './fleet-program.ts';

export { noAddress } from './address-forms.ts';

/** @param directory where the build's programs lie side by side */
export async function loadFleet(directory: string): Promise<FleetProgram> {
  const { createRequire } = await import('node:module');
  const path = join(directory, 'pilotty-fleet.cjs');
  return createRequire(path)(path) as FleetProgram;
}

/** Its classes are not ours. */
function asOurs(error: unknown): unknown {
  if (!(error instanceof Error) || !('toBody' in error) || typeof error.toBody !== 'function') return error;
  const body = error.toBody() as ErrorBody;
  if (error.name === 'RequestError')
    return RequestError.fromBody(body, (error as Error & { rpcCode?: number }).rpcCode);
  const { code, message, suggestion } = body;
  const { isAbsent = false } = error as { isAbsent?: boolean };
  return new ConnectionError(message, {
    suggestion,
    isAbsent,
    ...(code === 'HOST_UNREACHABLE' && { code }),
  });
}

/** @throws RequestError, ConnectionError of ours */
export async function asking<T>(ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw asOurs(error);
  }
}

/** The same client, whose errors are ours. */
export function clientOfOurs(client: HostClient): HostClient {
  return {
    request: async (method, params, options) => await asking(() => client.request(method, params, options)),
    disconnected: () => client.disconnected(),
    close: () => client.close(),
    surroundings: async (name) => await asking(() => client.surroundings(name)),
  };
}
