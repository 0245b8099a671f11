/** An assertion: the screen is looked at, and again each time it has changed, until it is as expected or time is up. */
import type { LookParams, ScreenState } from '@pilotty/sdk';
import { messageOf, ScreenAssertionError } from './failure.ts';
import { innerOf, type Screen } from './screen.ts';

export interface Verdict {
  isMet: boolean;
  /** Where it is not: 'not shown'. */
  problem: string;
  /** The problem is the end of the program, or came with it. */
  saysWhen?: boolean;
  detail?: readonly string[];
}

export interface Attempt {
  /** 'expect(screen).toShow("Ready")' */
  assertion: string;
  look: LookParams;
  timeoutMs: number | undefined;
  /** First until the program has processed what was sent: for what may be so only because it has not yet. */
  afterInput: boolean;
  /** Of who has called, for the failure. */
  stack: string;
  judge(screen: ScreenState): Verdict;
}

/** @throws ScreenAssertionError */
export async function attempt(screen: Screen, wanted: Attempt): Promise<ScreenState> {
  const { trace } = innerOf(screen);
  return await trace.step('assertion', wanted.assertion, () => untilMet(screen, wanted));
}

async function untilMet(screen: Screen, wanted: Attempt): Promise<ScreenState> {
  const { timeoutMs: own, processed, closing, trace } = innerOf(screen);
  const { timeoutMs = own, look, judge } = wanted;
  const began = performance.now();
  const leftMs = () => Math.max(0, Math.ceil(timeoutMs - (performance.now() - began)));
  // Not processed until the deadline: then what is seen there decides.
  if (wanted.afterInput) await processed(leftMs()).catch(() => {});
  let state = await screen.snapshot({ ...look, styles: true });
  for (;;) {
    const verdict = judge(state);
    if (verdict.isMet) return state;
    const when = endOf(state) ?? (leftMs() === 0 ? `within ${timeoutMs} ms` : undefined);
    if (when !== undefined) {
      const message = messageOf({
        assertion: wanted.assertion,
        problem: verdict.saysWhen ? verdict.problem : `${verdict.problem} ${when}`,
        detail: verdict.detail ?? [],
        screen: state,
        recent: trace.recent(RECENT),
        trace: closing.tracePath,
      });
      const { stack } = wanted;
      const error = new ScreenAssertionError(message, { screen: state, trace: closing.tracePath, stack });
      closing.failed(error);
      throw error;
    }
    const { revision } = state;
    state = await screen.snapshot({ ...look, styles: true, await_change: revision, timeout_ms: leftMs() });
  }
}

const RECENT = 8;

function endOf({ exit }: ScreenState): string | undefined {
  if (exit === undefined) return undefined;
  return `before the program ended with ${howItEnded(exit)}`;
}

/** 'exit code 3', 'SIGTERM' */
export function howItEnded({ signal, exit_code }: NonNullable<ScreenState['exit']>): string {
  return signal ?? `exit code ${exit_code}`;
}
