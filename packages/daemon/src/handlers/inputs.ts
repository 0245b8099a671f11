/** What was sent to a session that is recorded: as a list, or as a test or a script. */
import { commandLine, RequestError, type Result } from '@pilotty/protocol';
import type { SentInput } from '../input/journal.ts';
import { type Look, lookAt } from '../input/look.ts';
import { recordedOf } from '../scripts/recorded.ts';
import { shellScript } from '../scripts/shell-script.ts';
import { type TestRunner, testScript } from '../scripts/test-script.ts';
import { parsedUpTo } from '../waiting/conditions.ts';
import { waitUntil } from '../waiting/wait.ts';
import type { Handlers } from './handler.ts';

export const inputsHandlers: Handlers<'session.inputs'> = {
  'session.inputs': async (services, { session: target, format }, call) => {
    const session = services.sessions.get(target);
    const { journal, name, reference, argv, cwd, term } = session;
    if (journal === undefined) throw notRecorded(name);
    await waitUntil(session, parsedUpTo(session), call);
    const { inputs, missed, size } = journal;
    const last = lookAt(session);
    return {
      type: 'inputs',
      ...reference,
      argv: [...argv],
      cwd,
      term,
      size: { ...size },
      inputs: inputs.map((input, index) => described(input, inputs[index + 1]?.before ?? last)),
      ...(missed > 0 && { missed_inputs: missed }),
      ...(format !== 'json' && { text: await scriptOf(format) }),
    };

    async function scriptOf(as: TestRunner | 'shell'): Promise<string> {
      const recorded = await recordedOf(session, journal as NonNullable<typeof journal>, commandLine(argv));
      return as === 'shell' ? shellScript(recorded) : testScript(recorded, as);
    }
  },
};

function described(
  { seq, atMs, revision, method, params, before }: SentInput,
  after: Look,
): Result<'session.inputs'>['inputs'][number] {
  const known = new Set(before.rows);
  return {
    seq,
    at_ms: atMs,
    revision,
    method,
    ...(params === undefined ? { hidden: true as const } : { params: { ...params } }),
    shown: after.rows.filter((row) => row !== '' && !known.has(row)),
  };
}

function notRecorded(name: string): RequestError {
  return new RequestError('UNAVAILABLE', `The input of session '${name}' is not recorded`, {
    suggestion: "Start the program with 'pilotty spawn --keep-input'.",
  });
}
