/** What a condition is, and what it gets of the request and of what came before. */
import type { ParsedParams, Result } from '@pilotty/protocol';
import type { PastLines } from '@pilotty/terminal';
import type { InputMark } from '../input/input-mark.ts';
import type { Affected } from './askers.ts';
import type { Answer, Holding } from './wait.ts';

/** The conditions of one request, as the protocol has them. */
export type Awaited = Omit<ParsedParams<'session.wait'>, 'session' | 'timeout_ms'>;
/** What a wait is asked for where nothing is said. */
export const NO_CONDITION = {
  exit: false,
  prompt: false,
  reads: false,
  password: false,
  bell: false,
  command_finished: false,
  new: false,
};

export type ConditionName = Result<'session.wait'>['held'][number];

export interface Condition {
  name: ConditionName;
  ask(): Answer<Holding>;
  /** After output was drawn: whether that can have changed the answer. It always can where this is missing. */
  affected?(): Affected;
  /** Nothing of it was there when it was asked last, whether it would have counted or not; it may be where this is missing. */
  foundNothing?(): boolean;
  close?(): void;
}

/** What came before the wait, and does not count. */
export interface Anchor {
  /** Waits for what follows this input, not only for what follows the question. */
  act?: InputMark;
  /** How the screen looked before it; only where `change` asks for that. */
  hash?: number;
  /** The moment of an earlier answer, and how the screen looked at that moment where it is still known. */
  after?: number;
  look?: PastLines | undefined;
  /** Above the line of this number nothing was found since that look. */
  first?: number | undefined;
  /** Silence before this moment does not count. */
  idleFrom?: number | undefined;
}
