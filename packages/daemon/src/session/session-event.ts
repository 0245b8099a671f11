import type { Exit } from '@pilotty/protocol';
import type { Signal } from '@pilotty/terminal';
import type { KeyboardEvent } from './keyboard.ts';
import type { QuestionEvent } from './questions.ts';
import type { KnownState } from './work-record.ts';

/**
 * What has happened to a session; emitted after the fact, in order. What the program announces with escape
 * sequences (title, bell, shell marks) is emitted once parsed, before the 'drawn' of the same piece.
 */
export type SessionEvent =
  | 'output'
  | Signal
  | 'drawn'
  | 'input'
  | 'resized'
  | Relabelling
  | KeyboardEvent
  | QuestionEvent
  | Attaching
  | Restarting
  | StateChange
  | 'exited';

type Attaching = { type: 'attached' | 'detached'; client: string; isReadOnly: boolean };
/** `exit`: how the program before had ended. */
export type Restarting =
  | { type: 'restarting'; exit: Exit; delayMs: number; inARow: number }
  | { type: 'restarted'; exit: Exit | undefined };
/** Undefined: what it was doing, or does, is not known. */
type StateChange = { type: 'work_state'; from: KnownState | undefined; to: KnownState | undefined };
type Relabelling = { type: 'renamed'; previousName: string } | { type: 'tagged' };
