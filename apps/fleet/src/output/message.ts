/** A message of the output stream: some output of one session, its payload as it is, and in its headers what that is. */
import type { StoredMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { Result } from '@pilotty/client';

export type Exit = NonNullable<Result<'session.output'>['exit']>;
type Stream = 'stdout' | 'stderr';

export interface Size {
  cols: number;
  rows: number;
}

/** Bytes that were written to the same stream, one after another. */
export interface Run {
  stream: Stream;
  length: number;
}

export interface KeptOutput {
  /** The session's name then. */
  name: string;
  /** Offsets of the first byte, and behind the last. There may be fewer bytes where something in them is covered. */
  from: number;
  to: number;
  bytes: Uint8Array;
  /** Of the terminal. */
  size?: Size | undefined;
  /** Of a program without one. */
  runs?: Run[] | undefined;
  /** The program has ended, and has printed no more than this. */
  exit?: Exit | undefined;
}

const NAME = 'Pilotty-Session';
const FROM = 'Pilotty-From';
const TO = 'Pilotty-To';
const SIZE = 'Pilotty-Size';
const RUNS = 'Pilotty-Streams';
const EXIT = 'Pilotty-Exit';

export function headersOf({ name, from, to, size, runs, exit }: KeptOutput): MsgHdrs {
  const made = headers();
  made.set(NAME, name);
  made.set(FROM, String(from));
  made.set(TO, String(to));
  if (size) made.set(SIZE, `${size.cols}x${size.rows}`);
  if (runs) made.set(RUNS, runs.map(({ stream, length }) => `${stream}:${length}`).join());
  if (exit) made.set(EXIT, JSON.stringify(exit));
  return made;
}

/** undefined for what is none: others may write into the stream too. */
export function keptOutputOf({ header, data }: Pick<StoredMsg, 'header' | 'data'>): KeptOutput | undefined {
  const from = offsetOf(header, FROM);
  const to = offsetOf(header, TO);
  const name = header.get(NAME);
  if (from === undefined || to === undefined || to < from || name === '') return undefined;
  const [, cols, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(header.get(SIZE)) ?? [];
  const runs = runsOf(header.get(RUNS));
  const exit = exitOf(header.get(EXIT));
  return {
    ...{ name, from, to, bytes: data },
    ...(cols !== undefined && rows !== undefined && { size: { cols: Number(cols), rows: Number(rows) } }),
    ...(runs.length > 0 && { runs }),
    ...(exit && { exit }),
  };
}

function offsetOf(header: MsgHdrs, name: string): number | undefined {
  const text = header.get(name);
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function runsOf(text: string): Run[] {
  return [...text.matchAll(/(stdout|stderr):(\d{1,9})/g)].map(([, stream, length]) => ({
    stream: stream as Stream,
    length: Number(length),
  }));
}

function exitOf(text: string): Exit | undefined {
  try {
    const exit: unknown = text === '' ? undefined : JSON.parse(text);
    return typeof exit === 'object' && exit !== null ? (exit as Exit) : undefined;
  } catch {
    return undefined;
  }
}
