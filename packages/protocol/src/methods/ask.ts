/** Secrets that programs ask for by their askpass program, as sudo, ssh and git do: a person answers, and who asks has it. */
import * as z from 'zod';
import { method } from '../method.ts';
import { milliseconds, reference, target } from '../values.ts';

/** As a hand-over: a person needs longer than a program. */
const ASK_MS = 600_000;
/** Longer passwords than this are files. */
const MAX_ANSWER_LENGTH = 65_536;

export const askMethods = {
  'session.ask': method({
    title: 'Ask a person for a secret',
    description:
      "What 'pilotty askpass' asks for the program that runs it. The question is an event (asked) and stands in session.list and session.status until session.answer answers or cancels it, the request is cancelled, the session ends, or the deadline passes: TIMEOUT. What a person answers is in the result of this request, and nowhere else.",
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        prompt: z.string().describe('what the program says; 1024 characters of it are shown'),
        timeout_ms: milliseconds.min(1).default(ASK_MS),
        question: z
          .string()
          .optional()
          .describe('after an upgrade: the question that it goes on with, instead of another one'),
      }),
    result: () =>
      z.object({
        type: z.literal('answered'),
        ...reference,
        question: z.string(),
        text: z.string().nullable().describe('null: a person has declined to answer'),
      }),
  }),
  'session.answer': method({
    title: 'Answer a question',
    description:
      'Gives a program the secret that it asks for by its askpass program; it is in no event, log, recording or error. CONDITION_FAILED if there is no such question.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          session: target,
          question: z.string().optional().describe('its id (default: the only one there is)'),
          text: z.string().max(MAX_ANSWER_LENGTH).optional(),
          cancel: z.boolean().default(false).describe('decline: the program is told that there is no answer'),
        })
        .refine(({ text, cancel }) => (text === undefined) === cancel, {
          message: 'give either text or cancel',
        }),
    result: () =>
      z.object({
        type: z.literal('question_answered'),
        ...reference,
        question: z.string(),
        message: z.string(),
      }),
  }),
};
