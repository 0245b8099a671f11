/** Finds the shell that has the keyboard of a session, once it reads from it. */
import { RequestError } from '@pilotty/protocol';
import type { Deadline } from '../call.ts';
import { foregroundOf } from '../processes/foreground.ts';
import { isReadingInput } from '../processes/process-table.ts';
import type { Session } from '../session/session.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialectOf } from './dialects/programs.ts';
import { type TypedPrompt, typedPromptOf } from './typed-prompt.ts';

export interface Prompt {
  pid: number;
  dialect: Dialect;
}

/** Nobody tells when a process begins to read: at first it may be any moment, then it takes its time. */
const LOOK_MS = 1;
const LATER_LOOK_MS = 10;
const SOON_MS = 100;
/** What a shell itself starts around its prompt (a directory's git branch) has ended by then. */
const PASSING_MS = 300;

/** The shell that reads from the terminal now. */
export function promptOf(session: Session): Prompt | undefined {
  const foreground = foregroundOf(session.pid);
  const dialect = foreground && dialectOf(foreground.pid);
  return dialect && isReadingInput(foreground.pid) ? { pid: foreground.pid, dialect } : undefined;
}

/**
 * Waits until a shell reads: one that starts, or that has just been told something, needs a moment.
 * @param isOurs nobody has typed since the last command of ours, so what runs was started by the shell itself
 * @param last where the command before was typed, if it was
 * @throws RequestError CONDITION_FAILED when something else has the keyboard, TIMEOUT at the deadline
 */
export async function awaitPrompt(
  session: Session,
  isOurs: boolean,
  last: TypedPrompt | undefined,
  deadline: Deadline,
): Promise<Prompt | TypedPrompt> {
  let inForeground: string | undefined;
  let sinceMs = 0;
  for (;;) {
    session.requireRunning();
    const prompt = promptOf(session) ?? (await typedPromptOf(session, last, isOurs));
    if (prompt) return prompt;
    if (deadline.signal.aborted) throw notReading(session, deadline);
    const now = foregroundOf(session.pid)?.argv.join('\0');
    if (now !== inForeground) sinceMs = deadline.elapsedMs;
    inForeground = now;
    if (!isOurs && deadline.elapsedMs - sinceMs > PASSING_MS) refuseOther(session);
    await nextLook(session, deadline.signal, deadline.elapsedMs < SOON_MS ? LOOK_MS : LATER_LOOK_MS);
  }
}

function refuseOther(session: Session): void {
  const foreground = foregroundOf(session.pid);
  if (!foreground || dialectOf(foreground.pid)) return;
  const what = foreground.argv.join(' ') || `process ${foreground.pid}`;
  throw new RequestError(
    'CONDITION_FAILED',
    `'${what}' has the keyboard of session '${session.name}', and exec needs a shell at its prompt`,
    {
      suggestion: `Wait until it ends, end it with 'pilotty key -s ${session.name} Ctrl+C', or use another session.`,
      details: { foreground },
    },
  );
}

function notReading(session: Session, deadline: Deadline): RequestError {
  const foreground = foregroundOf(session.pid);
  const what = foreground?.argv.join(' ') || 'the shell';
  return new RequestError(
    'TIMEOUT',
    `'${what}' in session '${session.name}' did not come to its prompt in ${Math.round(deadline.elapsedMs)} ms; the command was not begun`,
    {
      suggestion: `See what it is doing with 'pilotty snapshot -s ${session.name} --format text'.`,
      details: { foreground: foreground ?? null },
    },
  );
}

/** After the next output, or a moment. */
function nextLook(session: Session, signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      clearTimeout(timer);
      unwatch();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const timer = setTimeout(look, ms);
    const unwatch = session.watch(look);
    signal.addEventListener('abort', look);
  });
}
