/**
 * Prints what this reader has not read yet: at once, or when the program asks for input, or at a
 * deadline, or as it comes.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { MAX_DURATION_MS } from '@pilotty/client';
import { type Around, command, type Given } from '../command.ts';
import { endsInPrompt, TAIL_BYTES } from '../prompt.ts';
import type { Session } from '../sessions/session.ts';
import { waitsForInput } from '../waits-for-input.ts';
import { wholeNumber } from '../whole-number.ts';

/** A program that asks for input, and has been sent the next line already, goes on within this time. */
const QUIET_MS = 50;
const DEFAULT_READER = 'default';

export const read = command({
  usage: 'ID',
  summary: 'print what the program has printed and was not read yet',
  options: {
    timeout: { placeholder: 'MS', description: 'wait until it asks for input, at most so long' },
    wait: { description: 'wait until it asks for input, however long' },
    follow: { description: 'go on until it ends' },
    lines: { placeholder: 'N', description: 'only the first N lines; the rest stays unread' },
    reader: { placeholder: 'NAME', description: 'read under a name of your own; others read it all too' },
  },
  most: 1,
  examples: [
    ['delta-sessions read ID --timeout 5000', 'as soon as the shell is back, or after five seconds'],
    ['delta-sessions read ID --follow', 'like tail -f'],
    ['delta-sessions read ID --lines 10', 'ten lines'],
  ],
  async run(given, around) {
    const reading = readingOf(given);
    const session = around.sessions.get(given.arguments[0]);
    if (reading.how === 'prompt') await untilPrompt(session, reading, around);
    else await session.update();
    if (session.isRunning) await session.learnDirectory();
    if (!session.isRunning && session.unread(reading.reader).length === 0) {
      throw around.sessions.dead(session);
    }
    if (reading.how === 'follow') await follow(session, reading, around);
    else await print(session, reading, around);
    return 0;
  },
});

interface Reading {
  how: 'now' | 'prompt' | 'follow';
  withinMs: number;
  lines: number;
  reader: string;
}

function readingOf({ options }: Given): Reading {
  const timeoutMs = wholeNumber(options.get('timeout'), 'timeout');
  const waits = options.has('wait') || (timeoutMs ?? 0) > 0;
  return {
    how: options.has('follow') ? 'follow' : waits ? 'prompt' : 'now',
    withinMs: options.has('wait') ? MAX_DURATION_MS : (timeoutMs ?? 0),
    lines: wholeNumber(options.get('lines'), 'number of lines') ?? Number.POSITIVE_INFINITY,
    reader: options.get('reader') || DEFAULT_READER,
  };
}

async function untilPrompt(session: Session, reading: Reading, { io }: Around): Promise<void> {
  const enough = new AbortController();
  const stop = () => enough.abort();
  const deadline = setTimeout(stop, reading.withinMs);
  let quiet: NodeJS.Timeout | undefined;
  let pieces = 0;
  const look = () => {
    pieces += 1;
    clearTimeout(quiet);
    if (hasEnough(session, reading)) quiet = setTimeout(stop, QUIET_MS);
  };
  const askDaemon = async () => {
    while (await waitsForInput(session, enough.signal)) {
      const seen = pieces;
      await delay(QUIET_MS);
      if (pieces === seen) stop();
    }
  };
  io.signal.addEventListener('abort', stop);
  try {
    look();
    const asking = askDaemon();
    asking.catch(stop);
    await session.follow(enough.signal, look);
    stop();
    await asking;
    io.signal.throwIfAborted();
  } finally {
    clearTimeout(quiet);
    clearTimeout(deadline);
    io.signal.removeEventListener('abort', stop);
  }
}

function hasEnough(session: Session, { lines, reader }: Reading): boolean {
  if (lines !== Number.POSITIVE_INFINITY && newlines(session.unread(reader)) >= lines) return true;
  const { output, state } = session;
  return output.end > state.input_offset && endsInPrompt(output.tail(TAIL_BYTES));
}

async function follow(session: Session, reading: Reading, around: Around): Promise<void> {
  const enough = new AbortController();
  const stop = () => enough.abort();
  around.io.signal.addEventListener('abort', stop);
  let { lines } = reading;
  const say = async () => {
    lines -= await print(session, { ...reading, lines }, around);
    if (lines <= 0) stop();
  };
  await say();
  await session.follow(enough.signal, say);
  around.io.signal.throwIfAborted();
  // Of a program that has ended, also the last bytes that are half a character.
  if (lines > 0) await say();
}

/** Answers how many lines it printed. */
async function print(session: Session, { reader, lines }: Reading, { io }: Around): Promise<number> {
  let printed = 0;
  for (let isCut = true; isCut && printed < lines; ) {
    const unread = await session.take(reader, lines - printed);
    const { bytes, missed } = unread;
    if (missed > 0) await io.stderr.write(`${missed} bytes were printed here and are no longer kept\n`);
    try {
      if (bytes.length > 0) await io.stdout.write(bytes);
    } catch (error) {
      await session.giveBack(reader, unread);
      throw error;
    }
    printed += newlines(bytes);
    isCut = unread.isCut;
  }
  return printed;
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) count++;
  return count;
}
