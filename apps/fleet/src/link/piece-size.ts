import type { NatsConnection } from '@nats-io/nats-core';

/** A server may allow less than the megabyte that is its preset, and one of a cluster less than another. */
const MAX_PIECE_BYTES = 256 * 1024;
const HEAD_BYTES = 256;

/** How much of a line is one message. */
export function maxPieceBytes({ info }: NatsConnection): number {
  return Math.min(MAX_PIECE_BYTES, Math.max(HEAD_BYTES, (info?.max_payload ?? MAX_PIECE_BYTES) - HEAD_BYTES));
}
