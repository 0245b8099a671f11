/** JetStream as it is read and written for a fleet: within a time, and without a question to the server of what it is. */
import { JetStreamApiError, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { Nats } from './connect.ts';

/** Without this, an answer that takes long is one that does not come. */
export const ANSWER_WITHIN_MS = 5_000;
const STREAM_NOT_FOUND = 10059;

export function openManager({ connection }: Nats): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
}

export function isStreamNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND;
}
