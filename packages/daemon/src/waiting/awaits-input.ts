/**
 * The conditions `reads` and `password`: what the kernel knows of processes that wait for input. No event announces it,
 * so it is polled. Where one holds, what was printed before has been read from the terminal.
 */
import type { InputMark } from '../input/input-mark.ts';
import { foregroundAwaitsInput } from '../processes/awaits-input.ts';
import type { Session } from '../session/session.ts';
import { terminalUse } from '../session/terminal-use.ts';
import { affectedByScreen } from './askers.ts';
import type { Condition } from './condition.ts';
import { ASK_READER_EVERY_MS, inputTaken, printedIsDrawn } from './input-taken.ts';

const NOT_YET = {};

/** The program has taken the input and waits for more: the kernel says so. */
export function readsInput(session: Session, input: InputMark): Condition {
  const takes = inputTaken(session, input);
  let isDrawn = printedIsDrawn(session);
  return {
    name: 'reads',
    ask: () => {
      if (session.isExited) return NOT_YET;
      const isTaken = takes();
      if (!('holds' in isTaken)) return isTaken;
      if (foregroundAwaitsInput(session.pid) !== true) {
        isDrawn = printedIsDrawn(session);
        return { askAgainInMs: ASK_READER_EVERY_MS };
      }
      return isDrawn()
        ? { holds: { since: Math.max(session.times.activity, input.moment) } }
        : { askAgainInMs: ASK_READER_EVERY_MS };
    },
    affected: affectedByScreen(session),
  };
}

/** A line is read that is not shown. How the terminal is set takes a process to ask: so one at a time, now and then. */
export function asksForPassword(session: Session, input: InputMark): Condition {
  let asked: { at: number; since: number | undefined } | undefined;
  let asking: Promise<void> | undefined;
  const takes = inputTaken(session, input);
  const isDrawn = printedIsDrawn(session);
  const look = async () => {
    const { terminal } = await terminalUse(session);
    asked = { at: performance.now(), since: terminal?.password_prompt ? session.times.activity : undefined };
    asking = undefined;
  };
  return {
    name: 'password',
    ask: () => {
      if (session.isExited) return NOT_YET;
      const isTaken = takes();
      if (!('holds' in isTaken)) return isTaken;
      if (asking !== undefined) return { goOn: asking };
      if (asked?.since !== undefined)
        return isDrawn() ? { holds: { since: asked.since } } : { askAgainInMs: ASK_READER_EVERY_MS };
      const leftMs = asked ? asked.at + ASK_READER_EVERY_MS - performance.now() : 0;
      if (leftMs > 0) return { askAgainInMs: leftMs };
      asking = look();
      return { goOn: asking };
    },
  };
}
