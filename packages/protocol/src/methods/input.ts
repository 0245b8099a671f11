/** What a person would do at the keyboard. Each answers the number its input took in the session's sequence. */
import * as z from 'zod';
import { acted, actParams } from '../conditions.ts';
import { method } from '../method.ts';
import { reference, target, timeoutMs } from '../values.ts';

const sent = {
  ...reference,
  seq: z.int().describe("the input's number in the session's sequence of output and input"),
  bytes: z.int().describe('sent to the program'),
  ...acted,
};

/** One request is one act; what has more of them is a file, for type or paste. */
const MAX_PARTS = 1024;

export const part = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ key: z.string().min(1).describe('one key or more, as session.key takes them') }),
  z.strictObject({
    word: z.string().describe('a key where it is one by the name docs/keys.md has for it, else text'),
  }),
]);

export const inputMethods = {
  'session.type': method({
    title: 'Type text',
    description:
      'Sends the text literally. With `enter`, Enter follows as a separate key press, after the program has read the text. A program without a terminal gets a newline for it.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          session: target,
          ...actParams,
          text: z.string().optional(),
          data_base64: z.base64().optional().describe('bytes that are not UTF-8 text'),
          escapes: z.boolean().default(false).describe('interpret \\n \\t \\e \\xHH and the like in text'),
          enter: z.boolean().default(false),
          eof: z
            .boolean()
            .default(false)
            .describe(
              'then close the stdin of a program without a terminal (spawn with `pipe`); may be all there is',
            ),
          secret: z
            .boolean()
            .default(false)
            .describe(
              'never quoted in logs or errors; refused with CONDITION_FAILED if the terminal would echo it',
            ),
          force: z.boolean().default(false).describe('send a secret although the terminal would echo it'),
          timeout_ms: timeoutMs.describe('time limit for the program to read all of it, in milliseconds'),
        })
        .refine(
          ({ text, data_base64, eof }) =>
            (text === undefined) !== (data_base64 === undefined) ||
            (eof && text === undefined && data_base64 === undefined),
          { message: 'give either text or data_base64' },
        ),
    result: () => z.object({ type: z.literal('typed'), ...sent }),
  }),
  'session.key': method({
    title: 'Press keys',
    description:
      "One or more keys or chords, separated by spaces, in the encoding of the terminal's current modes. All are checked before any is sent.",
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        ...actParams,
        keys: z.string().min(1).describe("'Escape : w q Enter', 'Ctrl+C', 'Alt+Up'"),
        delay_ms: z.int().min(0).max(10_000).default(0).describe('pause between two keys'),
      }),
    result: () =>
      z.object({
        type: z.literal('keys_sent'),
        ...sent,
        keys: z.array(z.string()).describe("as docs/keys.md writes them: 'Ctrl+C' for 'ctrl-c' and '<C-c>'"),
      }),
  }),
  'session.send': method({
    title: 'Send text and keys',
    description:
      'Text and keys, in their order, as one act. All keys are checked before anything is sent, a word that could be either is refused with INVALID_KEY; Enter after text follows as in session.type.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        ...actParams,
        parts: z.array(part).min(1).max(MAX_PARTS).describe('one member each: text, key or word'),
        delay_ms: z.int().min(0).max(10_000).default(0).describe('between keys, and between parts'),
        timeout_ms: timeoutMs.describe('for the program to take it all, in milliseconds, besides the delays'),
      }),
    result: () =>
      z.object({
        type: z.literal('sent'),
        ...sent,
        keys: z.array(z.string()).describe('what was pressed, as docs/keys.md writes it; all else was typed'),
      }),
  }),
  'session.paste': method({
    title: 'Paste text',
    description: 'Sends text as a paste: in bracketed-paste sequences if the program has enabled that mode.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        ...actParams,
        text: z.string(),
        enter: z.boolean().default(false).describe('then press Enter, after the program has read the text'),
        timeout_ms: timeoutMs.describe('time limit for the program to read all of it, in milliseconds'),
      }),
    result: () => z.object({ type: z.literal('pasted'), ...sent, bracketed: z.boolean() }),
  }),
};
