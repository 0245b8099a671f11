/** Act, wait, look: what every command that acts takes besides its own options, and how it answers. */
import type { Client, Params } from '@pilotty/client';
import {
  type Acted,
  type AnswerGiven,
  answerOptions,
  printActed,
  printAllActed,
  requireAnswerable,
  snapshotAsked,
} from './act-answer.ts';
import { broadcast } from './broadcast.ts';
import { type Always, type Given, grouped, integer, list, nonEmpty, value } from './command.ts';
import type { Io } from './io.ts';
import { type GivenSelector, selectorOf } from './selector.ts';
import { afterwardsOptions, several, WAIT_TOPIC, waitOf } from './wait-options.ts';

export const lookOptions = { ...afterwardsOptions, ...answerOptions };

export const actOptions = {
  ...grouped(
    'Only if',
    {
      'if-text': list('TEXT', nonEmpty, 'the screen shows TEXT; else CONDITION_FAILED, and nothing is sent'),
      'if-gone': list('TEXT', nonEmpty, 'the screen does not show TEXT'),
      'if-revision': value('REV', integer, 'the screen still has this revision or content_hash'),
    },
    WAIT_TOPIC,
  ),
  ...lookOptions,
};

type ActGiven = Given<Record<never, never>, typeof actOptions> & Always;

type ActingMethod =
  | 'session.type'
  | 'session.key'
  | 'session.send'
  | 'session.paste'
  | 'session.click'
  | 'session.scroll'
  | 'session.mouse'
  | 'session.choose'
  | 'session.signal'
  | 'session.resize';

/** Sends the request of a command that acts, with what its options add, and prints the answer. */
export async function act<M extends ActingMethod>(
  method: M,
  params: Params<M>,
  given: ActGiven,
  io: Io,
  client: Client,
): Promise<number> {
  requireAnswerable(given, io, false);
  const request = { ...params, ...actParams(given) };
  const result: Acted = await client.request(method, request, { signal: io.signal });
  return printActed(result, given, io);
}

/** As act(), for a command that takes several sessions: then there is a result for each. */
export async function actOnEach<M extends ActingMethod>(
  method: M,
  params: Omit<Params<M>, 'session'>,
  given: ActGiven & GivenSelector,
  io: Io,
  client: Client,
): Promise<number> {
  const which = selectorOf(given, io);
  if (which.many) {
    requireAnswerable(given, io, true);
    return broadcast(method, which.many, { ...params, ...actParams(given) }, io, client, (answer) =>
      printAllActed(answer, given, io),
    );
  }
  // TypeScript cannot tell of a method that it does not know yet that it takes a session.
  const request = { session: which.session, ...params } as unknown as Params<M>;
  return act(method, request, given, io, client);
}

function actParams(given: ActGiven): Pick<Params<'session.key'>, 'only_if' | 'wait' | 'snapshot'> {
  const { 'if-text': text, 'if-gone': gone, 'if-revision': revision } = given;
  const isChecked = text.length > 0 || gone.length > 0 || revision !== undefined;
  return {
    only_if: isChecked ? { text: several(text), gone: several(gone), revision } : undefined,
    ...lookParams(given),
  };
}

/** What is to be waited for and looked at afterwards. */
export function lookParams(
  given: Pick<ActGiven, keyof typeof afterwardsOptions> & AnswerGiven,
): Pick<Params<'session.key'>, 'wait' | 'snapshot'> {
  return { wait: waitOf(given), snapshot: snapshotAsked(given) };
}
