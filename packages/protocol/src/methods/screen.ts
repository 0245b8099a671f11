/** The screen, and the output. */
import * as z from 'zod';
import { waitParams, waitResult } from '../conditions.ts';
import { lookParams, screenState } from '../look.ts';
import { method } from '../method.ts';
import {
  exit,
  fromStream,
  loss,
  milliseconds,
  pastMoment,
  reference,
  retention,
  size,
  stream,
  target,
  timeoutMs,
} from '../values.ts';

export const screenMethods = {
  'session.snapshot': method({
    title: 'Look at the screen',
    description:
      'The screen: now (in the first half second of a session: once it is not blank), or once it differs from a known hash or revision, or once it has settled. After a deadline or an exit the answer is the latest screen; see `outcome`.',
    readOnly: true,
    params: () =>
      lookParams({
        session: target,
        await_change: z.int().min(0).optional().describe('a content_hash or revision of an earlier answer'),
        settle_ms: milliseconds
          .optional()
          .describe('then wait until the screen has not changed for this long'),
        wait: waitParams({}).optional().describe('first wait for this; it has its own deadline'),
        at: pastMoment
          .optional()
          .describe(
            "the screen as it was: so long ago ('-5s', '-1m30s'), or at a time (ISO 8601, with its zone)",
          ),
        at_offset: z
          .int()
          .min(0)
          .optional()
          .describe('the screen as it was when the program had written so many bytes'),
        timeout_ms: timeoutMs,
      })
        .refine(({ at, at_offset }) => at === undefined || at_offset === undefined, {
          message: 'give at or at_offset, not both',
        })
        .refine(
          ({ at, at_offset, await_change, settle_ms, wait, since, elements, format }) =>
            (at ?? at_offset) === undefined ||
            ((await_change ?? settle_ms ?? wait ?? since) === undefined && !elements && format !== 'new'),
          {
            message:
              'a past screen goes without wait, await_change, settle_ms, since, elements and format new',
          },
        ),
    result: () =>
      screenState.extend({
        wait: waitResult.optional(),
        shown_at: z
          .string()
          .optional()
          .describe(
            'of a past screen: the moment that it shows, the one asked for or the last known one before it; its revision is 0',
          ),
        shown_offset: z.int().optional().describe('of a past screen: how many bytes of output it shows'),
      }),
  }),
  'session.output': method({
    title: 'Read what was printed',
    description:
      'The retained output: readable lines, or the exact bytes. Offsets count the bytes of output since the start; bytes that are no longer retained are counted in `missed_bytes`.',
    readOnly: true,
    params: () =>
      z
        .strictObject({
          session: target,
          format: z.enum(['text', 'ansi']).default('text'),
          tail: z.int().min(0).max(10_000_000).optional().describe('only the last N lines'),
          since: z.int().min(0).optional().describe('only from this offset'),
          command_number: z
            .int()
            .optional()
            .describe('only the output of this shell command; -1: the last one'),
          follow: z
            .boolean()
            .default(false)
            .describe('keep streaming until the program, or the command, ends'),
          stream: z
            .enum([...stream.options, 'both'])
            .default('both')
            .describe('of a program without a terminal: only what it wrote to this; else NO_TERMINAL'),
          hold_back: z
            .boolean()
            .default(false)
            .describe(
              'with follow: the program waits while this reader is behind, so that nothing is dropped',
            ),
          as_kept: z
            .boolean()
            .default(false)
            .describe(
              'to keep it: in format ansi, with `offset` and `size`, and asterisks for what matches PILOTTY_REDACT',
            ),
        })
        .refine((p) => !p.hold_back || p.follow, { message: 'hold_back needs follow' })
        .refine(
          (p) =>
            !p.as_kept ||
            (p.format === 'ansi' &&
              p.tail === undefined &&
              p.command_number === undefined &&
              p.stream === 'both'),
          { message: 'as_kept needs format ansi, and is about all of it' },
        )
        .refine((p) => p.command_number === undefined || p.since === undefined, {
          message: 'give since or command_number, not both',
        }),
    stream: () =>
      z.object({
        output: z.string().optional().describe('format text'),
        output_base64: z.string().optional().describe('format ansi'),
        stream: stream.optional().describe('where it was written to, by a program without a terminal'),
        next_offset: z.int().describe('everything before this offset has been sent'),
        truncated: z.literal(true).optional().describe('bytes were dropped before they could be sent'),
        missed_bytes: z
          .int()
          .optional()
          .describe(
            'format text: so many bytes were dropped before they could be sent, of `stream` where there is one; the lines that this cut are none of what comes next, where there is a terminal, and `output` is empty',
          ),
        offset: z.int().optional().describe('with as_kept: of its first byte'),
        size: size.optional().describe('with as_kept: of the terminal that it was written to'),
      }),
    result: () =>
      z.object({
        type: z.literal('output'),
        ...reference,
        format: z.enum(['text', 'ansi']),
        offset: z.int().describe('offset of the first byte of the answer'),
        next_offset: z.int().describe('pass it as `since` to continue'),
        ...loss,
        retention,
        exit: exit.optional(),
        from_stream: fromStream
          .optional()
          .describe('of a fleet: its output stream has answered, not the host'),
      }),
  }),
};
