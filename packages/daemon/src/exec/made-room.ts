/** Whether the next command can be run although the last one has not ended: in a shell or REPL that the last one has started. */
import type { Deadline } from '../call.ts';
import { msSince } from '../moment.ts';
import { foregroundOf } from '../processes/foreground.ts';
import { findProcess } from '../processes/process-table.ts';
import type { Session } from '../session/session.ts';
import { nextChange } from '../until.ts';
import { dialectOf } from './dialects/programs.ts';
import type { Execution } from './execution.ts';
import { promptOf } from './prompt.ts';
import { notReading } from './refusals.ts';

/** Where the last command ended, if its shell has reported that, and the number of the input that was ours. */
export interface LastShell {
  endedIn: number | undefined;
  typedSeq: number;
}

/** A shell that comes to its prompt is there by then; one that does not runs something. */
const COMING_MS = 500;
/** What input or a signal is to end has ended by then, also on a busy machine; what has not goes on. */
const EFFECT_MS = 2_000;
const LOOK_MS = 10;

/**
 * Whether the command has ended, or another program than the one that runs it reads now: one that it has started.
 * Where that may be on its way to its prompt, it is waited for; and so is a command that ends just now.
 * @throws RequestError TIMEOUT when that has not ended at the deadline
 */
export async function hasMadeRoom(
  session: Session,
  shell: LastShell,
  current: Execution,
  deadline: Deadline,
): Promise<boolean> {
  const { signal } = deadline;
  const since = performance.now();
  for (;;) {
    current.look();
    if (!current.isRunning) return true;
    // Looked for first: a shell that is at its prompt by then has left the command behind when that is looked at.
    const prompt = promptOf(session);
    if (isEnding(session, current)) {
      if (signal.aborted) throw notReading(session, deadline);
      await nextChange(session, { signal, withinMs: LOOK_MS });
      continue;
    }
    if (prompt) return current.isDisplacedBy(prompt);
    const isSurelyComing = isComingBack(session, shell, current);
    const isComing = isSurelyComing || mayMakeRoom(session, current);
    const waitedMs = performance.now() - since;
    // Who types all the time does not hold this up.
    const mayCome = (isComing && waitedMs <= COMING_MS) || (waitedMs <= EFFECT_MS && wasJustActedOn(session));
    if (!mayCome || signal.aborted) return isSurelyComing;
    await nextChange(session, { signal, withinMs: LOOK_MS });
  }
}

/** The shell that ran it has the terminal, and no part of it left. */
function isEnding({ pid }: Session, current: Execution): boolean {
  const foreground = foregroundOf(pid);
  return foreground !== undefined && current.isIn(foreground.pid) && current.isEnding;
}

function wasJustActedOn({ times, acts }: Session): boolean {
  return Math.min(times.inputIdleMs, msSince(acts.last.moment)) < EFFECT_MS;
}

/** A shell that the command has started has reported the end of a command of its own, and nothing was sent since. */
function isComingBack(session: Session, { endedIn, typedSeq }: LastShell, current: Execution): boolean {
  if (endedIn === undefined || current.isIn(endedIn) || session.acts.lastSeq !== typedSeq) return false;
  return findProcess(endedIn) !== undefined;
}

/** Nothing is in the foreground just now, or another shell than that of the command is. */
function mayMakeRoom(session: Session, current: Execution): boolean {
  const foreground = foregroundOf(session.pid);
  if (!foreground) return true;
  const dialect = dialectOf(foreground.pid);
  return dialect !== undefined && current.isDisplacedBy({ pid: foreground.pid, image: undefined, dialect });
}
