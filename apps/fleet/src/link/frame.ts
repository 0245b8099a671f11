/**
 * One message of a link, as bytes: a line of numbers, and what it carries. NATS delivers a message at most once, so the
 * numbers say what is missing; see channel.ts.
 */

export type FrameKind =
  /** Asks for a link, with the version of who asks. */
  | 'open'
  /** The link is there. */
  | 'opened'
  /** It could not be had; carries the error. */
  | 'refused'
  /** A line, or a part of one. */
  | 'part'
  | 'end'
  /** A line that may not be sent: its number counts. */
  | 'void'
  /** Carries its numbers only. */
  | 'beat'
  /** The same, and what was received before is to be sent again from there. */
  | 'gap'
  | 'close'
  /** The other end does not know the link: it has begun anew. */
  | 'unknown';

export interface Frame {
  link: string;
  kind: FrameKind;
  /** Of 'part', 'end' and 'void': counted from 1. For others 0. */
  seq: number;
  /** The last that the other end has taken. */
  taken: number;
  /** The last that came without a gap. */
  received: number;
  /** The last that was sent. */
  sent: number;
  payload: Uint8Array;
}

const KINDS: readonly string[] = [
  'open',
  'opened',
  'refused',
  'part',
  'end',
  'void',
  'beat',
  'gap',
  'close',
  'unknown',
] satisfies FrameKind[];
const HEAD = /^([A-Za-z0-9_-]{22}) ([a-z]+) (\d{1,15}) (\d{1,15}) (\d{1,15}) (\d{1,15})$/;
const MAX_HEAD_BYTES = 128;
const NEWLINE = 0x0a;

export const NOTHING = new Uint8Array(0);

export function encodeFrame({ link, kind, seq, taken, received, sent, payload }: Frame): Uint8Array {
  return Buffer.concat([Buffer.from(`${link} ${kind} ${seq} ${taken} ${received} ${sent}\n`), payload]);
}

/** undefined for what is none: anyone with a credential can publish anything. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  const end = bytes.subarray(0, MAX_HEAD_BYTES).indexOf(NEWLINE);
  if (end === -1) return undefined;
  const head = HEAD.exec(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1'));
  if (head === null || !KINDS.includes(head[2] as string)) return undefined;
  const [, link = '', kind, ...numbers] = head;
  const [seq = 0, taken = 0, received = 0, sent = 0] = numbers.map(Number);
  return { link, kind: kind as FrameKind, seq, taken, received, sent, payload: bytes.subarray(end + 1) };
}
