/** The part that has NATS: a program of its own, loaded where a fleet is meant. */
import type { FleetProgram } from '@pilotty/app-fleet';
import { type Client, ConnectionError, type ErrorBody, RequestError } from '@pilotty/client';
import type { Io } from '../io.ts';
import { loadProgram, programPath } from '../programs.ts';

export async function loadFleet(io: Pick<Io, 'daemonProgram'>): Promise<FleetProgram> {
  return (await loadProgram(programPath(io, 'pilotty-fleet.cjs'))) as FleetProgram;
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
export async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw asOurs(error);
  }
}

/** The same client, whose errors are ours. */
export function clientOfOurs(client: Client): Client {
  return {
    request: async (method, params, options) => await asking(() => client.request(method, params, options)),
    disconnected: () => client.disconnected(),
    close: () => client.close(),
  };
}
