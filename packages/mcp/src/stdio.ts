/** The server on a pair of streams: one connection, from its first message to the end of the input. */
import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import { LongTexts } from './answers/long-texts.ts';
import { CheckedInput } from './checked-input.ts';
import { createServer, type ServerOptions } from './server.ts';

// Compiling validators takes longer than all that a client of one conversation has checked.
z.config({ jitless: true });

/** A request with a paste or a script in it. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** Resolves when the client has closed its end, or `signal` aborts; what is still running is cancelled. */
export async function serveStreams(
  options: ServerOptions,
  {
    input,
    output,
    signal,
    failed,
  }: {
    input: Readable;
    output: Writable;
    signal: AbortSignal;
    /** Something about the connection went wrong; it goes on. */
    failed: (error: Error) => void;
  },
): Promise<void> {
  // Refused here, and not with the first message.
  createServer(options);
  const longTexts = new LongTexts();
  const checked = input.pipe(new CheckedInput(output, MAX_MESSAGE_BYTES));
  // As a pipe does not.
  input.once('error', (error) => checked.destroy(error)).once('close', () => checked.end());
  const transport = new StdioServerTransport(checked, output, { maxBufferSize: MAX_MESSAGE_BYTES });
  await new Promise<void>((resolve) => {
    const close = transport.close.bind(transport);
    // Also where the server closes it by itself: at the end of the input, and at a message that is too long.
    transport.close = () => {
      input.unpipe(checked).pause();
      return close().finally(resolve);
    };
    serveStdio(() => createServer({ longTexts, ...options }), { transport, onerror: failed });
    signal.addEventListener('abort', () => void transport.close(), { once: true });
    if (signal.aborted) void transport.close();
  });
}
