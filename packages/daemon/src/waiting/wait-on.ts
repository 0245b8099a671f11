/** A wait on one session, from its conditions to the whole answer. */
import type { Result } from '@pilotty/protocol';
import { type Call, Deadline } from '../call.ts';
import type { Session } from '../session/session.ts';
import type { Anchor, Awaited } from './condition.ts';
import { ConditionSet, outcomeOf } from './condition-set.ts';
import { parsedUpTo } from './conditions.ts';
import { explainFailure } from './explain.ts';
import { waitUntil } from './wait.ts';

/** @throws RequestError INVALID_INPUT for an expression that does not compile */
export async function waitOn(
  session: Session,
  awaited: Awaited & { timeout_ms: number },
  call: Call,
  anchor: Anchor = {},
): Promise<Result<'session.wait'>> {
  const deadline = new Deadline(call, awaited.timeout_ms);
  const conditions = await ConditionSet.of(session, awaited, anchor);
  try {
    // However short the deadline, what had arrived before the question belongs to the answer.
    await waitUntil(session, parsedUpTo(session), deadline);
    const held = await waitUntil(session, () => conditions.ask(), deadline);
    const { exit } = session;
    return {
      type: 'wait_result',
      outcome: held ? outcomeOf(held, awaited) : exit ? 'exited' : 'deadline',
      holds: held !== undefined,
      ...session.reference,
      duration_ms: Math.round(deadline.elapsedMs),
      held: conditions.held,
      missing: conditions.missing,
      ...(held?.match && { match: held.match }),
      ...(conditions.held.includes('command_finished') && { command_finished: finishedIn(session) }),
      revision: session.revision,
      seq: session.parsedSeq,
      ...(!held && (await explainFailure(session, awaited, conditions.missing))),
      ...(exit && { exit }),
    };
  } finally {
    conditions.close();
    deadline.close();
  }
}

function finishedIn({ commands }: Session): Result<'session.wait'>['command_finished'] {
  const command = commands.lastFinished?.command;
  if (command === undefined) return undefined;
  const { number, commandLine, exitCode } = command;
  return { number, command: commandLine ?? null, exit_code: exitCode ?? null };
}
