/** A wait on one session, from its conditions to the whole answer. */
import type { Result } from '@pilotty/protocol';
import type { Call, Until } from '../call.ts';
import type { Match } from '../search/line-search.ts';
import { matchNow } from '../search/match-now.ts';
import type { Session } from '../session/session.ts';
import { asAnswer } from '../work-state/as-answer.ts';
import type { Anchor, Awaited } from './condition.ts';
import { ConditionSet, type Held, outcomeOf } from './condition-set.ts';
import { readIsParsed } from './conditions.ts';
import { explainFailure } from './explain.ts';
import type { KeptWaits, OpenWait, Patience } from './kept-waits.ts';
import { waitUntil } from './wait.ts';
import { workStateOf } from './work-state.ts';

type Answer = Omit<Result<'session.wait'>, 'duration_ms'>;

/**
 * @param matched gets what was found, so that its place can be said again of a screen that is told later: matchNow()
 * @throws RequestError INVALID_INPUT for an expression that does not compile
 */
export async function waitOn(
  waits: KeptWaits,
  session: Session,
  awaited: Awaited & Patience,
  call: Call,
  anchor: Anchor = {},
  matched: (match: Match) => void = () => {},
): Promise<Result<'session.wait'>> {
  // Before there are conditions: they are to see all that is drawn later. After an act it may be the answer.
  if (anchor.act === undefined) session.arrived.catchUp();
  const isParsed = readIsParsed(session);
  const conditions = await ConditionSet.of(session, awaited, anchor);
  const wait = new SessionWait(session, awaited, { isParsed, conditions }, matched);
  return await waits.answer('session.wait', wait, awaited, call);
}

class SessionWait implements OpenWait<Answer> {
  readonly #session: Session;
  readonly #awaited: Awaited;
  readonly #conditions: ConditionSet;
  /** What was printed before the question belongs to the answer, however short the deadline. */
  readonly #isParsed: ReturnType<typeof readIsParsed>;
  readonly #matched: (match: Match) => void;
  #held: Held | undefined;

  constructor(
    session: Session,
    awaited: Awaited,
    { isParsed, conditions }: { isParsed: ReturnType<typeof readIsParsed>; conditions: ConditionSet },
    matched: (match: Match) => void,
  ) {
    this.#session = session;
    this.#awaited = awaited;
    this.#isParsed = isParsed;
    this.#conditions = conditions;
    this.#matched = matched;
  }

  async until(deadline: Pick<Until, 'signal'>): Promise<boolean> {
    await waitUntil(this.#session, this.#isParsed, deadline);
    this.#held = await waitUntil(
      this.#session,
      () => this.#conditions.ask(),
      deadline,
      () => this.#conditions.affected(),
    );
    return this.#held !== undefined || this.#session.isExited;
  }

  async answer(_isDecided: boolean, timeoutMs: number): Promise<Answer> {
    const session = this.#session;
    const awaited = this.#awaited;
    const held = this.#held;
    const { held: names, missing } = this.#conditions;
    const left = this.#conditions.left(awaited);
    const exit = held?.exit ?? session.exit;
    if (held?.match) this.#matched(held.match);
    return {
      type: 'wait_result',
      outcome: held ? outcomeOf(held, awaited) : exit ? 'exited' : 'deadline',
      holds: held !== undefined,
      ...session.reference,
      held: names,
      missing,
      ...(held?.match && { match: matchNow(session, held.match) }),
      ...(names.includes('command_finished') && { command_finished: finishedIn(session) }),
      ...(awaited.state !== undefined && asAnswer(workStateOf(session).known)),
      revision: session.revision,
      seq: session.parsedSeq,
      ...(!held && (await explainFailure(session, { ...left, timeout_ms: timeoutMs }, missing))),
      ...(exit && { exit }),
    };
  }

  get sessionId(): string {
    return this.#session.id;
  }

  close(): void {
    this.#conditions.close();
  }
}

function finishedIn({ commands }: Session): Result<'session.wait'>['command_finished'] {
  const command = commands.lastFinished?.command;
  if (command === undefined) return undefined;
  const { number, commandLine, exitCode } = command;
  return { number, command: commandLine ?? null, exit_code: exitCode ?? null };
}
