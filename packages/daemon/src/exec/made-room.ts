/** Whether the next command can be run although the last one has not ended: in a shell or REPL that the last one has started. */
import { foregroundOf } from '../processes/foreground.ts';
import { findProcess } from '../processes/process-table.ts';
import type { Session } from '../session/session.ts';
import { nextChange } from '../until.ts';
import { dialectOf } from './dialects/programs.ts';
import type { Execution } from './execution.ts';
import { promptOf } from './prompt.ts';

/** Where the last command ended, if its shell has reported that, and the number of the input that was ours. */
export interface LastShell {
  endedIn: number | undefined;
  typedSeq: number;
}

/** A shell that comes to its prompt is there by then; one that does not runs something. */
const COMING_MS = 500;
const LOOK_MS = 10;

/**
 * Whether the command has ended, or another program than the one that runs it reads now: one that it has started.
 * Where that may be on its way to its prompt, it is waited for.
 */
export async function hasMadeRoom(
  session: Session,
  shell: LastShell,
  current: Execution,
  signal: AbortSignal,
): Promise<boolean> {
  const since = performance.now();
  for (;;) {
    current.look();
    if (!current.isRunning) return true;
    const prompt = promptOf(session);
    if (prompt) return current.isDisplacedBy(prompt);
    const isSurelyComing = isComingBack(session, shell, current);
    const isComing = isSurelyComing || mayMakeRoom(session, current);
    if (!isComing || signal.aborted || performance.now() - since > COMING_MS) return isSurelyComing;
    await nextChange(session, { signal, withinMs: LOOK_MS });
  }
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
