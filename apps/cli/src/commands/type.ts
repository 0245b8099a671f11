import { isUtf8 } from 'node:buffer';
import type { Params } from '@pilotty/client';
import { actOnEach, actOptions } from '../act-options.ts';
import { command, deadline, flag, optional, text, value } from '../command.ts';
import type { Io } from '../io.ts';
import { readStdin } from '../read-input.ts';
import { readSecret, secretSource } from '../secret-source.ts';
import { selectorOptions } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'type',
  summary: 'type text',
  description: `Sends the text as it is, backslashes included; 'pilotty send' takes text and keys in one call.
A secret is refused while the terminal echoes input, and at the prompt of a shell or another line editor (recognized by
its bracketed-paste mode): wait for the question first. A program in raw mode, such as a dialog with a password field,
decides itself what it shows. The value is in no argument, log, error or retained input; it is in the output only if the program prints it.`,
  arguments: { text: optional("the text; '-' reads it from stdin", text) },
  options: {
    ...selectorOptions,
    enter: flag('press Enter after it'),
    eof: flag('then close the stdin of a program without a terminal (spawn --pipe); may be all there is'),
    escapes: flag('\\n, \\t, \\xHH and the like are escape sequences as in C'),
    secret: secretSource('take the text from env:NAME, file:PATH or - (stdin), never from the arguments'),
    force: flag('type the secret even if it may be echoed'),
    timeout: value('TIME', deadline, 'time limit for the program to read it (default: 30s)', 't'),
    ...actOptions,
  },
  examples: [
    [
      "pilotty type 'git status' --enter --wait-prompt -f text",
      'run a command in a shell, and see its screen',
    ],
    ['pilotty type - < script.py', 'type a file'],
    ['pilotty type -s login --secret env:PASSWORD --enter', 'answer a password prompt'],
    ['pilotty type --tag ci make --enter', 'the same to several sessions: each has its own result'],
    [
      "pilotty type -s sums '2+2' --enter --eof",
      'to a program without a terminal, and that is all of its input',
    ],
    ['pilotty type -- -v', 'text that begins with -'],
  ],
  startsDaemon: true,
  needsProcess: ({ secret }) => secret?.startsWith('file:') ?? false,
  async run(given, io, client) {
    const { text, enter, eof, escapes, secret, force, timeout } = given;
    if (force && secret === undefined) throw new UsageError('--force needs --secret');
    const params: Omit<Params<'session.type'>, 'session'> = {
      ...(eof && text === undefined && secret === undefined
        ? {}
        : await contentOf(text, secret, timeout, io)),
      enter,
      eof: eof || undefined,
      escapes,
      ...(secret !== undefined && { secret: true, force }),
      timeout_ms: timeout,
    };
    if (escapes && params.data_base64 !== undefined)
      throw new UsageError('--escapes needs text, and what was read is not UTF-8');
    return actOnEach('session.type', params, given, io, client);
  },
});

async function contentOf(
  given: string | undefined,
  secret: string | undefined,
  timeoutMs: number | undefined,
  io: Io,
): Promise<{ text?: string; data_base64?: string }> {
  if (secret !== undefined) {
    if (given !== undefined) throw new UsageError('TEXT cannot be combined with --secret');
    return contentFrom(await readSecret(secret, timeoutMs, io));
  }
  if (given === undefined) throw new UsageError('TEXT is missing');
  if (given !== '-') return { text: given };
  return contentFrom(await readStdin('TEXT', given, timeoutMs, io));
}

/** Bytes that are no text go as they are. */
function contentFrom(bytes: Buffer): { text: string } | { data_base64: string } {
  return isUtf8(bytes) ? { text: bytes.toString() } : { data_base64: bytes.toString('base64') };
}
