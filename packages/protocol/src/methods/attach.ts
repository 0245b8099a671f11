/** People at a session: who is attached, who may type, and how an agent gives the keyboard to a person and gets it back. */
import * as z from 'zod';
import { acted, actParams } from '../conditions.ts';
import { method } from '../method.ts';
import { durationMs, exit, MAX_SIDE, milliseconds, question, reference, size, target } from '../values.ts';

export const attachmentSize = () =>
  z.strictObject({ cols: z.int().min(2).max(MAX_SIDE), rows: z.int().min(1).max(MAX_SIDE) });

/** A person needs longer than a program. */
const HAND_OVER_MS = 600_000;

const client = z.string().describe("a client's label: $PILOTTY_CLIENT, --as, else its program and process");
const message = z.string().min(1).max(1024);

const keyboard = {
  holder: client.nullable().describe('who alone may type; null: everyone may'),
  is_mine: z.boolean().describe('the holder is this client'),
  hand_over: z
    .object({ message, by: client })
    .nullable()
    .describe('the keyboard is offered to a person, for this'),
};

export const attachMethods = {
  'session.attach': method({
    title: 'Be present at a session',
    description:
      'Lists this client as attached until the request is cancelled or the program ends; session.view has the screen. With a window the session gets its size: when it is attached, and again when its client types. The size from before comes back when the last one leaves. A hand-over goes to the attached client that types first.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        window: attachmentSize().optional().describe('size of the terminal that shows the session'),
        read_only: z.boolean().default(false).describe('never types, and never sets the size'),
        inside: z
          .strictObject({
            terminal: z.string().optional().describe('the terminal that the client runs on: /dev/pts/3'),
            session: z.string().optional().describe('its PILOTTY_SESSION'),
          })
          .default({})
          .describe('where the client runs: a session cannot be attached inside itself'),
        questions: z.boolean().default(false).describe('also emit what programs ask a person for'),
        attachment: z
          .string()
          .optional()
          .describe('after an upgrade: the attachment that it goes on with, instead of another one'),
      }),
    stream: () =>
      z.discriminatedUnion('type', [
        z.object({
          type: z.literal('attached'),
          attachment: z.string().describe('for session.window'),
          client: client.describe('what others see this client as'),
          ...reference,
          inside: z.string().optional().describe('name of the session that the client runs in'),
        }),
        z.object({ type: z.literal('keyboard'), ...keyboard }),
        z.object({
          type: z.literal('questions'),
          questions: z.array(question).describe('all there are now; emitted after each change'),
        }),
        z.object({
          type: z.literal('others'),
          attached: z
            .array(z.object({ client, read_only: z.boolean() }))
            .describe('the other clients that are attached; emitted after each change'),
        }),
      ]),
    result: () => z.object({ type: z.literal('attach_end'), ...reference, exit: exit.optional() }),
  }),
  'session.window': method({
    title: 'Change the window of an attached client',
    description: 'The session follows, unless the size of another attached client applies.',
    readOnly: false,
    params: () => z.strictObject({ session: target, attachment: z.string(), window: attachmentSize() }),
    result: () => z.object({ type: z.literal('window_set'), ...reference, size }),
  }),
  'session.take': method({
    title: 'Take the keyboard',
    description:
      'Only this client may type from now on; input of others is refused with KEYBOARD_TAKEN. Clients with the same label are one client. Ends with session.release, after `for_ms`, or with the connection.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        for_ms: milliseconds
          .min(1)
          .optional()
          .describe('for this long, also after the connection has ended (default: until it ends)'),
        steal: z.boolean().default(false).describe('also from another client, who is told'),
      }),
    result: () =>
      z.object({
        type: z.literal('keyboard_taken'),
        ...reference,
        holder: client,
        taken_from: client.optional().describe('who held it before'),
        message: z.string(),
      }),
  }),
  'session.release': method({
    title: 'Release the keyboard',
    description:
      'Everyone may type again; a hand-over is answered. KEYBOARD_TAKEN if another client holds it; no error if none does.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        steal: z.boolean().default(false).describe('also where another client holds it'),
      }),
    result: () =>
      z.object({
        type: z.literal('keyboard_released'),
        ...reference,
        was_held: z.boolean(),
        message: z.string(),
      }),
  }),
  'session.hand_over': method({
    title: 'Hand the keyboard to a person',
    description:
      'Emits a hand_over event with the message; attached people see it. Until the keyboard is released only the person who types first, or takes it, may type. With `until_released` it answers then, with the screen if that was asked for. If no person has released it by the deadline: TIMEOUT.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        message: message.describe('what the person is to do'),
        until_released: z.boolean().default(false),
        timeout_ms: milliseconds.min(1).default(HAND_OVER_MS).describe('then the offer is withdrawn'),
        snapshot: actParams.snapshot,
      }),
    result: () =>
      z.object({
        type: z.literal('handed_over'),
        ...reference,
        released: z
          .boolean()
          .describe('false: it was not waited for, or the program ended before, which has `exit`'),
        person: client.optional().describe('who had the keyboard'),
        duration_ms: durationMs,
        screen: acted.screen,
        exit: exit.optional(),
      }),
  }),
};
