/** What may stand in a project file. The JSON schema that editors use, pilotty.schema.json, is made of it. */
import { MAX_DURATION_MS, parseDuration } from '@pilotty/client';
import * as z from 'zod';

/** The longest name of a session in the daemon. */
export const MAX_NAME_LENGTH = 64;
/** With `project=` before it, it is a tag. */
const MAX_PROJECT_LENGTH = 56;

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
const duration = z
  .string('a duration is a text such as "500ms", "2s" or "5m"')
  .regex(DURATION, 'a duration is a text such as "500ms", "2s" or "5m"')
  .refine((text) => (parseDuration(text) ?? 0) <= MAX_DURATION_MS, 'a duration is at most 24 days');

const name = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]*$/,
    'a name has letters, digits, ".", "_" and "-", and begins with none of "." and "-"',
  )
  .max(MAX_NAME_LENGTH, `a name has at most ${MAX_NAME_LENGTH} characters`);

const words = z.string().min(1, 'must not be empty');
const texts = z.union([words, z.array(words).min(1).max(32)], 'must be a text, or an array of texts');

const conditions = z.strictObject(
  {
    text: texts
      .optional()
      .describe('the screen shows it, or it has scrolled by since the start; of several, all'),
    regex: texts.optional().describe('the same for regular expressions, in RE2 syntax'),
    gone: texts.optional().describe('the screen does not show it'),
    gone_regex: texts.optional(),
    settle: duration.optional().describe('the screen has not changed for this long'),
    idle: duration.optional().describe('there was no output and no input for this long'),
    prompt: z.boolean().optional().describe('a shell or REPL is at its prompt'),
    reads: z.boolean().optional().describe('the program has started and waits for input (Linux)'),
    title: words.optional().describe('the title contains this'),
    bell: z.boolean().optional().describe('the bell has rung'),
    exit: z.literal(0).optional().describe('the program has ended with the code 0'),
    any: z.boolean().optional().describe('one of the conditions is enough'),
    timeout: duration.optional().describe('how long `up` waits for it (default: 60s)'),
  },
  'must be a text, or an object of conditions',
);

const RESTART = /^(?:no|(?:on-failure|always)(?::[1-9]\d{0,5})?)$/;
const restart = z.union(
  [
    z.string().regex(RESTART, 'must be no, on-failure or always, or with a limit such as on-failure:3'),
    z.strictObject({
      mode: z.enum(['on-failure', 'always']),
      limit: z.int().min(1).max(1_000_000).optional().describe('restarts in a row (default: 10)'),
      delay: duration.optional().describe('before the first restart; doubles each time (default: 1s)'),
      max_delay: duration.optional().describe('the longest delay (default: 1m)'),
    }),
  ],
  'must be no, on-failure or always, or an object of mode, limit, delay and max_delay',
);

const condition = z.enum(['started', 'ready', 'completed'], 'must be started, ready or completed');

const session = z.strictObject({
  command: z
    .union(
      [words, z.array(z.string()).min(1, 'must name a program')],
      'must be a text for sh -c, or an array of the program and its arguments',
    )
    .describe(
      'the program and its arguments, as an array; a text is run by sh -c, so that $NAME, pipes and && work',
    ),
  directory: words
    .optional()
    .describe('where it runs, relative to this file (default: the directory of this file)'),
  environment: z
    .record(
      z.string().regex(/^[^=\0]+$/, 'a variable has a name, without ='),
      z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number or a boolean'),
    )
    .optional()
    .describe('variables, added to those of who runs up'),
  env_file: texts
    .optional()
    .describe('files of NAME=VALUE lines, relative to this file; environment goes before'),
  size: z
    .string()
    .regex(/^\d{1,4}x\d{1,4}$/, 'a size is COLSxROWS, such as "120x40"')
    .optional()
    .describe('of the terminal (default: 80x24)'),
  pipe: z.boolean().optional().describe('without a terminal: stdin, stdout and stderr are pipes'),
  tags: z
    .array(
      z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9._:/=@-]{0,63}$/,
          'a tag is 1 to 64 letters, digits or ._:/=@- and starts with a letter or digit',
        ),
    )
    .max(60)
    .optional()
    .describe('besides project=NAME'),
  ready: z
    .union([words, conditions], 'must be a text, or an object of conditions')
    .optional()
    .describe('when it can be used; a text is short for {"text": …}'),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), condition)], 'must be an array of names, or an object')
    .optional()
    .describe(
      'what must come before it is started: names, for ready where they say what that is and started where not; or names with started, ready or completed (ended with the code 0)',
    ),
  restart: restart.optional().describe('run it again when it ends by itself (default: no)'),
  record: z.boolean().optional().describe('record it, from its first output on'),
});

export const projectFile = z.strictObject({
  $schema: z.string().optional(),
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'a project has letters, digits, ".", "_" and "-" in its name, and begins with a letter or digit',
    )
    .max(MAX_PROJECT_LENGTH, `the name of a project has at most ${MAX_PROJECT_LENGTH} characters`)
    .optional()
    .describe('of the project; its sessions have the tag project=NAME (default: the name of the directory)'),
  prefix: name
    .optional()
    .describe('stands before the name of each session, for projects with the same names'),
  sessions: z.record(name, session).describe('by their names'),
});

export type ProjectFile = z.output<typeof projectFile>;
export type SessionSettings = ProjectFile['sessions'][string];
