/** How much of a link may be on its way, and how much of that is one message. */
import type { NatsConnection } from '@nats-io/nats-core';

/** An answer with a screen is some kilobytes, a flood is as fast with more. */
export const WINDOW_BYTES = 1024 * 1024;
const MIN_WINDOW_BYTES = 64 * 1024;
/** A nats-server ends a connection with 64 MB before it. That of a client is for all the hosts that it asks. */
const ALL_WINDOWS_BYTES = 32 * 1024 * 1024;
/** With less each, they would take longer than some after the others. */
export const MAX_LINKS_AT_ONCE = ALL_WINDOWS_BYTES / MIN_WINDOW_BYTES;

/** A server may allow less than the megabyte that is its preset, and one of a cluster less than another. */
const MAX_PIECE_BYTES = 256 * 1024;
const HEAD_BYTES = 256;

export interface Window {
  /** Of what this end sends. */
  windowBytes: number;
  maxPieceBytes: number;
  /** What is taken of the other end is said after so much of its window, so that a flood need not wait for a beat. */
  sayTakenBytes: number;
}

/** @param own what the other end wants of us; @param others what we want of it. Anyone can send anything. */
export function windowOf({ info }: NatsConnection, own?: unknown, others?: unknown): Window {
  const windowBytes = inBounds(own);
  const largest = Math.min(MAX_PIECE_BYTES, windowBytes / 4);
  const allowed = (info?.max_payload ?? largest) - HEAD_BYTES;
  return {
    windowBytes,
    maxPieceBytes: Math.floor(Math.min(largest, Math.max(HEAD_BYTES, allowed))),
    sayTakenBytes: inBounds(others) / 4,
  };
}

function inBounds(wanted: unknown): number {
  if (typeof wanted !== 'number') return WINDOW_BYTES;
  return Math.min(WINDOW_BYTES, Math.max(MIN_WINDOW_BYTES, wanted));
}

/** Of each of so many hosts that one connection asks at the same time. */
export function windowFor(hosts: number): number {
  return Math.floor(ALL_WINDOWS_BYTES / Math.max(1, hosts));
}
